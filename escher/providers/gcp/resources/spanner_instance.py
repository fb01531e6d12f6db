"""Spanner instances."""

from escher.providers.declarations import Int, ListCall, ResourceType, StateRule, Text, Time

TYPE = ResourceType(
    name="gcp_spanner_instance",
    kind="database_instance",
    service="spanner",
    provider="gcp",
    reach="global",
    native_type="spanner.googleapis.com/Instance",
    listing=ListCall(
        "v1/projects/{account_id}/instances",
        "instances[]",
        permission="spanner.instances.list",
        page_size=500,
    ),
    identifier="_short",
    resource_id="_name || join('', ['//spanner.googleapis.com/', name])",
    home="_place",
    label="displayName || _short",
    tags="labels",
    state=StateRule("state", {"READY": "running", "CREATING": "pending"}),
    fields={
        "configuration": Text("config", last=True),
        "nodes": Int("nodeCount"),
        "processing_units": Int("processingUnits"),
        "edition": "edition",
        "offering_type": "instanceType",
        "created_at": Time("createTime"),
        "last_modified": Time("updateTime"),
    },
    acts={
        "scale": ("spanner.instances.update",),
        "update": ("spanner.instances.update",),
        "delete": ("spanner.instances.delete",),
        "tag": ("spanner.instances.update",),
        "untag": ("spanner.instances.update",),
    },
)
