"""Ends with 1 when any of the given machines is not deallocated. Reads only."""

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
    view = compute.virtual_machines.instance_view(resource_id.split("/")[4], resource_id.split("/")[8])
    codes = [status["code"] for status in view["statuses"] if status["code"].startswith("PowerState/")]
    power = codes[0]
    if power != "PowerState/deallocated":
        raise SystemExit(f"{resource_id} is {power}")
    print(f"{resource_id} is {power}")
print(json.dumps({"status": "deallocated"}))
