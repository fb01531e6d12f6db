"""Flow logs. A log that cannot be delivered is an error, though EC2 calls it active."""

from escher.providers.declarations import Int, ListCall, Relation, ResourceType, StateRule, Time

_STARTS = "[ResourceId][?@ && starts_with(@, '{}-')]"

TYPE = ResourceType(
    name="aws_vpc_flow_log",
    native_type="AWS::EC2::FlowLog",
    kind="log_group",
    service="ec2",
    listing=ListCall("DescribeFlowLogs", "FlowLogs[]", permission="ec2:DescribeFlowLogs", page_size=1_000),
    identifier="FlowLogId",
    resource_id="arn:{partition}:ec2:{region}:{account_id}:vpc-flow-log/{identifier}",
    tags="Tags",
    state=StateRule(
        "DeliverLogsStatus == 'FAILED' && 'FAILED' || FlowLogStatus", {"ACTIVE": "available", "FAILED": "error"}
    ),
    fields={
        "source_id": "ResourceId",
        "traffic": "TrafficType",
        "destination": "LogDestination || LogGroupName",
        "destination_type": "LogDestinationType",
        "interval_s": Int("MaxAggregationInterval"),
        "failure": "DeliverLogsErrorMessage",
        "role": "DeliverLogsPermissionArn",
        "created_at": Time("CreationTime"),
    },
    relations=(
        Relation("uses", _STARTS.format("vpc"), "aws_vpc"),
        Relation("uses", _STARTS.format("subnet"), "aws_vpc_subnet"),
        Relation("uses", _STARTS.format("eni"), "aws_ec2_network_interface"),
        Relation("uses", "DeliverLogsPermissionArn"),
        Relation("routes_to", "LogDestination"),
    ),
    acts={"delete": ("ec2:DeleteFlowLogs",), "tag": ("ec2:CreateTags",), "untag": ("ec2:DeleteTags",)},
)
