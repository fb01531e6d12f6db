"""Ends with 1 unless the second argument, a zone, has the machine type of the first. Reads only."""

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
parts = sys.argv[3].split("/")
present = compute.instances().get(project=parts[1], zone=parts[3], instance=parts[5]).execute()["machineType"]
compute.machineTypes().get(project=parts[1], zone=sys.argv[2], machineType=sys.argv[1]).execute()
print(sys.argv[3], "is", present, "now")
print(json.dumps({"status": "offered"}))
