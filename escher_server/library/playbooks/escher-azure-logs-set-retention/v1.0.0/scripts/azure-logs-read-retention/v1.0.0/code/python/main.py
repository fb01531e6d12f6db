"""Prints for how many days each of the given workspaces keeps its logs. Reads only."""

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
for resource_id in sys.argv[1:]:
    found = logs.workspaces.get(resource_id.split("/")[4], resource_id.split("/")[8])["properties"]["retentionInDays"]
    print(f"{resource_id}: the retention in days is now {found}")
print(json.dumps({"status": "read"}))
