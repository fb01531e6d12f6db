"""Job queues of AWS Batch."""

from escher.providers.declarations import Int, ListCall, Relation, ResourceType, StateRule, Texts

TYPE = ResourceType(
    name="aws_batch_job_queue",
    native_type="AWS::Batch::JobQueue",
    kind="queue",
    service="batch",
    listing=ListCall("DescribeJobQueues", "jobQueues[]", permission="batch:DescribeJobQueues", page_size=100),
    identifier="jobQueueName",
    resource_id="jobQueueArn",
    tags="tags",
    state=StateRule(
        "(status == 'VALID' && state == 'DISABLED' && 'DISABLED') || status",
        {
            "CREATING": "pending",
            "UPDATING": "available",
            "DELETING": "deleting",
            "DELETED": "deleted",
            "VALID": "available",
            "INVALID": "error",
            "DISABLED": "stopped",
        },
    ),
    fields={
        "priority": Int("priority"),
        "queue_type": "jobQueueType",
        "scheduling_policy": "schedulingPolicyArn",
        "compute_environments": Texts("computeEnvironmentOrder[].computeEnvironment", last=True),
        "status_reason": "statusReason",
    },
    relations=(Relation("routes_to", "computeEnvironmentOrder[].computeEnvironment"),),
    acts={
        "enable": ("batch:UpdateJobQueue",),
        "disable": ("batch:UpdateJobQueue",),
        "delete": ("batch:DeleteJobQueue",),
        "update": ("batch:UpdateJobQueue",),
        "tag": ("batch:TagResource",),
        "untag": ("batch:UntagResource",),
    },
)
