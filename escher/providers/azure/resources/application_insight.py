"""Application Insights. Instrumentation keys are in the answer, and in no field."""

from escher.providers.azure.declaring import arm_type
from escher.providers.declarations import Int, Relation, Text, Time

TYPE = arm_type(
    "azure_application_insight",
    "log_group",
    "Microsoft.Insights/components",
    "2020-02-02",
    {
        "variant": "kind",
        "retention_days": Int("properties.RetentionInDays"),
        "created_at": Time("properties.CreationDate"),
        "workspace": Text("properties.WorkspaceResourceId", last=True),
        "ingestion": "properties.IngestionMode",
    },
    relations=(Relation("uses", "properties.WorkspaceResourceId"),),
)
