"""Makes the given apps send plain HTTP on to HTTPS (true) or answer it (false), as argv[1] says."""

import json
import os
import sys

from azure.identity import DefaultAzureCredential
from azure.mgmt.web import WebSiteManagementClient

endpoint = os.environ.get("AZURE_RESOURCE_MANAGER_URL", "https://management.azure.com")
web = WebSiteManagementClient(
    DefaultAzureCredential(),
    os.environ["AZURE_SUBSCRIPTION_ID"],
    base_url=endpoint,
    credential_scopes=[f"{endpoint}/.default"],
)
body = {"properties": {"httpsOnly": sys.argv[1] == "true"}}
for resource_id in sys.argv[2:]:
    web.web_apps.update(resource_id.split("/")[4], resource_id.split("/")[8], body)
    print(resource_id, "->", sys.argv[1])
print(json.dumps({"status": "set"}))
