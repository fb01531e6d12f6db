"""Ends with 1 when one of the given regional addresses is in use. Reads only."""

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
    status = compute.addresses().get(project=parts[1], region=parts[3], address=parts[5]).execute()["status"]
    if status != "RESERVED":
        raise SystemExit(f"{name} is {status}")
    print(name, "is used by nothing")
print(json.dumps({"status": "unused"}))
