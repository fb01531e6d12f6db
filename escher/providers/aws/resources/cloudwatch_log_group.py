"""Log groups of CloudWatch; never what is logged."""

from escher.providers.declarations import (
    Bool,
    DetailCall,
    Holds,
    Int,
    ListCall,
    Relation,
    ResourceType,
    Time,
)

_ARN = "arn:{partition}:logs:{region}:{account_id}:log-group:{identifier}"

TYPE = ResourceType(
    name="aws_cloudwatch_log_group",
    native_type="AWS::Logs::LogGroup",
    kind="log_group",
    service="logs",
    listing=ListCall("DescribeLogGroups", "logGroups[]", permission="logs:DescribeLogGroups", page_size=50),
    identifier="logGroupName",
    resource_id=_ARN,
    tags="Tags",
    details=(
        DetailCall(
            "ListTagsForResource",
            {"resourceArn": _ARN},
            into="Tags",
            result="tags",
            permission="logs:ListTagsForResource",
        ),
    ),
    gone=("ResourceNotFoundException",),
    fields={
        "retention_days": Int("retentionInDays"),
        "kept_forever": Holds("!retentionInDays"),
        "size_bytes": Int("storedBytes", volatile=True),
        "metric_filters": Int("metricFilterCount"),
        "log_class": "logGroupClass",
        "kms_key": "kmsKeyId",
        "kms_encrypted": Holds("kmsKeyId"),
        "data_protection": "dataProtectionStatus",
        "deletion_protection": Bool("deletionProtectionEnabled"),
        "created_at": Time("creationTime && to_string(creationTime)"),
    },
    relations=(Relation("uses", "kmsKeyId"),),
    acts={
        "delete": ("logs:DeleteLogGroup",),
        "update": ("logs:PutRetentionPolicy",),
        "encrypt": ("logs:AssociateKmsKey",),
        "tag": ("logs:TagResource",),
        "untag": ("logs:UntagResource",),
    },
)
