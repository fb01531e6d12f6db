"""The project itself, in the form of either version of its API."""

from escher.providers.declarations import ListCall, ResourceType, StateRule, Time

TYPE = ResourceType(
    name="gcp_project",
    kind="resource_group",
    service="cloudresourcemanager",
    provider="gcp",
    reach="global",
    native_type="cloudresourcemanager.googleapis.com/Project",
    listing=ListCall(
        "v3/projects/{account_id}",
        "[@]",
        permission="resourcemanager.projects.get",
    ),
    identifier="projectId",
    resource_id="_name || join('', ['//cloudresourcemanager.googleapis.com/projects/', _number])",
    home="_place",
    label="displayName || name",
    tags="labels",
    state=StateRule(
        "state || lifecycleState",
        {
            "ACTIVE": "available",
            "DELETE_REQUESTED": "deleting",
            "DELETE_IN_PROGRESS": "deleting",
            "STATE_UNSPECIFIED": "unknown",
            "LIFECYCLE_STATE_UNSPECIFIED": "unknown",
        },
    ),
    fields={
        "project_number": "_number",
        "folder": "type(parent) == 'object' && join('/', [join('', [parent.type, 's']), parent.id]) || parent",
        "created_at": Time("createTime"),
    },
    acts={
        "update": ("resourcemanager.projects.update",),
        "tag": ("resourcemanager.projects.update",),
        "untag": ("resourcemanager.projects.update",),
        "delete": ("resourcemanager.projects.delete",),
    },
)
