"""Prints which lowest TLS version each of the given servers takes. Reads only."""

import json
import os
import sys

from azure.identity import DefaultAzureCredential
from azure.mgmt.sql import SqlManagementClient

endpoint = os.environ.get("AZURE_RESOURCE_MANAGER_URL", "https://management.azure.com")
sql = SqlManagementClient(
    DefaultAzureCredential(),
    os.environ["AZURE_SUBSCRIPTION_ID"],
    base_url=endpoint,
    credential_scopes=[f"{endpoint}/.default"],
)
for resource_id in sys.argv[1:]:
    found = sql.servers.get(resource_id.split("/")[4], resource_id.split("/")[8])["properties"].get("minimalTlsVersion")
    print(f"{resource_id}: the lowest TLS version is now {found}")
print(json.dumps({"status": "read"}))
