"""Trails of CloudTrail, in the region where each was made."""

from escher.providers.declarations import Bool, DetailCall, Holds, ListCall, Relation, ResourceType, StateRule, Time

TYPE = ResourceType(
    name="aws_cloudtrail_trail",
    native_type="AWS::CloudTrail::Trail",
    kind="log_group",
    service="cloudtrail",
    listing=ListCall(
        "DescribeTrails",
        "trailList[]",
        permission="cloudtrail:DescribeTrails",
        parameters={"includeShadowTrails": False},
    ),
    identifier="Name",
    resource_id="TrailARN",
    tags="Tags",
    state=StateRule(
        "(Status.IsLogging && 'logging') || (Status && 'not logging')",
        {"logging": "running", "not logging": "stopped"},
        missing="unknown",
    ),
    details=(
        DetailCall("GetTrailStatus", {"Name": "TrailARN"}, into="Status", permission="cloudtrail:GetTrailStatus"),
        DetailCall(
            "ListTags",
            {"ResourceIdList": "[TrailARN]"},
            into="Tags",
            result="ResourceTagList[0].TagsList",
            permission="cloudtrail:ListTags",
        ),
    ),
    gone=("TrailNotFoundException", "ResourceNotFoundException"),
    fields={
        "multi_region": Bool("IsMultiRegionTrail"),
        "organization": Bool("IsOrganizationTrail"),
        "global_events": Bool("IncludeGlobalServiceEvents"),
        "log_validation": Bool("LogFileValidationEnabled"),
        "bucket": "S3BucketName",
        "log_group": "CloudWatchLogsLogGroupArn",
        "topic": "tail(SnsTopicARN, ':')",
        "encrypted": Holds("KmsKeyId"),
        "kms_key": "KmsKeyId",
        "delivered_at": Time("Status.LatestDeliveryTime", volatile=True),
    },
    relations=(
        Relation("routes_to", "S3BucketName", to="aws_s3_bucket"),
        Relation("routes_to", "SnsTopicARN"),
        Relation("uses", "KmsKeyId"),
        Relation("uses", "CloudWatchLogsRoleArn"),
    ),
    acts={
        "start": ("cloudtrail:StartLogging",),
        "stop": ("cloudtrail:StopLogging",),
        "delete": ("cloudtrail:DeleteTrail",),
        "update": ("cloudtrail:UpdateTrail",),
        "encrypt": ("cloudtrail:UpdateTrail",),
        "tag": ("cloudtrail:AddTags",),
        "untag": ("cloudtrail:RemoveTags",),
    },
)
