"""Protects Cloud SQL instances against deletion, and waits until that is done."""

import json
import os
import sys
import time

from google.oauth2.credentials import Credentials
from googleapiclient.discovery import build

sqladmin = build(
    "sqladmin",
    "v1",
    credentials=Credentials(os.environ["CLOUDSDK_AUTH_ACCESS_TOKEN"]),
    client_options={"api_endpoint": os.environ.get("CLOUDSDK_API_ENDPOINT_OVERRIDES_SQL")},
)
project = os.environ["CLOUDSDK_CORE_PROJECT"]
for name in sys.argv[1:]:
    operation = (
        sqladmin.instances()
        .patch(project=project, instance=name, body={"settings": {"deletionProtectionEnabled": True}})
        .execute()
    )
    finished = any(
        sqladmin.operations().get(project=project, operation=operation["name"]).execute()["status"] == "DONE"
        or time.sleep(5)
        for turn in range(100)
    )
    if not finished:
        raise SystemExit(f"{name} is still being changed")
    print(f"{name}: deletion protection on")
print(json.dumps({"status": "set"}))
