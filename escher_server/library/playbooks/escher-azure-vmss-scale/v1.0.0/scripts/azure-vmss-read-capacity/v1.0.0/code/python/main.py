"""Prints how many machines the scale set argv[2] of the group argv[1] has. Reads only."""

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
scale_set = compute.virtual_machine_scale_sets.get(sys.argv[1], sys.argv[2])
print(sys.argv[2], "has now", scale_set["sku"]["capacity"], "machines")
print(json.dumps({"status": "read"}))
