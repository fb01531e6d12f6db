"""Gives the given addresses back to Azure. It refuses one that is in use."""

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
pollers = [
    network.public_ip_addresses.begin_delete(resource_id.split("/")[4], resource_id.split("/")[8])
    for resource_id in sys.argv[1:]
]
for poller in pollers:
    poller.result()
for resource_id in sys.argv[1:]:
    print(resource_id, "deleted")
print(json.dumps({"status": "deleted"}))
