"""Ends with 1 unless the scale set argv[3] of the group argv[2] has argv[1] machines. Reads only."""

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
count = compute.virtual_machine_scale_sets.get(sys.argv[2], sys.argv[3])["sku"]["capacity"]
if str(count) != sys.argv[1]:
    raise SystemExit(f"{sys.argv[3]} has {count} machines")
print(sys.argv[3], "has", count, "machines")
print(json.dumps({"status": "scaled"}))
