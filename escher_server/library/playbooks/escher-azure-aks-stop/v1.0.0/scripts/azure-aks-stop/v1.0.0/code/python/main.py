"""Stops the cluster argv[2] of the group argv[1] with all its nodes."""

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
aks.managed_clusters.begin_stop(sys.argv[1], sys.argv[2]).result()
print(sys.argv[2], "stopped")
print(json.dumps({"status": "stopped"}))
