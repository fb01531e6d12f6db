"""Blob containers, listed account by account: the graph does not know them. Their tags are metadata, which is not kept."""

from escher.providers.azure.declaring import UNIQUE, arm_type, listed, listed_below
from escher.providers.declarations import Bool, Holds, Relation, StateRule, Time

_ARM = "Microsoft.Storage/storageAccounts/blobServices/containers"
_VERSION = "2023-05-01"

TYPE = arm_type(
    "azure_storage_container",
    "object_storage",
    _ARM,
    _VERSION,
    {
        "bucket": "Parent.name",
        "public": Holds("properties.publicAccess && properties.publicAccess != 'None'"),
        "public_access": "properties.publicAccess",
        "last_modified": Time("properties.lastModifiedTime"),
        "lease": "properties.leaseState",
        "immutable": Holds("properties.hasImmutabilityPolicy"),
        "legal_hold": Bool("properties.hasLegalHold"),
        "encryption_scope": "properties.defaultEncryptionScope",
    },
    identifier=UNIQUE,
    listing=listed_below(
        listed("Microsoft.Storage/storageAccounts", _VERSION),
        "blobServices/default/containers",
        _ARM,
        _VERSION,
        in_inventory=False,
    ),
    state=StateRule("properties.deleted && 'Deleted'", {"Deleted": "deleted"}),
    relations=(Relation("member_of", "Parent.id"),),
    acts={"block_public_access": "write"},
    extras=("immutable", "legal_hold"),
)
