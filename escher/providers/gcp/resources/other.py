"""Everything that Cloud Asset Inventory reports and nobody declares: that it is there, where, since when and in which state.

A resource's type is made of what Google calls it (`gcp_cloudkms_import_job`); of its data nothing else is kept.
"""

from escher.providers.declarations import ListCall, ResourceType, StateRule, Text, Time

TYPE = ResourceType(
    name="gcp_other",
    kind="other",
    service="cloudasset",
    provider="gcp",
    reach="global",
    listing=ListCall("", "assets[]", permission="cloudasset.assets.listResource"),
    identifier="_path",
    resource_id="_name",
    home="_place",
    zone="_zone",
    label="name",
    tags="labels",
    state=StateRule(
        "state",
        {
            "ACTIVE": "available",
            "AVAILABLE": "available",
            "CREATING": "pending",
            "DELETED": "deleted",
            "DELETE_REQUESTED": "deleting",
            "DELETING": "deleting",
            "DISABLED": "stopped",
            "ENABLED": "available",
            "ERROR": "error",
            "FAILED": "error",
            "INACTIVE": "stopped",
            "IN_USE": "in_use",
            "PAUSED": "stopped",
            "PENDING": "pending",
            "PROVISIONING": "pending",
            "READY": "available",
            "RUNNING": "running",
            "STOPPED": "stopped",
            "STOPPING": "pending",
            "SUSPENDED": "stopped",
            "TERMINATED": "stopped",
            "UPDATING": "available",
        },
    ),
    fields={
        "native_type": Text("native_type"),
        "description": "description",
        "created_at": Time("created_at"),
    },
)
