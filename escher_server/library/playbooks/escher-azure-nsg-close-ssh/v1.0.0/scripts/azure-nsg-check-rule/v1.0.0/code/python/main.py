"""Ends with 1 unless the rule argv[2] still allows incoming traffic at exactly the port argv[1]. Reads only."""

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
parts = sys.argv[2].split("/")
rule = network.security_rules.get(parts[4], parts[8], parts[10])["properties"]
found = f"{rule['access']} {rule['direction']} {rule['destinationPortRange']}"
if found != f"Allow Inbound {sys.argv[1]}":
    raise SystemExit(f"{sys.argv[2]} is now: {found}")
print(sys.argv[2], "is open at", sys.argv[1])
print(json.dumps({"status": "open"}))
