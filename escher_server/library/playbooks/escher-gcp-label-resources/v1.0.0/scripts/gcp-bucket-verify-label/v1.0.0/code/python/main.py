"""Ends with 1 when a bucket does not have the label of the first two arguments. Reads only."""

import json
import os
import sys

from google.oauth2.credentials import Credentials
from googleapiclient.discovery import build

storage = build(
    "storage",
    "v1",
    credentials=Credentials(os.environ["CLOUDSDK_AUTH_ACCESS_TOKEN"]),
    client_options={"api_endpoint": os.environ.get("CLOUDSDK_API_ENDPOINT_OVERRIDES_STORAGE")},
)
for name in sys.argv[3:]:
    found = storage.buckets().get(bucket=name, projection="noAcl").execute().get("labels", {})
    if found.get(sys.argv[1]) != sys.argv[2]:
        raise SystemExit(f"{name} has no label {sys.argv[1]}={sys.argv[2]}: {found}")
    print(f"{name}: {sys.argv[1]}={sys.argv[2]}")
print(json.dumps({"status": "set"}))
