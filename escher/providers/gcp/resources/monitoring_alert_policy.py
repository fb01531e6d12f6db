"""Alert policies of Cloud Monitoring."""

from escher.providers.declarations import Bool, Int, ListCall, ResourceType, StateRule, Texts, Time

TYPE = ResourceType(
    name="gcp_monitoring_alert_policy",
    kind="alarm",
    service="monitoring",
    provider="gcp",
    reach="global",
    native_type="monitoring.googleapis.com/AlertPolicy",
    listing=ListCall(
        "v3/projects/{account_id}/alertPolicies",
        "alertPolicies[]",
        permission="monitoring.alertPolicies.list",
        page_size=500,
    ),
    identifier="_short",
    resource_id="_name || join('', ['//monitoring.googleapis.com/', name])",
    home="_place",
    label="displayName",
    tags="userLabels",
    state=StateRule("enabled == `false` && 'DISABLED' || 'ENABLED'", {"ENABLED": "available", "DISABLED": "stopped"}),
    fields={
        "enabled": Bool("enabled"),
        "conditions": Texts("conditions[].displayName"),
        "combiner": "combiner",
        "alert_severity": "severity",
        "channels": Int("length(notificationChannels || `[]`)"),
        "created_at": Time("creationRecord.mutateTime"),
        "created_by": "creationRecord.mutatedBy",
        "last_modified": Time("mutationRecord.mutateTime"),
    },
    acts={
        "update": ("monitoring.alertPolicies.update",),
        "enable": ("monitoring.alertPolicies.update",),
        "disable": ("monitoring.alertPolicies.update",),
        "delete": ("monitoring.alertPolicies.delete",),
        "tag": ("monitoring.alertPolicies.update",),
        "untag": ("monitoring.alertPolicies.update",),
    },
)
