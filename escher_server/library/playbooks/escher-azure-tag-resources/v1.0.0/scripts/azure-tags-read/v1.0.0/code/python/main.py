"""Prints how many tags each of the given resources has. Reads only."""

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
for resource_id in sys.argv[1:]:
    tags = resource.tags.get_at_scope(resource_id)["properties"]["tags"]
    print(resource_id, "has now", len(tags), "tags")
print(json.dumps({"status": "read"}))
