"""Prints the labels of the disk of the first argument, which must be there. Reads only."""

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
found = compute.disks().get(project=parts[1], zone=parts[3], disk=parts[5]).execute().get("labels", {})
if found != json.loads(sys.argv[2])["labels"]:
    raise SystemExit(f"{sys.argv[1]} has other labels than when the plan was made: {found}")
print(f"{sys.argv[1]}: {found}")
print(json.dumps({"status": "read"}))
