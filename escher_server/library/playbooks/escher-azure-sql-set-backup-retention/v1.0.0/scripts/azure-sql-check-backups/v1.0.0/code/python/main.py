"""Ends with 1 when any of the given databases keeps its backups for other than argv[1] days. Reads only."""

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
    policy = sql.backup_short_term_retention_policies.get(
        resource_id.split("/")[4], resource_id.split("/")[8], resource_id.split("/")[10], "default"
    )
    days = policy["properties"].get("retentionDays")
    if str(days) != sys.argv[1]:
        raise SystemExit(f"{resource_id} keeps its backups for {days} days")
    print(resource_id, "keeps its backups for", days, "days")
print(json.dumps({"status": "checked"}))
