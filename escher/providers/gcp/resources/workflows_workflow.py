"""Workflows. What they do, and their environment variables, are left behind."""

from escher.providers.declarations import ListCall, Relation, ResourceType, StateRule, Text, Time

TYPE = ResourceType(
    name="gcp_workflows_workflow",
    kind="workflow",
    service="workflows",
    provider="gcp",
    reach="global",
    native_type="workflows.googleapis.com/Workflow",
    listing=ListCall(
        "v1/projects/{account_id}/locations/-/workflows",
        "workflows[]",
        permission="workflows.workflows.list",
        page_size=500,
    ),
    identifier="_short",
    resource_id="_name || join('', ['//workflows.googleapis.com/', name])",
    home="_place",
    label="_short",
    tags="labels",
    state=StateRule("state", {"ACTIVE": "available", "UNAVAILABLE": "error"}),
    fields={
        "revision_name": "revisionId",
        "role": Text("serviceAccount", last=True),
        "log_level": "callLogLevel",
        "kms_key": Text("cryptoKeyName", last=True),
        "status_reason": "stateError.details",
        "created_at": Time("createTime"),
        "last_modified": Time("updateTime"),
        "description": "description",
    },
    relations=(
        Relation("uses", "serviceAccount", to="gcp_service_account"),
        Relation("uses", "cryptoKeyName"),
    ),
    acts={
        "update": ("workflows.workflows.update",),
        "delete": ("workflows.workflows.delete",),
        "tag": ("workflows.workflows.update",),
        "untag": ("workflows.workflows.update",),
    },
)
