"""Ends with 1 when an instance uses one of the given disks. Reads only."""

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
    found = compute.disks().get(project=parts[1], zone=parts[3], disk=parts[5]).execute()
    if found.get("users"):
        raise SystemExit(f"{name} is used by {found['users']}")
    print(name, "is used by nothing")
print(json.dumps({"status": "unattached"}))
