"""Everything that nobody declares, in one scope. Only what every resource has is kept: properties may hold anything."""

from escher.providers.azure.declaring import IN_GROUP
from escher.providers.azure.states import PROVISIONED
from escher.providers.declarations import ListCall, ResourceType, StateRule, Time

TYPE = ResourceType(
    name="azure_other",
    kind="other",
    provider="azure",
    service="resources",
    reach="global",
    home="location",
    listing=ListCall(
        "/subscriptions/{account_id}/resources",
        "value",
        permission="*/read",
        parameters={"api-version": "2021-04-01", "$expand": "createdTime,provisioningState"},
    ),
    native="type",
    identifier=IN_GROUP,
    resource_id="id",
    label="name",
    tags="tags",
    state=StateRule("provisioningState", PROVISIONED),
    fields={
        "resource_group": "resourceGroup",
        "native_type": "type",
        "variant": "kind",
        "sku": "sku.name",
        "tier": "sku.tier",
        "created_at": Time("createdTime"),
    },
)
