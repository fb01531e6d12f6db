"""Ends with 1 while the disk argv[2] is still in the group argv[1]. Reads only."""

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
there = [one["name"].lower() for one in compute.disks.list_by_resource_group(sys.argv[1])]
if sys.argv[2].split("/")[8] in there:
    raise SystemExit(f"{sys.argv[2]} is still there")
print(sys.argv[2], "is gone")
print(json.dumps({"status": "gone"}))
