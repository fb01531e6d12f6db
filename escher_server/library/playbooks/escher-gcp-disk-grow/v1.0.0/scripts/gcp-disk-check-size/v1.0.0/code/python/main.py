"""Ends with 1 unless the disk of the second argument has the size of the first, in GiB. Reads only."""

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
size = compute.disks().get(project=parts[1], zone=parts[3], disk=parts[5]).execute()["sizeGb"]
if size != sys.argv[1]:
    raise SystemExit(f"{sys.argv[2]} has {size} GiB, not {sys.argv[1]}")
print(sys.argv[2], "has", size, "GiB")
print(json.dumps({"status": "checked"}))
