"""Prints the size of each given disk; ends with 1 when one is not there. Reads only."""

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
for name in sys.argv[1:]:
    parts = name.split("/")
    size = compute.disks().get(project=parts[1], zone=parts[3], disk=parts[5]).execute()["sizeGb"]
    print(name, "has", size, "GiB")
print(json.dumps({"status": "read"}))
