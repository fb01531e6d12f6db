"""Ends with 1 when a group has another target size than the first argument says. Reads only."""

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
for name in sys.argv[2:]:
    parts = name.split("/")
    found = (
        compute.instanceGroupManagers().get(project=parts[1], zone=parts[3], instanceGroupManager=parts[5]).execute()
    )
    if found["targetSize"] != int(sys.argv[1]):
        raise SystemExit(f"{name} has {found['targetSize']} instances, not {sys.argv[1]}")
    print(name, "has", sys.argv[1], "instances")
print(json.dumps({"status": "checked"}))
