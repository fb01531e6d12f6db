"""Managed identities that things share."""

from escher.providers.azure.declaring import arm_type
from escher.providers.declarations import StateRule

TYPE = arm_type(
    "azure_user_assigned_identity",
    "identity",
    "Microsoft.ManagedIdentity/userAssignedIdentities",
    "2023-01-31",
    {
        "principal_id": "properties.principalId",
        "client_id": "properties.clientId",
        "tenant_id": "properties.tenantId",
    },
    state=StateRule(),
    acts={"attach": "assign/action"},
)
