"""Ends with 1 unless the resource argv[1] has the tag argv[2] with the value argv[3]. Reads only."""

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
tags = resource.tags.get_at_scope(sys.argv[1])["properties"]["tags"]
if tags.get(sys.argv[2]) != sys.argv[3]:
    raise SystemExit(f"{sys.argv[1]} does not have the tag {sys.argv[2]}")
print(sys.argv[1], "has the tag", sys.argv[2])
print(json.dumps({"status": "tagged"}))
