"""Resumes the job of the second argument in the location of the first."""

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
name = f"projects/{os.environ['CLOUDSDK_CORE_PROJECT']}/locations/{sys.argv[1]}/jobs/{sys.argv[2]}"
scheduler.projects().locations().jobs().resume(name=name, body={}).execute()
print(sys.argv[2], "resumed")
print(json.dumps({"status": "resumed"}))
