"""Turns purge protection of the vault argv[2] in the group argv[1] on, for good."""

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
keyvault.vaults.update(sys.argv[1], sys.argv[2], {"properties": {"enablePurgeProtection": True}})
print(sys.argv[2], "-> purge protection on")
print(json.dumps({"status": "protected"}))
