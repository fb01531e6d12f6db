"""Ends with 1 while one of the given snapshots is still there. Reads only."""

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
    found = (
        compute.snapshots()
        .list(project=os.environ["CLOUDSDK_CORE_PROJECT"], filter=f'name = "{name}"', maxResults=1)
        .execute()
    )
    if found.get("items"):
        raise SystemExit(f"{name} is still there")
    print(name, "is gone")
print(json.dumps({"status": "gone"}))
