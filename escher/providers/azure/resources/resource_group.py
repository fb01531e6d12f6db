"""Resource groups. To delete one deletes all that it holds."""

from escher.providers.azure.declaring import api, arm_type
from escher.providers.declarations import ListCall

_ARM = "Microsoft.Resources/subscriptions/resourceGroups"

TYPE = arm_type(
    "azure_resource_group",
    "resource_group",
    _ARM,
    "2021-04-01",
    {"owner": "managedBy"},
    listing=ListCall(
        "/subscriptions/{account_id}/resourcegroups",
        "value",
        permission=f"{_ARM}/read",
        parameters=api("2021-04-01"),
        in_inventory=False,
    ),
)
