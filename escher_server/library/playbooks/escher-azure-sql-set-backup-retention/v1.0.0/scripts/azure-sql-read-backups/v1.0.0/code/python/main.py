"""Prints for how many days each of the given databases keeps its backups. Reads only."""

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
    policy = sql.backup_short_term_retention_policies.get(
        resource_id.split("/")[4], resource_id.split("/")[8], resource_id.split("/")[10], "default"
    )
    days = policy["properties"].get("retentionDays")
    print(resource_id, "keeps its backups now for", days, "days")
print(json.dumps({"status": "read"}))
