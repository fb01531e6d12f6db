"""Bigtable instances."""

from escher.providers.declarations import ListCall, ResourceType, StateRule, Time

TYPE = ResourceType(
    name="gcp_bigtable_instance",
    kind="nosql_table",
    service="bigtableadmin",
    provider="gcp",
    reach="global",
    native_type="bigtableadmin.googleapis.com/Instance",
    listing=ListCall(
        "v2/projects/{account_id}/instances",
        "instances[]",
        permission="bigtable.instances.list",
    ),
    identifier="_short",
    resource_id="_name || join('', ['//bigtable.googleapis.com/', name])",
    home="_place",
    label="displayName || _short",
    tags="labels",
    state=StateRule("state", {"READY": "running", "CREATING": "pending"}),
    fields={
        "engine": "type",
        "edition": "edition",
        "created_at": Time("createTime"),
    },
    acts={
        "update": ("bigtable.instances.update",),
        "delete": ("bigtable.instances.delete",),
        "tag": ("bigtable.instances.update",),
        "untag": ("bigtable.instances.update",),
    },
)
