"""Allows (true) or forbids (false), as argv[1] says, that containers of the given accounts are open to anybody."""

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
body = {"properties": {"allowBlobPublicAccess": sys.argv[1] == "true"}}
for resource_id in sys.argv[2:]:
    storage.storage_accounts.update(resource_id.split("/")[4], resource_id.split("/")[8], body)
    print(resource_id, "->", sys.argv[1])
print(json.dumps({"status": "set"}))
