"""Logic apps. Their definitions, which may hold secrets, are in the answer, and in no field."""

from escher.providers.azure.declaring import IDENTITIES, arm_type
from escher.providers.azure.states import provisioning
from escher.providers.declarations import Int, Time

TYPE = arm_type(
    "azure_logic_app_workflow",
    "workflow",
    "Microsoft.Logic/workflows",
    "2019-05-01",
    {
        "created_at": Time("properties.createdTime"),
        "last_modified": Time("properties.changedTime"),
        "version_label": "properties.version",
        "sku": "properties.sku.name",
        "triggers": Int("length(keys(properties.definition.triggers || `{}`))"),
    },
    state=provisioning(
        "properties.state",
        {"Enabled": "running", "Completed": "stopped", "Disabled": "stopped", "Suspended": "stopped"},
    ),
    relations=(IDENTITIES,),
    acts={"enable": "enable/action", "disable": "disable/action"},
)
