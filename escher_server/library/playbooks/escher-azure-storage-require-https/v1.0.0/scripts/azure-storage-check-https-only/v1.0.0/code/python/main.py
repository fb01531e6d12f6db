"""Ends with 1 when any of the given accounts has the setting for HTTPS only other than argv[1]. Reads only."""

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
for resource_id in sys.argv[2:]:
    found = storage.storage_accounts.get_properties(resource_id.split("/")[4], resource_id.split("/")[8])[
        "properties"
    ].get("supportsHttpsTrafficOnly")
    if str(found).lower() != sys.argv[1]:
        raise SystemExit(f"{resource_id}: the setting for HTTPS only is {found}")
    print(f"{resource_id}: as expected")
print(json.dumps({"status": "checked"}))
