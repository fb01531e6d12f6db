"""Ends with 1 when anything uses one of the given addresses. Reads only."""

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
for resource_id in sys.argv[1:]:
    found = network.public_ip_addresses.get(resource_id.split("/")[4], resource_id.split("/")[8])["properties"]
    found = found.get("ipConfiguration") or found.get("natGateway")
    if found:
        raise SystemExit(f"{resource_id}: its user is {found}")
    print(f"{resource_id}: as expected")
print(json.dumps({"status": "unused"}))
