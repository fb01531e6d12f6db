"""Ends with 1 unless the cluster argv[2] of the group argv[1] runs. Reads only."""

import json
import os
import sys

from azure.identity import DefaultAzureCredential
from azure.mgmt.containerservice import ContainerServiceClient

endpoint = os.environ.get("AZURE_RESOURCE_MANAGER_URL", "https://management.azure.com")
aks = ContainerServiceClient(
    DefaultAzureCredential(),
    os.environ["AZURE_SUBSCRIPTION_ID"],
    base_url=endpoint,
    credential_scopes=[f"{endpoint}/.default"],
)
found = aks.managed_clusters.get(sys.argv[1], sys.argv[2])["properties"]["powerState"]["code"]
if str(found) != "Running":
    raise SystemExit(f"{sys.argv[2]}: the power state is {found}")
print(sys.argv[2], "is as expected")
print(json.dumps({"status": "running"}))
