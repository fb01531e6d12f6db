"""Takes a snapshot of the disk of the first argument under the name of the second."""

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
parts = sys.argv[1].split("/")
operation = (
    compute.disks().createSnapshot(project=parts[1], zone=parts[3], disk=parts[5], body={"name": sys.argv[2]}).execute()
)
done = compute.zoneOperations().wait(project=parts[1], zone=parts[3], operation=operation["name"]).execute()
if done["status"] != "DONE" or "error" in done:
    raise SystemExit(f"{operation['targetLink']}: {done.get('error', 'not done after two minutes')}")
print(sys.argv[1], "->", sys.argv[2])
print(json.dumps({"status": "taken"}))
