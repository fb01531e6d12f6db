"""Confirmed subscriptions to SNS topics. Where they lead is kept only within AWS: addresses and URLs may hold secrets."""

from escher.providers.declarations import ListCall, Relation, ResourceType

_TARGET = "(Protocol == 'sqs' || Protocol == 'lambda' || Protocol == 'firehose') && Endpoint"

TYPE = ResourceType(
    name="aws_sns_topic_subscription",
    native_type="AWS::SNS::Subscription",
    kind="topic",
    service="sns",
    listing=ListCall("ListSubscriptions", "Subscriptions[]", permission="sns:ListSubscriptions"),
    # Unconfirmed and deleted ones have a word in place of an ARN.
    only="starts_with(SubscriptionArn, 'arn:')",
    identifier="tail(SubscriptionArn, ':')",
    resource_id="SubscriptionArn",
    fields={
        "protocol": "Protocol",
        "topic": "tail(TopicArn, ':')",
        "target": _TARGET,
        "owner_id": "Owner",
    },
    relations=(Relation("uses", "TopicArn"), Relation("routes_to", _TARGET)),
    acts={
        "delete": ("sns:Unsubscribe",),
        "update": ("sns:SetSubscriptionAttributes",),
    },
)
