"""Stops the given instances, all at once, and waits until that is done."""

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
operations = [
    compute.instances().stop(project=name.split("/")[1], zone=name.split("/")[3], instance=name.split("/")[5]).execute()
    for name in sys.argv[1:]
]
for operation in operations:
    done = (
        compute.zoneOperations()
        .wait(
            project=os.environ["CLOUDSDK_CORE_PROJECT"],
            zone=operation["zone"].split("/")[-1],
            operation=operation["name"],
        )
        .execute()
    )
    if done["status"] != "DONE" or "error" in done:
        raise SystemExit(f"{operation['targetLink']}: {done.get('error', 'not done after two minutes')}")
for name in sys.argv[1:]:
    print(name, "stopped")
print(json.dumps({"status": "stopped"}))
