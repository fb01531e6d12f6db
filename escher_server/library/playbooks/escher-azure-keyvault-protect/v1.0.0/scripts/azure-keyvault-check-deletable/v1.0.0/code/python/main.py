"""Ends with 1 when purge protection of the vault argv[2] in the group argv[1] is on already. Reads only."""

import json
import os
import sys

from azure.identity import DefaultAzureCredential
from azure.mgmt.keyvault import KeyVaultManagementClient

endpoint = os.environ.get("AZURE_RESOURCE_MANAGER_URL", "https://management.azure.com")
keyvault = KeyVaultManagementClient(
    DefaultAzureCredential(),
    os.environ["AZURE_SUBSCRIPTION_ID"],
    base_url=endpoint,
    credential_scopes=[f"{endpoint}/.default"],
)
if keyvault.vaults.get(sys.argv[1], sys.argv[2])["properties"].get("enablePurgeProtection"):
    raise SystemExit(f"purge protection of {sys.argv[2]} is on already")
print("purge protection of", sys.argv[2], "is off")
print(json.dumps({"status": "unprotected"}))
