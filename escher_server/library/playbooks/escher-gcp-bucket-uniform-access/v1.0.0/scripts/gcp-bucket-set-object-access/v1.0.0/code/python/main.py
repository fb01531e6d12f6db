"""Lets lists of single objects decide on access to buckets again."""

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
for name in sys.argv[1:]:
    storage.buckets().patch(
        bucket=name, body={"iamConfiguration": {"uniformBucketLevelAccess": {"enabled": False}}}
    ).execute()
    print(f"{name}: uniform access off")
print(json.dumps({"status": "mixed"}))
