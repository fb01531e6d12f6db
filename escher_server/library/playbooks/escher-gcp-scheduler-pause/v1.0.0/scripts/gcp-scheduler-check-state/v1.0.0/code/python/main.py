"""Ends with 1 unless the job of the third argument has the state of the first. Reads only."""

import json
import os
import sys

from google.oauth2.credentials import Credentials
from googleapiclient.discovery import build

scheduler = build(
    "cloudscheduler",
    "v1",
    credentials=Credentials(os.environ["CLOUDSDK_AUTH_ACCESS_TOKEN"]),
    client_options={"api_endpoint": os.environ.get("CLOUDSDK_API_ENDPOINT_OVERRIDES_CLOUDSCHEDULER")},
)
name = f"projects/{os.environ['CLOUDSDK_CORE_PROJECT']}/locations/{sys.argv[2]}/jobs/{sys.argv[3]}"
state = scheduler.projects().locations().jobs().get(name=name).execute()["state"]
if state != sys.argv[1]:
    raise SystemExit(f"{sys.argv[3]} is {state}, not {sys.argv[1]}")
print(sys.argv[3], "is", state)
print(json.dumps({"status": "checked"}))
