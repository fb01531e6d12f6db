"""Takes the label of the first argument off the buckets after it."""

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
    storage.buckets().patch(bucket=name, body={"labels": {sys.argv[1]: None}}).execute()
    print(f"{name}: without {sys.argv[1]}")
print(json.dumps({"status": "set"}))
