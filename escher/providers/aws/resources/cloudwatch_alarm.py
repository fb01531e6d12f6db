"""CloudWatch alarms, on metrics and on other alarms.

An alarm that rings is no alarm that fails: it is available, and `native_state` tells whether it rings.
"""

from escher.providers.declarations import (
    Bool,
    DetailCall,
    Int,
    ListCall,
    Relation,
    ResourceType,
    StateRule,
    Texts,
    Time,
)

TYPE = ResourceType(
    name="aws_cloudwatch_alarm",
    native_type="AWS::CloudWatch::Alarm",
    kind="alarm",
    service="cloudwatch",
    listing=ListCall(
        "DescribeAlarms",
        "[MetricAlarms, CompositeAlarms][]",
        permission="cloudwatch:DescribeAlarms",
        parameters={"AlarmTypes": ["MetricAlarm", "CompositeAlarm"]},
        page_size=100,
    ),
    identifier="AlarmName",
    resource_id="AlarmArn",
    tags="Tags",
    state=StateRule("StateValue", {"OK": "available", "ALARM": "available", "INSUFFICIENT_DATA": "available"}),
    details=(
        DetailCall(
            "ListTagsForResource",
            {"ResourceARN": "AlarmArn"},
            into="Tags",
            result="Tags",
            permission="cloudwatch:ListTagsForResource",
        ),
    ),
    gone=("ResourceNotFoundException", "ResourceNotFound"),
    fields={
        "description": "AlarmDescription",
        "metric": "MetricName || (Metrics[?MetricStat].MetricStat.Metric.MetricName | [0])",
        "namespace": "Namespace || (Metrics[?MetricStat].MetricStat.Metric.Namespace | [0])",
        "statistic": "Statistic || ExtendedStatistic",
        "comparison": "ComparisonOperator",
        "condition": "AlarmRule",
        "period_s": Int("Period"),
        "evaluation_periods": Int("EvaluationPeriods"),
        "missing_data": "TreatMissingData",
        "enabled": Bool("ActionsEnabled"),
        "actions": Texts("AlarmActions"),
        "last_modified": Time("AlarmConfigurationUpdatedTimestamp"),
        "state_since": Time("StateUpdatedTimestamp"),
    },
    relations=(
        Relation("routes_to", "[AlarmActions, OKActions, InsufficientDataActions][]"),
        Relation("uses", "Dimensions[?Name == 'InstanceId'].Value", to="aws_ec2_instance"),
        Relation("uses", "Dimensions[?Name == 'DBInstanceIdentifier'].Value", to="aws_rds_db_instance"),
        Relation("uses", "Dimensions[?Name == 'FunctionName'].Value", to="aws_lambda_function"),
        Relation("uses", "Dimensions[?Name == 'QueueName'].Value", to="aws_sqs_queue"),
    ),
    acts={
        "delete": ("cloudwatch:DeleteAlarms",),
        "update": ("cloudwatch:PutMetricAlarm",),
        "enable": ("cloudwatch:EnableAlarmActions",),
        "disable": ("cloudwatch:DisableAlarmActions",),
        "tag": ("cloudwatch:TagResource",),
        "untag": ("cloudwatch:UntagResource",),
    },
)
