"""Metrics that are counted from the log."""

from escher.providers.declarations import ListCall, ResourceType, StateRule, Time

TYPE = ResourceType(
    name="gcp_logging_metric",
    kind="log_group",
    service="logging",
    provider="gcp",
    reach="global",
    native_type="logging.googleapis.com/LogMetric",
    listing=ListCall(
        "v2/projects/{account_id}/metrics",
        "metrics[]",
        permission="logging.logMetrics.list",
        page_size=500,
    ),
    identifier="name",
    resource_id="_name || join('', ['//logging.googleapis.com/projects/', _project, '/metrics/', name])",
    home="_place",
    label="name",
    state=StateRule("disabled && 'DISABLED' || 'ENABLED'", {"ENABLED": "available", "DISABLED": "stopped"}),
    fields={
        "filter": "filter",
        "metric": "metricDescriptor.type",
        "metric_kind": "metricDescriptor.metricKind",
        "created_at": Time("createTime"),
        "last_modified": Time("updateTime"),
        "description": "description",
    },
    acts={
        "update": ("logging.logMetrics.update",),
        "delete": ("logging.logMetrics.delete",),
    },
)
