"""Prints which size each of the given machines has. Reads only."""

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
    machine = compute.virtual_machines.get(resource_id.split("/")[4], resource_id.split("/")[8])
    print(resource_id, "has now", machine["properties"]["hardwareProfile"]["vmSize"])
print(json.dumps({"status": "read"}))
