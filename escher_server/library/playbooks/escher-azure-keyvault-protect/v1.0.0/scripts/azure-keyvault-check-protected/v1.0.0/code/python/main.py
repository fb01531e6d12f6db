"""Ends with 1 unless purge protection of the vault argv[2] in the group argv[1] is on. Reads only."""

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
found = keyvault.vaults.get(sys.argv[1], sys.argv[2])["properties"].get("enablePurgeProtection")
if not found:
    raise SystemExit(f"{sys.argv[2]}: purge protection is {found}")
print(sys.argv[2], "is as expected")
print(json.dumps({"status": "protected"}))
