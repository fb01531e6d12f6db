"""Gives the scale set argv[3] of the group argv[2], whose machines have the size argv[4], argv[1] machines."""

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
body = {"sku": {"name": sys.argv[4], "capacity": int(sys.argv[1])}}
compute.virtual_machine_scale_sets.begin_update(sys.argv[2], sys.argv[3], body).result()
print(f"{sys.argv[3]} ({sys.argv[4]}) -> {sys.argv[1]} machines")
print(json.dumps({"status": "scaled"}))
