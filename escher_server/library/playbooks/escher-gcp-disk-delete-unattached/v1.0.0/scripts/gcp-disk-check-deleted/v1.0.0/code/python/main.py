"""Ends with 1 while the zone of the first argument has the disk of the second. Reads only."""

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
found = (
    compute.disks()
    .list(project=os.environ["CLOUDSDK_CORE_PROJECT"], zone=sys.argv[1], filter=f'name = "{sys.argv[2]}"', maxResults=1)
    .execute()
)
if found.get("items"):
    raise SystemExit(f"{sys.argv[2]} is still there")
print(sys.argv[2], "is gone")
print(json.dumps({"status": "gone"}))
