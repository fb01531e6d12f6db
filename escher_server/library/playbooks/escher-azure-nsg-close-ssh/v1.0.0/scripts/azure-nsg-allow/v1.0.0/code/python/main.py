"""Gives the group argv[2] in argv[1] the rule argv[3]: priority argv[4], protocol argv[5], source argv[6]."""

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
rule = {
    "access": "Allow",
    "direction": "Inbound",
    "priority": int(sys.argv[4]),
    "protocol": "*" if sys.argv[5] == "any" else sys.argv[5],
    "sourceAddressPrefix": "*" if sys.argv[6] == "any" else sys.argv[6],
    "sourcePortRange": "*",
    "destinationAddressPrefix": "*",
    "destinationPortRange": sys.argv[7],
}
network.security_rules.begin_create_or_update(sys.argv[1], sys.argv[2], sys.argv[3], {"properties": rule}).result()
print(sys.argv[2], "-> rule", sys.argv[3], "given back")
print(json.dumps({"status": "open"}))
