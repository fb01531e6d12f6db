"""Gives the managed instance group of the second argument the size of the first."""

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
parts = sys.argv[2].split("/")
operation = (
    compute.instanceGroupManagers()
    .resize(project=parts[1], zone=parts[3], instanceGroupManager=parts[5], size=int(sys.argv[1]))
    .execute()
)
done = compute.zoneOperations().wait(project=parts[1], zone=parts[3], operation=operation["name"]).execute()
if done["status"] != "DONE" or "error" in done:
    raise SystemExit(f"{operation['targetLink']}: {done.get('error', 'not done after two minutes')}")
print(sys.argv[2], "->", sys.argv[1], "instances")
print(json.dumps({"status": "resized"}))
