"""Buckets of Cloud Logging: where log entries are kept, and for how long."""

from escher.providers.declarations import Bool, Holds, Int, ListCall, Relation, ResourceType, StateRule, Text, Time

TYPE = ResourceType(
    name="gcp_logging_bucket",
    kind="log_group",
    service="logging",
    provider="gcp",
    reach="global",
    native_type="logging.googleapis.com/LogBucket",
    listing=ListCall(
        "v2/projects/{account_id}/locations/-/buckets",
        "buckets[]",
        permission="logging.buckets.list",
        page_size=500,
    ),
    identifier="_short",
    resource_id="_name || join('', ['//logging.googleapis.com/', name])",
    home="_place",
    label="_short",
    state=StateRule(
        "lifecycleState",
        {
            "ACTIVE": "available",
            "CREATING": "pending",
            "UPDATING": "pending",
            "DELETE_REQUESTED": "deleting",
            "FAILED": "error",
        },
    ),
    fields={
        "retention_days": Int("retentionDays"),
        # Google leaves it out where it is false.
        "locked": Holds("locked"),
        "analytics": Bool("analyticsEnabled"),
        "kms_key": Text("cmekSettings.kmsKeyName", last=True),
        "created_at": Time("createTime"),
        "last_modified": Time("updateTime"),
        "description": "description",
    },
    relations=(Relation("uses", "cmekSettings.kmsKeyName"),),
    acts={
        "update": ("logging.buckets.update",),
        "delete": ("logging.buckets.delete",),
    },
)
