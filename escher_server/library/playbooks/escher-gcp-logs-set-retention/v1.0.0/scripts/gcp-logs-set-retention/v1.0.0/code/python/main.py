"""Lets the log bucket of the third argument keep entries for as many days as the first says."""

import json
import os
import sys

from google.oauth2.credentials import Credentials
from googleapiclient.discovery import build

logging = build(
    "logging",
    "v2",
    credentials=Credentials(os.environ["CLOUDSDK_AUTH_ACCESS_TOKEN"]),
    client_options={"api_endpoint": os.environ.get("CLOUDSDK_API_ENDPOINT_OVERRIDES_LOGGING")},
)
name = f"projects/{os.environ['CLOUDSDK_CORE_PROJECT']}/locations/{sys.argv[2]}/buckets/{sys.argv[3]}"
logging.projects().locations().buckets().patch(
    name=name, updateMask="retentionDays", body={"retentionDays": int(sys.argv[1])}
).execute()
print(sys.argv[3], "->", sys.argv[1], "days")
print(json.dumps({"status": "set"}))
