"""Machine learning workspaces."""

from escher.providers.azure.declaring import IDENTITIES, PUBLIC, arm_type
from escher.providers.declarations import Bool, Relation, Text, Time

_USED = ("storageAccount", "keyVault", "containerRegistry", "applicationInsights")

TYPE = arm_type(
    "azure_machine_learning_workspace",
    "machine_learning",
    "Microsoft.MachineLearningServices/workspaces",
    "2024-10-01",
    {
        "display_name": "properties.friendlyName",
        "description": "properties.description",
        "sku": "sku.name",
        "created_at": Time("properties.creationTime"),
        "public": PUBLIC,
        "high_impact": Bool("properties.hbiWorkspace"),
        "storage_account": Text("properties.storageAccount", last=True),
        "key_vault": Text("properties.keyVault", last=True),
    },
    relations=(Relation("uses", f"[{', '.join(f'properties.{one}' for one in _USED)}]"), IDENTITIES),
)
