"""Service accounts. Their keys are left behind."""

from escher.providers.declarations import Holds, ListCall, ResourceType, StateRule

TYPE = ResourceType(
    name="gcp_service_account",
    kind="identity",
    service="iam",
    provider="gcp",
    reach="global",
    native_type="iam.googleapis.com/ServiceAccount",
    listing=ListCall(
        "v1/projects/{account_id}/serviceAccounts",
        "accounts[]",
        permission="iam.serviceAccounts.list",
        page_size=100,
    ),
    identifier="email",
    resource_id="_name || join('', ['//iam.googleapis.com/projects/', projectId, '/serviceAccounts/', uniqueId || email])",
    home="_place",
    label="displayName || email",
    state=StateRule("disabled && 'DISABLED' || 'ENABLED'", {"ENABLED": "available", "DISABLED": "stopped"}),
    fields={
        "email": "email",
        "unique_id": "uniqueId",
        "client_id": "oauth2ClientId",
        "enabled": Holds("!disabled"),
        "description": "description",
    },
    acts={
        "update": ("iam.serviceAccounts.update",),
        "enable": ("iam.serviceAccounts.enable",),
        "disable": ("iam.serviceAccounts.disable",),
        "delete": ("iam.serviceAccounts.delete",),
    },
)
