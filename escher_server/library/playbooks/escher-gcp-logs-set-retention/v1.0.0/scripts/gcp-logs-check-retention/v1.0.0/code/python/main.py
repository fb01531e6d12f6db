"""Ends with 1 unless the log bucket of the third argument keeps entries for as many days as the first says. Reads only."""

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
days = logging.projects().locations().buckets().get(name=name).execute()["retentionDays"]
if days != int(sys.argv[1]):
    raise SystemExit(f"{sys.argv[3]} keeps entries for {days} days, not {sys.argv[1]}")
print(sys.argv[3], "keeps entries for", days, "days")
print(json.dumps({"status": "checked"}))
