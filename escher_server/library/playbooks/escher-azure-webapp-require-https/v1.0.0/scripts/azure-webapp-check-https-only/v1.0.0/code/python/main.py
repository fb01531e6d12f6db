"""Ends with 1 when HTTPS only of any of the given apps is other than argv[1]. Reads only."""

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
for resource_id in sys.argv[2:]:
    found = web.web_apps.get(resource_id.split("/")[4], resource_id.split("/")[8])["properties"].get("httpsOnly")
    if str(found).lower() != sys.argv[1]:
        raise SystemExit(f"{resource_id}: HTTPS only is {found}")
    print(f"{resource_id}: as expected")
print(json.dumps({"status": "checked"}))
