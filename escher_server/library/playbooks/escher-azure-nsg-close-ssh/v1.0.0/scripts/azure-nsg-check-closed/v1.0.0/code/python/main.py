"""Ends with 1 while the group argv[1] still has the rule argv[2]. Reads only."""

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
group = network.network_security_groups.get(parts[4], parts[8])
if parts[10].lower() in [rule["name"].lower() for rule in group["properties"].get("securityRules") or []]:
    raise SystemExit(f"{sys.argv[2]} is still there")
print(sys.argv[2], "is gone")
print(json.dumps({"status": "closed"}))
