"""Ends with 1 unless the instance of the second argument has the label of the next two. Reads only."""

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
found = (
    compute.instances()
    .get(project=os.environ["CLOUDSDK_CORE_PROJECT"], zone=sys.argv[1], instance=sys.argv[2])
    .execute()
    .get("labels", {})
)
if found.get(sys.argv[3]) != sys.argv[4]:
    raise SystemExit(f"{sys.argv[2]} has no label {sys.argv[3]}={sys.argv[4]}: {found}")
print(f"{sys.argv[2]}: {sys.argv[3]}={sys.argv[4]}")
print(json.dumps({"status": "set"}))
