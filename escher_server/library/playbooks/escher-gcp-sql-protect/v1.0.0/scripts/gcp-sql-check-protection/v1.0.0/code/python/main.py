"""Ends with 1 when the deletion protection of an instance is not the first argument, on or off. Reads only."""

import json
import os
import sys

from google.oauth2.credentials import Credentials
from googleapiclient.discovery import build

sqladmin = build(
    "sqladmin",
    "v1",
    credentials=Credentials(os.environ["CLOUDSDK_AUTH_ACCESS_TOKEN"]),
    client_options={"api_endpoint": os.environ.get("CLOUDSDK_API_ENDPOINT_OVERRIDES_SQL")},
)
for name in sys.argv[2:]:
    settings = (
        sqladmin.instances().get(project=os.environ["CLOUDSDK_CORE_PROJECT"], instance=name).execute()["settings"]
    )
    found = "on" if settings.get("deletionProtectionEnabled") else "off"
    if found != sys.argv[1]:
        raise SystemExit(f"{name}: {found}, not {sys.argv[1]}")
    print(f"{name}: {found}")
print(json.dumps({"status": "checked"}))
