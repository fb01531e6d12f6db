"""Ends with 1 when the uniform access of a bucket is not the first argument, on or off. Reads only."""

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
for name in sys.argv[2:]:
    bucket = storage.buckets().get(bucket=name, projection="noAcl").execute()
    found = "on" if bucket["iamConfiguration"].get("uniformBucketLevelAccess", {}).get("enabled") else "off"
    if found != sys.argv[1]:
        raise SystemExit(f"{name}: {found}, not {sys.argv[1]}")
    print(f"{name}: {found}")
print(json.dumps({"status": "checked"}))
