"""Firehose delivery streams. What they deliver to is described with credentials in places; only its kind is kept."""

from escher.providers.declarations import DetailCall, Holds, ListCall, Relation, ResourceType, StateRule, Time

_STREAM = {"DeliveryStreamName": "DeliveryStreamName"}
_TARGET = "Stream.Destinations[0]"

TYPE = ResourceType(
    name="aws_kinesis_firehose_delivery_stream",
    native_type="AWS::KinesisFirehose::DeliveryStream",
    kind="stream",
    service="firehose",
    # Without the limit an answer names ten, and botocore knows no pages of it. No account may have more.
    listing=ListCall(
        "ListDeliveryStreams",
        "DeliveryStreamNames[].{DeliveryStreamName: @}",
        permission="firehose:ListDeliveryStreams",
        parameters={"Limit": 10_000},
    ),
    identifier="DeliveryStreamName",
    resource_id="arn:{partition}:firehose:{region}:{account_id}:deliverystream/{identifier}",
    tags="Tags",
    state=StateRule(
        "Stream.DeliveryStreamStatus",
        {
            "CREATING": "pending",
            "CREATING_FAILED": "error",
            "ACTIVE": "available",
            "DELETING": "deleting",
            "DELETING_FAILED": "error",
        },
        missing="unknown",
    ),
    details=(
        DetailCall(
            "DescribeDeliveryStream",
            _STREAM,
            into="Stream",
            result="DeliveryStreamDescription",
            permission="firehose:DescribeDeliveryStream",
        ),
        DetailCall(
            "ListTagsForDeliveryStream",
            _STREAM,
            into="Tags",
            result="Tags",
            parameters={"Limit": 50},
            permission="firehose:ListTagsForDeliveryStream",
        ),
    ),
    gone=("ResourceNotFoundException",),
    fields={
        "stream_type": "Stream.DeliveryStreamType",
        "encrypted": Holds("Stream.DeliveryStreamEncryptionConfiguration.Status == 'ENABLED'", needs=("Stream",)),
        "kms_key": "Stream.DeliveryStreamEncryptionConfiguration.KeyARN",
        "source_stream": "Stream.Source.KinesisStreamSourceDescription.KinesisStreamARN",
        "target_type": f"({_TARGET}.RedshiftDestinationDescription && 'redshift')"
        f" || ({_TARGET}.AmazonopensearchserviceDestinationDescription && 'opensearch')"
        f" || ({_TARGET}.SplunkDestinationDescription && 'splunk')"
        f" || ({_TARGET}.HttpEndpointDestinationDescription && 'http')"
        f" || ({_TARGET}.SnowflakeDestinationDescription && 'snowflake')"
        f" || ({_TARGET}.ExtendedS3DestinationDescription && 's3')",
        "target": f"{_TARGET}.ExtendedS3DestinationDescription.BucketARN",
        "role": f"{_TARGET}.ExtendedS3DestinationDescription.RoleARN",
        "created_at": Time("Stream.CreateTimestamp"),
        "last_modified": Time("Stream.LastUpdateTimestamp"),
    },
    relations=(
        Relation("uses", "Stream.Source.KinesisStreamSourceDescription.KinesisStreamARN"),
        Relation("uses", f"{_TARGET}.ExtendedS3DestinationDescription.RoleARN"),
        Relation("uses", "Stream.DeliveryStreamEncryptionConfiguration.KeyARN"),
        Relation("routes_to", f"{_TARGET}.ExtendedS3DestinationDescription.BucketARN"),
    ),
    acts={
        "delete": ("firehose:DeleteDeliveryStream",),
        "update": ("firehose:UpdateDestination",),
        "encrypt": ("firehose:StartDeliveryStreamEncryption",),
        "tag": ("firehose:TagDeliveryStream",),
        "untag": ("firehose:UntagDeliveryStream",),
    },
)
