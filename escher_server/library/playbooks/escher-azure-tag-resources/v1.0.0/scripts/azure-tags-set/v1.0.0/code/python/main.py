"""Sets the tag argv[2] of the resource argv[1] to argv[3]; other tags stay."""

import json
import os
import sys

from azure.identity import DefaultAzureCredential
from azure.mgmt.resource.resources import ResourceManagementClient

endpoint = os.environ.get("AZURE_RESOURCE_MANAGER_URL", "https://management.azure.com")
resource = ResourceManagementClient(
    DefaultAzureCredential(),
    os.environ["AZURE_SUBSCRIPTION_ID"],
    base_url=endpoint,
    credential_scopes=[f"{endpoint}/.default"],
)
body = {"operation": "Merge", "properties": {"tags": {sys.argv[2]: sys.argv[3]}}}
resource.tags.begin_update_at_scope(sys.argv[1], body).result()
print(sys.argv[1], "-> set", sys.argv[2])
print(json.dumps({"status": "tagged"}))
