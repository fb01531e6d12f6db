"""Ends with 1 when any of the given workspaces keeps its logs for other than argv[1] days. Reads only."""

import json
import os
import sys

from azure.identity import DefaultAzureCredential
from azure.mgmt.loganalytics import LogAnalyticsManagementClient

endpoint = os.environ.get("AZURE_RESOURCE_MANAGER_URL", "https://management.azure.com")
logs = LogAnalyticsManagementClient(
    DefaultAzureCredential(),
    os.environ["AZURE_SUBSCRIPTION_ID"],
    base_url=endpoint,
    credential_scopes=[f"{endpoint}/.default"],
)
for resource_id in sys.argv[2:]:
    found = logs.workspaces.get(resource_id.split("/")[4], resource_id.split("/")[8])["properties"]["retentionInDays"]
    if str(found).lower() != sys.argv[1]:
        raise SystemExit(f"{resource_id}: the retention in days is {found}")
    print(f"{resource_id}: as expected")
print(json.dumps({"status": "checked"}))
