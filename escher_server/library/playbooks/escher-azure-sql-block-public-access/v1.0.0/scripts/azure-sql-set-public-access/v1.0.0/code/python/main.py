"""Opens (true) the public endpoint of the given servers or closes it (false), as argv[1] says."""

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
body = {"properties": {"publicNetworkAccess": "Enabled" if sys.argv[1] == "true" else "Disabled"}}
for resource_id in sys.argv[2:]:
    sql.servers.begin_update(resource_id.split("/")[4], resource_id.split("/")[8], body).result()
    print(resource_id, "->", sys.argv[1])
print(json.dumps({"status": "set"}))
