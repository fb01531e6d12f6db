"""Ends with 1 when any of the given servers has another lowest TLS version than argv[1]. Reads only."""

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
for resource_id in sys.argv[2:]:
    found = sql.servers.get(resource_id.split("/")[4], resource_id.split("/")[8])["properties"].get("minimalTlsVersion")
    if str(found) != sys.argv[1]:
        raise SystemExit(f"{resource_id}: the lowest TLS version is {found}")
    print(f"{resource_id}: as expected")
print(json.dumps({"status": "checked"}))
