"""Enables the given service accounts; their keys and roles stay."""

import json
import os
import sys

from google.oauth2.credentials import Credentials
from googleapiclient.discovery import build

iam = build(
    "iam",
    "v1",
    credentials=Credentials(os.environ["CLOUDSDK_AUTH_ACCESS_TOKEN"]),
    client_options={"api_endpoint": os.environ.get("CLOUDSDK_API_ENDPOINT_OVERRIDES_IAM")},
)
for email in sys.argv[1:]:
    name = f"projects/{os.environ['CLOUDSDK_CORE_PROJECT']}/serviceAccounts/{email}"
    iam.projects().serviceAccounts().enable(name=name, body={}).execute()
    print(email, "enabled")
print(json.dumps({"status": "enabled"}))
