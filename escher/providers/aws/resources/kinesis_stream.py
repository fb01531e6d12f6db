"""Kinesis data streams."""

from escher.providers.declarations import DetailCall, Holds, Int, ListCall, Relation, ResourceType, StateRule, Time

_STREAM = {"StreamName": "StreamName"}

TYPE = ResourceType(
    name="aws_kinesis_stream",
    native_type="AWS::Kinesis::Stream",
    kind="stream",
    service="kinesis",
    listing=ListCall("ListStreams", "StreamNames[].{StreamName: @}", permission="kinesis:ListStreams", page_size=1_000),
    identifier="StreamName",
    resource_id="arn:{partition}:kinesis:{region}:{account_id}:stream/{identifier}",
    tags="Tags",
    state=StateRule(
        "Stream.StreamStatus",
        {"CREATING": "pending", "ACTIVE": "available", "UPDATING": "available", "DELETING": "deleting"},
        missing="unknown",
    ),
    details=(
        DetailCall(
            "DescribeStreamSummary",
            _STREAM,
            into="Stream",
            result="StreamDescriptionSummary",
            permission="kinesis:DescribeStreamSummary",
        ),
        DetailCall(
            "ListTagsForStream",
            _STREAM,
            into="Tags",
            result="Tags",
            parameters={"Limit": 50},
            permission="kinesis:ListTagsForStream",
        ),
    ),
    gone=("ResourceNotFoundException",),
    fields={
        "capacity_mode": "Stream.StreamModeDetails.StreamMode",
        "shards": Int("Stream.OpenShardCount"),
        "consumers": Int("Stream.ConsumerCount"),
        "retention_hours": Int("Stream.RetentionPeriodHours"),
        "encrypted": Holds("Stream.EncryptionType == 'KMS'", needs=("Stream",)),
        "kms_key": "Stream.KeyId",
        "created_at": Time("Stream.StreamCreationTimestamp"),
    },
    relations=(Relation("uses", "[Stream.KeyId][?@ && starts_with(@, 'arn:')]"),),
    acts={
        "delete": ("kinesis:DeleteStream",),
        "scale": ("kinesis:UpdateShardCount",),
        "update": ("kinesis:UpdateStreamMode",),
        "encrypt": ("kinesis:StartStreamEncryption",),
        "tag": ("kinesis:AddTagsToStream",),
        "untag": ("kinesis:RemoveTagsFromStream",),
    },
)
