"""Gives the machine argv[2] the size argv[1], and waits until that is done."""

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
parts = sys.argv[2].split("/")
body = {"properties": {"hardwareProfile": {"vmSize": sys.argv[1]}}}
compute.virtual_machines.begin_update(parts[4], parts[8], body).result()
print(sys.argv[2], "->", sys.argv[1])
print(json.dumps({"status": "resized"}))
