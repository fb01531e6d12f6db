"""Ends with 1 unless the snapshot of the first argument is ready. Reads only."""

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
found = compute.snapshots().get(project=os.environ["CLOUDSDK_CORE_PROJECT"], snapshot=sys.argv[1]).execute()
if found["status"] != "READY":
    raise SystemExit(f"{sys.argv[1]} is {found['status']}")
print(sys.argv[1], "is", found["status"])
print(json.dumps({"status": "ready"}))
