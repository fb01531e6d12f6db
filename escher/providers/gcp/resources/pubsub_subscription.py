"""Pub/Sub subscriptions."""

from escher.providers.declarations import Bool, Holds, Int, ListCall, Relation, ResourceType, StateRule, Text

TYPE = ResourceType(
    name="gcp_pubsub_subscription",
    kind="queue",
    service="pubsub",
    provider="gcp",
    reach="global",
    native_type="pubsub.googleapis.com/Subscription",
    listing=ListCall(
        "v1/projects/{account_id}/subscriptions",
        "subscriptions[]",
        permission="pubsub.subscriptions.list",
        page_size=1000,
    ),
    identifier="_short",
    resource_id="_name || join('', ['//pubsub.googleapis.com/', name])",
    home="_place",
    label="_short",
    tags="labels",
    state=StateRule("state", {"ACTIVE": "available", "RESOURCE_ERROR": "error"}),
    fields={
        "topic": Text("topic", last=True),
        "endpoint": "pushConfig.pushEndpoint",
        "visibility_s": Int("ackDeadlineSeconds"),
        "retention": "messageRetentionDuration",
        "ordered": Bool("enableMessageOrdering"),
        "exactly_once": Bool("enableExactlyOnceDelivery"),
        "expires_after": "expirationPolicy.ttl",
        "dead_letters": Holds("deadLetterPolicy.deadLetterTopic"),
        "filter": "filter",
    },
    relations=(
        Relation("uses", "topic && join('', ['//pubsub.googleapis.com/', topic])"),
        Relation(
            "routes_to",
            "deadLetterPolicy.deadLetterTopic && join('', "
            "['//pubsub.googleapis.com/', deadLetterPolicy.deadLetterTopic])",
        ),
    ),
    acts={
        "update": ("pubsub.subscriptions.update",),
        "delete": ("pubsub.subscriptions.delete",),
        "tag": ("pubsub.subscriptions.update",),
        "untag": ("pubsub.subscriptions.update",),
        "snapshot": ("pubsub.subscriptions.consume", "pubsub.snapshots.create"),
    },
)
