"""Sets for how many days, argv[1], the given databases keep their backups."""

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
body = {"properties": {"retentionDays": int(sys.argv[1])}}
for resource_id in sys.argv[2:]:
    sql.backup_short_term_retention_policies.begin_create_or_update(
        resource_id.split("/")[4], resource_id.split("/")[8], resource_id.split("/")[10], "default", body
    ).result()
    print(resource_id, "->", sys.argv[1], "days")
print(json.dumps({"status": "set"}))
