"""Ends with 1 when a service account is not disabled. Reads only."""

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
    if not iam.projects().serviceAccounts().get(name=name).execute().get("disabled"):
        raise SystemExit(f"{email} is not disabled")
    print(email, "is disabled")
print(json.dumps({"status": "disabled"}))
