"""Switches deletion protection off for each given instance."""

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
    operation = (
        compute.instances()
        .setDeletionProtection(project=parts[1], zone=parts[3], resource=parts[5], deletionProtection=False)
        .execute()
    )
    done = compute.zoneOperations().wait(project=parts[1], zone=parts[3], operation=operation["name"]).execute()
    if done["status"] != "DONE" or "error" in done:
        raise SystemExit(f"{operation['targetLink']}: {done.get('error', 'not done after two minutes')}")
    print(name, "deletion protection off")
print(json.dumps({"status": "unprotected"}))
