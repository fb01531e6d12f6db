"""Takes the label of the second argument off the instance of the first."""

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
parts = sys.argv[1].split("/")
given = json.loads(sys.argv[-1])
known = given["labels"]
found = compute.instances().get(project=parts[1], zone=parts[3], instance=parts[5]).execute()
if found.get("labels", {}) not in (known, {**known, **given["planned"]}):
    raise SystemExit(f"{sys.argv[1]} has other labels than the plan knows of: {found.get('labels')}")
operation = (
    compute.instances()
    .setLabels(
        project=parts[1],
        zone=parts[3],
        instance=parts[5],
        body={"labels": known, "labelFingerprint": found["labelFingerprint"]},
    )
    .execute()
)
done = compute.zoneOperations().wait(project=parts[1], zone=parts[3], operation=operation["name"]).execute()
if done["status"] != "DONE" or "error" in done:
    raise SystemExit(f"{operation['targetLink']}: {done.get('error', 'not done after two minutes')}")
print(f"{sys.argv[1]}: without {sys.argv[2]}")
print(json.dumps({"status": "set"}))
