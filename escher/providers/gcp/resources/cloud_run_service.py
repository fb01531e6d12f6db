"""Cloud Run services, in the form of either version of their API. Environment variables are left behind."""

from escher.providers.declarations import (
    DetailCall,
    Holds,
    Int,
    ListCall,
    Relation,
    ResourceType,
    StateRule,
    Text,
    Texts,
    Time,
)

TYPE = ResourceType(
    name="gcp_cloud_run_service",
    kind="container_service",
    service="run",
    provider="gcp",
    reach="global",
    native_type="run.googleapis.com/Service",
    listing=ListCall(
        "v2/projects/{account_id}/locations/{location}/services",
        "services[]",
        permission="run.services.list",
        page_size=500,
    ),
    identifier="_short",
    resource_id="_name || join('', ['//run.googleapis.com/', name])",
    home="_place",
    label="_short",
    tags="labels || metadata.labels",
    state=StateRule(
        "terminalCondition.state || status.conditions[?type == 'Ready'].status | [0]",
        {
            "CONDITION_SUCCEEDED": "running",
            "CONDITION_PENDING": "pending",
            "CONDITION_RECONCILING": "pending",
            "CONDITION_FAILED": "error",
            "STATE_UNSPECIFIED": "unknown",
            "True": "running",
            "False": "error",
            "Unknown": "pending",
        },
    ),
    details=(
        DetailCall("v2/{path}:getIamPolicy", {"path": "_path"}, into="Iam", permission="run.services.getIamPolicy"),
    ),
    gone=("NOT_FOUND",),
    fields={
        "endpoint": "uri || status.url",
        "ingress": 'ingress || metadata.annotations."run.googleapis.com/ingress"',
        "public": Holds(
            "Iam.bindings[?contains(members, 'allUsers') || contains(members, 'allAuthenticatedUsers')]", needs=("Iam",)
        ),
        "images": Texts("[template.containers[].image || `[]`, spec.template.spec.containers[].image || `[]`][]"),
        "role": "template.serviceAccount || spec.template.spec.serviceAccountName",
        "memory": "(template.containers[0] || spec.template.spec.containers[0]).resources.limits.memory",
        "max_size": Int("template.scaling.maxInstanceCount"),
        "min_size": Int("template.scaling.minInstanceCount"),
        "concurrency": Int("template.maxInstanceRequestConcurrency || spec.template.spec.containerConcurrency"),
        "revision_name": Text("latestReadyRevision || status.latestReadyRevisionName", last=True),
        "created_at": Time("createTime || metadata.creationTimestamp"),
        "last_modified": Time("updateTime"),
        "description": "description",
    },
    relations=(
        Relation("uses", "template.serviceAccount || spec.template.spec.serviceAccountName", to="gcp_service_account"),
    ),
    acts={
        "update": ("run.services.update",),
        "scale": ("run.services.update",),
        "delete": ("run.services.delete",),
        "tag": ("run.services.update",),
        "untag": ("run.services.update",),
    },
)
