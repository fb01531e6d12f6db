"""Ends with 1 when an instance has another machine type than the first argument says. Reads only."""

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
    found = compute.instances().get(project=parts[1], zone=parts[3], instance=parts[5]).execute()["machineType"]
    if found.split("/")[-1] != sys.argv[1]:
        raise SystemExit(f"{name} is {found}, not {sys.argv[1]}")
    print(name, "is", sys.argv[1])
print(json.dumps({"status": "checked"}))
