"""Prints which lowest TLS version each of the given accounts takes now. Reads only."""

import json
import os
import sys

from azure.identity import DefaultAzureCredential
from azure.mgmt.storage import StorageManagementClient

endpoint = os.environ.get("AZURE_RESOURCE_MANAGER_URL", "https://management.azure.com")
storage = StorageManagementClient(
    DefaultAzureCredential(),
    os.environ["AZURE_SUBSCRIPTION_ID"],
    base_url=endpoint,
    credential_scopes=[f"{endpoint}/.default"],
)
for resource_id in sys.argv[1:]:
    account = storage.storage_accounts.get_properties(resource_id.split("/")[4], resource_id.split("/")[8])
    print(resource_id, "takes now", account["properties"].get("minimumTlsVersion"), "and newer")
print(json.dumps({"status": "read"}))
