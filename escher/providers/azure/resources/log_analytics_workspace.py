"""Log Analytics workspaces."""

from escher.providers.azure.declaring import arm_type
from escher.providers.declarations import Bool, Int, Time

TYPE = arm_type(
    "azure_log_analytics_workspace",
    "log_group",
    "Microsoft.OperationalInsights/workspaces",
    "2023-09-01",
    {
        "sku": "properties.sku.name",
        "retention_days": Int("properties.retentionInDays"),
        "created_at": Time("properties.createdDate"),
        "last_modified": Time("properties.modifiedDate"),
        "workspace_id": "properties.customerId",
        "public": Bool("properties.publicNetworkAccessForQuery && properties.publicNetworkAccessForQuery == 'Enabled'"),
        "local_auth_off": Bool("properties.features.disableLocalAuth"),
    },
)
