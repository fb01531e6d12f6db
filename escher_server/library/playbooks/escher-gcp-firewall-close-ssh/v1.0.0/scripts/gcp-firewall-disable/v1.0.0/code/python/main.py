"""Switches the given firewall rules off; nothing else of them changes."""

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
project = os.environ["CLOUDSDK_CORE_PROJECT"]
for name in sys.argv[1:]:
    operation = compute.firewalls().patch(project=project, firewall=name, body={"disabled": True}).execute()
    done = compute.globalOperations().wait(project=project, operation=operation["name"]).execute()
    if done["status"] != "DONE" or "error" in done:
        raise SystemExit(f"{operation['targetLink']}: {done.get('error', 'not done after two minutes')}")
    print(name, "is off")
print(json.dumps({"status": "disabled"}))
