"""Rules of EventBridge, bus by bus. What they send to their targets is dropped: it may hold secrets."""

from escher.providers.declarations import DetailCall, Holds, Int, ListCall, Relation, ResourceType, StateRule

_BUSES = ListCall(
    "ListEventBuses",
    "EventBuses[]",
    permission="events:ListEventBuses",
    parameters={"Limit": 100},
    next_page="NextToken",
)

TYPE = ResourceType(
    name="aws_eventbridge_rule",
    native_type="AWS::Events::Rule",
    kind="event_rule",
    service="events",
    listing=ListCall(
        "ListRules",
        "Rules[]",
        permission="events:ListRules",
        page_size=100,
        per=_BUSES,
        arguments={"EventBusName": "Name"},
    ),
    # Names are unique only within a bus; of the default one the ARN does not hold its name.
    identifier="tail(Arn, ':rule/')",
    resource_id="Arn",
    label="Name",
    tags="Tags",
    state=StateRule(
        "State",
        {
            "ENABLED": "running",
            "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS": "running",
            "DISABLED": "stopped",
        },
    ),
    details=(
        DetailCall(
            "ListTargetsByRule",
            {"Rule": "Name", "EventBusName": "EventBusName"},
            into="Targets",
            result="Targets",
            permission="events:ListTargetsByRule",
        ),
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
        "rule_name": "Name",
        "bus": "EventBusName",
        "description": "Description",
        "schedule": "ScheduleExpression",
        "scheduled": Holds("ScheduleExpression"),
        "event_pattern": "EventPattern",
        "owning_service": "ManagedBy",
        "targets": Int("Targets != `null` && length(Targets)"),
        "role": "RoleArn",
    },
    relations=(
        Relation("member_of", "Parent.Arn"),
        Relation("routes_to", "Targets[].Arn"),
        Relation("uses", "RoleArn"),
    ),
    acts={
        "delete": ("events:DeleteRule", "events:RemoveTargets"),
        "enable": ("events:EnableRule",),
        "disable": ("events:DisableRule",),
        "update": ("events:PutRule",),
        "tag": ("events:TagResource",),
        "untag": ("events:UntagResource",),
    },
)
