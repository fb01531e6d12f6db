"""Ends with 1 when any of the given machines does not have the size argv[1]. Reads only."""

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
for resource_id in sys.argv[2:]:
    found = compute.virtual_machines.get(resource_id.split("/")[4], resource_id.split("/")[8])["properties"][
        "hardwareProfile"
    ]["vmSize"]
    if str(found) != sys.argv[1]:
        raise SystemExit(f"{resource_id}: the size is {found}")
    print(f"{resource_id}: as expected")
print(json.dumps({"status": "resized"}))
