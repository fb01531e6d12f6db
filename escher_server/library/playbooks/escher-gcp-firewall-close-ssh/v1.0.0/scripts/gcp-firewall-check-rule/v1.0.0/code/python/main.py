"""Ends with 1 unless the rule of the second argument is on and allows exactly the port of the first. Reads only."""

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
found = compute.firewalls().get(project=os.environ["CLOUDSDK_CORE_PROJECT"], firewall=sys.argv[2]).execute()
if found["disabled"] or [rule.get("ports") for rule in found.get("allowed")] != [[sys.argv[1]]]:
    raise SystemExit(f"{sys.argv[2]} is not as it was: {json.dumps(found)}")
print(sys.argv[2], "is open at", sys.argv[1])
print(json.dumps({"status": "open"}))
