"""Ends with 1 when an instance has another status than the first argument says. Reads only."""

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
    status = compute.instances().get(project=parts[1], zone=parts[3], instance=parts[5]).execute()["status"]
    if status != sys.argv[1]:
        raise SystemExit(f"{name} is {status}, not {sys.argv[1]}")
    print(name, "is", status)
print(json.dumps({"status": "checked"}))
