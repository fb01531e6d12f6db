"""Leaves public access to buckets to their policies again."""

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
    storage.buckets().patch(bucket=name, body={"iamConfiguration": {"publicAccessPrevention": "inherited"}}).execute()
    print(f"{name}: public access as the policies say")
print(json.dumps({"status": "inherited"}))
