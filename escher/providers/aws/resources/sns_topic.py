"""SNS topics. Their policies come with the attributes and are dropped."""

from escher.providers.declarations import DetailCall, Holds, Int, ListCall, ResourceType

TYPE = ResourceType(
    name="aws_sns_topic",
    native_type="AWS::SNS::Topic",
    kind="topic",
    service="sns",
    listing=ListCall("ListTopics", "Topics[]", permission="sns:ListTopics"),
    identifier="tail(TopicArn, ':')",
    resource_id="TopicArn",
    tags="Tags",
    details=(
        DetailCall(
            "GetTopicAttributes",
            {"TopicArn": "TopicArn"},
            into="Attributes",
            result="Attributes",
            permission="sns:GetTopicAttributes",
        ),
        DetailCall(
            "ListTagsForResource",
            {"ResourceArn": "TopicArn"},
            into="Tags",
            result="Tags",
            permission="sns:ListTagsForResource",
        ),
    ),
    gone=("NotFound", "NotFoundException", "ResourceNotFound", "ResourceNotFoundException"),
    fields={
        "display_name": "Attributes.DisplayName",
        "fifo": Holds("Attributes.FifoTopic == 'true'", needs=("Attributes",)),
        "encrypted": Holds("Attributes.KmsMasterKeyId", needs=("Attributes",)),
        "kms_key": "Attributes.KmsMasterKeyId",
        "subscriptions": Int("Attributes.SubscriptionsConfirmed"),
        "pending_subscriptions": Int("Attributes.SubscriptionsPending"),
        "owner_id": "Attributes.Owner",
    },
    acts={
        "delete": ("sns:DeleteTopic",),
        "update": ("sns:SetTopicAttributes",),
        "encrypt": ("sns:SetTopicAttributes",),
        "tag": ("sns:TagResource",),
        "untag": ("sns:UntagResource",),
    },
)
