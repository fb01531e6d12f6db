"""Ends with 1 unless the group argv[1] has a snapshot argv[2] that is ready; argv[3] is its disk. Reads only."""

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
snapshot = compute.snapshots.get(sys.argv[1], sys.argv[2])
if snapshot["properties"]["provisioningState"] != "Succeeded":
    raise SystemExit(f"the snapshot {sys.argv[2]} is not ready")
print(sys.argv[3], "has its snapshot", sys.argv[2])
print(json.dumps({"status": "taken"}))
