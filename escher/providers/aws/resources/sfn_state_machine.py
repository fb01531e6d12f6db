"""State machines of Step Functions. Their definitions come with the details and are dropped."""

from escher.providers.declarations import Bool, DetailCall, ListCall, Relation, ResourceType, StateRule, Time

_MACHINE = "stateMachineArn"

TYPE = ResourceType(
    name="aws_sfn_state_machine",
    native_type="AWS::StepFunctions::StateMachine",
    kind="workflow",
    service="stepfunctions",
    listing=ListCall("ListStateMachines", "stateMachines[]", permission="states:ListStateMachines", page_size=1_000),
    identifier="name",
    resource_id=_MACHINE,
    tags="Tags",
    state=StateRule("Machine.status", {"ACTIVE": "available", "DELETING": "deleting"}),
    details=(
        DetailCall(
            "DescribeStateMachine", {_MACHINE: _MACHINE}, into="Machine", permission="states:DescribeStateMachine"
        ),
        DetailCall(
            "ListTagsForResource",
            {"resourceArn": _MACHINE},
            into="Tags",
            result="tags",
            permission="states:ListTagsForResource",
        ),
    ),
    gone=("StateMachineDoesNotExist", "ResourceNotFound"),
    fields={
        "machine_type": "type",
        "description": "Machine.description",
        "role": "Machine.roleArn",
        "log_level": "Machine.loggingConfiguration.level",
        "tracing": Bool("Machine.tracingConfiguration.enabled"),
        "kms_key": "Machine.encryptionConfiguration.kmsKeyId",
        "created_at": Time("creationDate"),
    },
    relations=(
        Relation("uses", "Machine.roleArn"),
        Relation("uses", "[Machine.encryptionConfiguration.kmsKeyId][?@ && starts_with(@, 'arn:')]"),
    ),
    acts={
        "delete": ("states:DeleteStateMachine",),
        "start": ("states:StartExecution",),
        "update": ("states:UpdateStateMachine",),
        "tag": ("states:TagResource",),
        "untag": ("states:UntagResource",),
    },
)
