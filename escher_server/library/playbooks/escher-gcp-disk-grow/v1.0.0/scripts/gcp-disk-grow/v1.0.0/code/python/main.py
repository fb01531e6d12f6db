"""Makes the disk of the second argument as large as the first says, in GiB."""

import json
import os
import sys

from google.oauth2.credentials import Credentials
from googleapiclient.discovery import build

compute = build(
    "compute",
    "v1",
    credentials=Credentials(os.environ["CLOUDSDK_AUTH_ACCESS_TOKEN"]),
    client_options={"api_endpoint": os.environ.get("CLOUDSDK_API_ENDPOINT_OVERRIDES_COMPUTE")},
)
parts = sys.argv[2].split("/")
operation = (
    compute.disks().resize(project=parts[1], zone=parts[3], disk=parts[5], body={"sizeGb": sys.argv[1]}).execute()
)
done = compute.zoneOperations().wait(project=parts[1], zone=parts[3], operation=operation["name"]).execute()
if done["status"] != "DONE" or "error" in done:
    raise SystemExit(f"{operation['targetLink']}: {done.get('error', 'not done after two minutes')}")
print(sys.argv[2], "->", sys.argv[1], "GiB")
print(json.dumps({"status": "grown"}))
