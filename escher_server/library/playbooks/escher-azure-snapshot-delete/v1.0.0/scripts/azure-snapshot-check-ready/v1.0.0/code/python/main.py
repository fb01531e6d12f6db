"""Ends with 1 when any of the given snapshots is in use. Reads only."""

import json
import os
import sys

from azure.identity import DefaultAzureCredential
from azure.mgmt.compute import ComputeManagementClient

endpoint = os.environ.get("AZURE_RESOURCE_MANAGER_URL", "https://management.azure.com")
compute = ComputeManagementClient(
    DefaultAzureCredential(),
    os.environ["AZURE_SUBSCRIPTION_ID"],
    base_url=endpoint,
    credential_scopes=[f"{endpoint}/.default"],
)
for resource_id in sys.argv[1:]:
    found = compute.snapshots.get(resource_id.split("/")[4], resource_id.split("/")[8])["properties"]["diskState"]
    if str(found) != "Unattached":
        raise SystemExit(f"{resource_id}: the state is {found}")
    print(f"{resource_id}: as expected")
print(json.dumps({"status": "ready"}))
