"""Ends with 1 when one of the given firewall rules is on. Reads only."""

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
    found = compute.firewalls().get(project=os.environ["CLOUDSDK_CORE_PROJECT"], firewall=name).execute()
    if not found["disabled"]:
        raise SystemExit(f"{name} is on")
    print(name, "is off")
print(json.dumps({"status": "disabled"}))
