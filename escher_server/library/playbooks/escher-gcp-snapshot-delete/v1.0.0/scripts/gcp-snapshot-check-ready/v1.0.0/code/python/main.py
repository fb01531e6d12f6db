"""Ends with 1 when a snapshot is not there or not ready. Reads only."""

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
    found = compute.snapshots().get(project=os.environ["CLOUDSDK_CORE_PROJECT"], snapshot=name).execute()
    if found["status"] != "READY":
        raise SystemExit(f"{name} is {found['status']}")
    print(name, "is", found["status"])
print(json.dumps({"status": "ready"}))
