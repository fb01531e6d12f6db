"""Sinks of Cloud Logging: where a project's log goes."""

from escher.providers.declarations import Int, ListCall, Relation, ResourceType, StateRule, Time

TYPE = ResourceType(
    name="gcp_logging_sink",
    kind="log_group",
    service="logging",
    provider="gcp",
    reach="global",
    native_type="logging.googleapis.com/LogSink",
    listing=ListCall(
        "v2/projects/{account_id}/sinks",
        "sinks[]",
        permission="logging.sinks.list",
        page_size=500,
    ),
    identifier="name",
    resource_id="_name || join('', ['//logging.googleapis.com/projects/', _project, '/sinks/', name])",
    home="_place",
    label="name",
    state=StateRule("disabled && 'DISABLED' || 'ENABLED'", {"ENABLED": "available", "DISABLED": "stopped"}),
    fields={
        "destination": "destination",
        "filter": "filter",
        "writer": "writerIdentity",
        "exclusions": Int("length(exclusions || `[]`)"),
        "created_at": Time("createTime"),
        "last_modified": Time("updateTime"),
        "description": "description",
    },
    relations=(Relation("routes_to", "destination && join('', ['//', destination])"),),
    acts={
        "update": ("logging.sinks.update",),
        "enable": ("logging.sinks.update",),
        "disable": ("logging.sinks.update",),
        "delete": ("logging.sinks.delete",),
    },
)
