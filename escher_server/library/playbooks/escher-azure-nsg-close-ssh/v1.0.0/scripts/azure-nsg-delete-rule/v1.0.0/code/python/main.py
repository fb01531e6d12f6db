"""Deletes the rule argv[1] of its network security group."""

import json
import os
import sys

from azure.identity import DefaultAzureCredential
from azure.mgmt.network import NetworkManagementClient

endpoint = os.environ.get("AZURE_RESOURCE_MANAGER_URL", "https://management.azure.com")
network = NetworkManagementClient(
    DefaultAzureCredential(),
    os.environ["AZURE_SUBSCRIPTION_ID"],
    base_url=endpoint,
    credential_scopes=[f"{endpoint}/.default"],
)
parts = sys.argv[1].split("/")
network.security_rules.begin_delete(parts[4], parts[8], parts[10]).result()
print(sys.argv[1], "deleted")
print(json.dumps({"status": "closed"}))
