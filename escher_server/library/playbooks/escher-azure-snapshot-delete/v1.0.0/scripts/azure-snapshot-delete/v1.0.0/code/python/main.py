"""Deletes the given snapshots for good."""

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
pollers = [
    compute.snapshots.begin_delete(resource_id.split("/")[4], resource_id.split("/")[8]) for resource_id in sys.argv[1:]
]
for poller in pollers:
    poller.result()
for resource_id in sys.argv[1:]:
    print(resource_id, "deleted")
print(json.dumps({"status": "deleted"}))
