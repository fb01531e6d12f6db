"""Ends with 1 when a Cloud SQL instance does not run. Reads only."""

import json
import os
import sys

from google.oauth2.credentials import Credentials
from googleapiclient.discovery import build

sqladmin = build(
    "sqladmin",
    "v1",
    credentials=Credentials(os.environ["CLOUDSDK_AUTH_ACCESS_TOKEN"]),
    client_options={"api_endpoint": os.environ.get("CLOUDSDK_API_ENDPOINT_OVERRIDES_SQL")},
)
for name in sys.argv[1:]:
    found = sqladmin.instances().get(project=os.environ["CLOUDSDK_CORE_PROJECT"], instance=name).execute()
    if found["state"] != "RUNNABLE" or found["settings"]["activationPolicy"] != "ALWAYS":
        raise SystemExit(f"{name} is {found['state']} {found['settings']['activationPolicy']}")
    print(name, "runs")
print(json.dumps({"status": "running"}))
