"""SQS queues. Of their attributes only those named here are asked for: not the policy."""

from escher.providers.declarations import DetailCall, Holds, Int, ListCall, Relation, ResourceType, Time

_QUEUE = {"QueueUrl": "QueueUrl"}
_ATTRIBUTES = (
    "QueueArn",
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible",
    "ApproximateNumberOfMessagesDelayed",
    "CreatedTimestamp",
    "LastModifiedTimestamp",
    "DelaySeconds",
    "MessageRetentionPeriod",
    "MaximumMessageSize",
    "VisibilityTimeout",
    "ReceiveMessageWaitTimeSeconds",
    "RedrivePolicy",
    "FifoQueue",
    "KmsMasterKeyId",
    "SqsManagedSseEnabled",
)

TYPE = ResourceType(
    name="aws_sqs_queue",
    native_type="AWS::SQS::Queue",
    kind="queue",
    service="sqs",
    # Of an account without queues, SQS leaves the list out of its answer.
    listing=ListCall("ListQueues", "(QueueUrls || `[]`)[].{QueueUrl: @}", permission="sqs:ListQueues", page_size=1_000),
    identifier="tail(QueueUrl, '/')",
    resource_id="arn:{partition}:sqs:{region}:{account_id}:{identifier}",
    tags="Tags",
    details=(
        DetailCall(
            "GetQueueAttributes",
            _QUEUE,
            into="Attributes",
            result="Attributes",
            parameters={"AttributeNames": list(_ATTRIBUTES)},
            permission="sqs:GetQueueAttributes",
        ),
        DetailCall("ListQueueTags", _QUEUE, into="Tags", result="Tags", permission="sqs:ListQueueTags"),
    ),
    gone=("AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist"),
    fields={
        "endpoint": "QueueUrl",
        "items": Int("Attributes.ApproximateNumberOfMessages", volatile=True),
        "in_flight": Int("Attributes.ApproximateNumberOfMessagesNotVisible", volatile=True),
        "delayed": Int("Attributes.ApproximateNumberOfMessagesDelayed", volatile=True),
        "fifo": Holds("Attributes.FifoQueue == 'true'", needs=("Attributes",)),
        "encrypted": Holds(
            "Attributes.KmsMasterKeyId || Attributes.SqsManagedSseEnabled == 'true'", needs=("Attributes",)
        ),
        "kms_key": "Attributes.KmsMasterKeyId",
        "dead_letters": Holds("Attributes.RedrivePolicy", needs=("Attributes",)),
        "delay_s": Int("Attributes.DelaySeconds"),
        "retention_s": Int("Attributes.MessageRetentionPeriod"),
        "visibility_s": Int("Attributes.VisibilityTimeout"),
        "max_message_bytes": Int("Attributes.MaximumMessageSize"),
        "created_at": Time("Attributes.CreatedTimestamp"),
        "last_modified": Time("Attributes.LastModifiedTimestamp"),
    },
    relations=(Relation("uses", "[Attributes.KmsMasterKeyId][?@ && starts_with(@, 'arn:')]"),),
    acts={
        "delete": ("sqs:DeleteQueue",),
        "update": ("sqs:SetQueueAttributes",),
        "encrypt": ("sqs:SetQueueAttributes",),
        "tag": ("sqs:TagQueue",),
        "untag": ("sqs:UntagQueue",),
    },
)
