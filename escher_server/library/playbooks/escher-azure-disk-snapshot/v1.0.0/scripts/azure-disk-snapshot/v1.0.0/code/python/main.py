"""Takes a snapshot argv[4] of the disk argv[1] in the group argv[2] at argv[3]; argv[5] is the plan."""

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
source = {"createOption": "Copy", "sourceResourceId": sys.argv[1]}
body = {
    "location": sys.argv[3],
    "tags": {"escher-plan": sys.argv[5]},
    "properties": {"creationData": source, "incremental": True},
}
compute.snapshots.begin_create_or_update(sys.argv[2], sys.argv[4], body).result()
print(sys.argv[1], "->", sys.argv[4])
print(json.dumps({"status": "taken"}))
