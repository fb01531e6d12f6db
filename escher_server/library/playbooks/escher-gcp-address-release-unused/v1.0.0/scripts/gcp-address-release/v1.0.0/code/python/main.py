"""Releases the given regional addresses and waits until that is done."""

import json
import os
import sys

from google.oauth2.credentials import Credentials
from googleapiclient.discovery import build

compute = build(
    "compute",
    "v1",
    credentials=Credentials(os.environ["CLOUDSDK_AUTH_ACCESS_TOKEN"]),
    client_options={"api_endpoint": os.environ.get("CLOUDSDK_API_ENDPOINT_OVERRIDES_COMPUTE")},
)
for name in sys.argv[1:]:
    parts = name.split("/")
    operation = compute.addresses().delete(project=parts[1], region=parts[3], address=parts[5]).execute()
    done = compute.regionOperations().wait(project=parts[1], region=parts[3], operation=operation["name"]).execute()
    if done["status"] != "DONE" or "error" in done:
        raise SystemExit(f"{operation['targetLink']}: {done.get('error', 'not done after two minutes')}")
    print(name, "released")
print(json.dumps({"status": "released"}))
