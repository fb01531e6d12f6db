"""Filestore instances."""

from escher.providers.declarations import Bool, Int, ListCall, Relation, ResourceType, StateRule, Text, Texts, Time

TYPE = ResourceType(
    name="gcp_filestore_instance",
    kind="file_system",
    service="file",
    provider="gcp",
    reach="global",
    native_type="file.googleapis.com/Instance",
    listing=ListCall(
        "v1/projects/{account_id}/locations/-/instances",
        "instances[]",
        permission="file.instances.list",
        page_size=500,
    ),
    # Two zones of a region may each have one of this name; gcloud takes the relative name as it is.
    identifier="_path",
    resource_id="_name || join('', ['//file.googleapis.com/', name])",
    home="_place",
    zone="_zone",
    label="_short",
    tags="labels",
    state=StateRule(
        "state",
        {
            "CREATING": "pending",
            "READY": "available",
            "REPAIRING": "pending",
            "DELETING": "deleting",
            "ERROR": "error",
            "RESTORING": "pending",
            "SUSPENDED": "stopped",
            "SUSPENDING": "pending",
            "RESUMING": "pending",
            "REVERTING": "pending",
            "PROMOTING": "pending",
        },
    ),
    fields={
        "tier": "tier",
        "size_gib": Int("fileShares[0].capacityGb"),
        "shares": Texts("fileShares[].name"),
        "protocol": "protocol",
        "endpoint": "networks[].ipAddresses[] | [0]",
        "vpc_id": Text("networks[0].network", last=True),
        "deletion_protection": Bool("deletionProtectionEnabled"),
        "kms_key": Text("kmsKeyName", last=True),
        "created_at": Time("createTime"),
        "description": "description",
    },
    relations=(Relation("uses", "kmsKeyName"),),
    acts={
        "resize": ("file.instances.update",),
        "update": ("file.instances.update",),
        "delete": ("file.instances.delete",),
        "tag": ("file.instances.update",),
        "untag": ("file.instances.update",),
        "backup": ("file.backups.create",),
        "restore": ("file.instances.restore",),
    },
    extras=("deletion_protection",),
)
