"""Role assignments, also those that a management group hands down; they have no tags. In no region."""

from escher.providers.azure.declaring import UNIQUE, api, arm_type
from escher.providers.declarations import ListCall, Relation, StateRule, Text, Time

_ARM = "Microsoft.Authorization/roleAssignments"

TYPE = arm_type(
    "azure_role_assignment",
    "identity",
    _ARM,
    "2022-04-01",
    {
        "role": Text("properties.roleDefinitionId", last=True),
        "principal_id": "properties.principalId",
        "principal_type": "properties.principalType",
        "granted_at": "properties.scope",
        "condition": "properties.condition",
        "description": "properties.description",
        "created_at": Time("properties.createdOn"),
        "created_by": "properties.createdBy",
    },
    identifier=UNIQUE,
    listing=ListCall(
        f"/subscriptions/{{account_id}}/providers/{_ARM}",
        "value",
        permission=f"{_ARM}/read",
        parameters=api("2022-04-01"),
        in_inventory=False,
    ),
    state=StateRule(),
    relations=(Relation("grants", "properties.scope"),),
)
