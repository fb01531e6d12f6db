"""Sets for how many days, argv[1], the given workspaces keep their logs."""

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
body = {"properties": {"retentionInDays": int(sys.argv[1])}}
for resource_id in sys.argv[2:]:
    logs.workspaces.update(resource_id.split("/")[4], resource_id.split("/")[8], body)
    print(resource_id, "->", sys.argv[1])
print(json.dumps({"status": "set"}))
