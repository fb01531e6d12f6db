"""Event buses of EventBridge. Their policies come with the list and are dropped."""

from escher.providers.declarations import DetailCall, Holds, ListCall, ResourceType, Time

TYPE = ResourceType(
    name="aws_eventbridge_bus",
    native_type="AWS::Events::EventBus",
    kind="topic",
    service="events",
    listing=ListCall(
        "ListEventBuses",
        "EventBuses[]",
        permission="events:ListEventBuses",
        parameters={"Limit": 100},
        next_page="NextToken",
    ),
    identifier="Name",
    resource_id="Arn",
    tags="Tags",
    details=(
        DetailCall(
            "ListTagsForResource",
            {"ResourceARN": "Arn"},
            into="Tags",
            result="Tags",
            permission="events:ListTagsForResource",
        ),
    ),
    gone=("ResourceNotFoundException",),
    fields={
        "description": "Description",
        "has_policy": Holds("Policy"),
        "created_at": Time("CreationTime"),
        "last_modified": Time("LastModifiedTime"),
    },
    acts={
        "delete": ("events:DeleteEventBus",),
        "update": ("events:UpdateEventBus",),
        "tag": ("events:TagResource",),
        "untag": ("events:UntagResource",),
    },
)
