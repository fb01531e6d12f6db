"""Schedules of snapshots, and other policies of instances and disks."""

from escher.providers.declarations import Int, ListCall, ResourceType, StateRule, Time

TYPE = ResourceType(
    name="gcp_compute_resource_policy",
    kind="policy",
    service="compute",
    provider="gcp",
    reach="global",
    native_type="compute.googleapis.com/ResourcePolicy",
    listing=ListCall(
        "compute/v1/projects/{account_id}/aggregated/resourcePolicies",
        "items.*.resourcePolicies[]",
        permission="compute.resourcePolicies.list",
        parameters={"returnPartialSuccess": "true"},
        page_size=500,
    ),
    identifier="name",
    resource_id="_name || selfLink",
    home="_place",
    label="name",
    state=StateRule(
        "status",
        {
            "CREATING": "pending",
            "READY": "available",
            "DELETING": "deleting",
            "EXPIRED": "stopped",
            "INVALID": "error",
        },
    ),
    fields={
        "retention_days": Int("snapshotSchedulePolicy.retentionPolicy.maxRetentionDays"),
        "schedule": "instanceSchedulePolicy.vmStopSchedule.schedule || "
        "snapshotSchedulePolicy.schedule.*.startTime | [0]",
        "policy_type": "snapshotSchedulePolicy && 'snapshots' || instanceSchedulePolicy && 'instances' || 'placement'",
        "created_at": Time("creationTimestamp"),
        "description": "description",
    },
    acts={
        "delete": ("compute.resourcePolicies.delete",),
    },
)
