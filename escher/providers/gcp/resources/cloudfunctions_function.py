"""Cloud Functions of both generations. Environment variables are left behind: they often hold secrets.

They are listed by their own API, as Cloud Asset Inventory knows of them half a day late.
"""

from escher.providers.declarations import Int, ListCall, Relation, ResourceType, StateRule, Text, Time

TYPE = ResourceType(
    name="gcp_cloudfunctions_function",
    kind="function",
    service="cloudfunctions",
    provider="gcp",
    reach="global",
    native_type="cloudfunctions.googleapis.com/Function",
    native_aliases=("cloudfunctions.googleapis.com/CloudFunction",),
    listing=ListCall(
        "v2/projects/{account_id}/locations/-/functions",
        "functions[]",
        permission="cloudfunctions.functions.list",
        page_size=1000,
    ),
    identifier="_short",
    resource_id="_name || join('', ['//cloudfunctions.googleapis.com/', name])",
    home="_place",
    label="_short",
    tags="labels",
    state=StateRule(
        "state",
        {
            "ACTIVE": "available",
            "FAILED": "error",
            "DEPLOYING": "pending",
            "DELETING": "deleting",
            "UNKNOWN": "unknown",
            "DETACHING": "pending",
            "DETACH_FAILED": "error",
        },
    ),
    fields={
        "runtime": "buildConfig.runtime",
        "handler": "buildConfig.entryPoint",
        "generation": "environment",
        "memory": "serviceConfig.availableMemory",
        "timeout_s": Int("serviceConfig.timeoutSeconds"),
        "min_size": Int("serviceConfig.minInstanceCount"),
        "max_size": Int("serviceConfig.maxInstanceCount"),
        "role": "serviceConfig.serviceAccountEmail",
        "endpoint": "serviceConfig.uri || url",
        "ingress": "serviceConfig.ingressSettings",
        "trigger": "eventTrigger.eventType",
        "topic": Text("eventTrigger.pubsubTopic", last=True),
        "vpc_connector": Text("serviceConfig.vpcConnector", last=True),
        "kms_key": Text("kmsKeyName", last=True),
        "last_modified": Time("updateTime"),
        "description": "description",
    },
    relations=(
        Relation("uses", "serviceConfig.serviceAccountEmail", to="gcp_service_account"),
        Relation("uses", "serviceConfig.service && join('', ['//run.googleapis.com/', serviceConfig.service])"),
        Relation(
            "uses", "eventTrigger.pubsubTopic && join('', ['//pubsub.googleapis.com/', eventTrigger.pubsubTopic])"
        ),
    ),
    acts={
        "update": ("cloudfunctions.functions.update",),
        "delete": ("cloudfunctions.functions.delete",),
        "tag": ("cloudfunctions.functions.update",),
        "untag": ("cloudfunctions.functions.update",),
    },
    timeout_s=60,
)
