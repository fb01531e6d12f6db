"""Pub/Sub topics."""

from escher.providers.declarations import ListCall, Relation, ResourceType, StateRule, Text, Texts

TYPE = ResourceType(
    name="gcp_pubsub_topic",
    kind="topic",
    service="pubsub",
    provider="gcp",
    reach="global",
    native_type="pubsub.googleapis.com/Topic",
    listing=ListCall(
        "v1/projects/{account_id}/topics",
        "topics[]",
        permission="pubsub.topics.list",
        page_size=1000,
    ),
    identifier="_short",
    resource_id="_name || join('', ['//pubsub.googleapis.com/', name])",
    home="_place",
    label="_short",
    tags="labels",
    state=StateRule("state", {"ACTIVE": "available", "INGESTION_RESOURCE_ERROR": "error"}),
    fields={
        "retention": "messageRetentionDuration",
        "kms_key": Text("kmsKeyName", last=True),
        "schema": Text("schemaSettings.schema", last=True),
        "locations": Texts("messageStoragePolicy.allowedPersistenceRegions"),
    },
    relations=(Relation("uses", "kmsKeyName"),),
    acts={
        "update": ("pubsub.topics.update",),
        "delete": ("pubsub.topics.delete",),
        "tag": ("pubsub.topics.update",),
        "untag": ("pubsub.topics.update",),
    },
)
