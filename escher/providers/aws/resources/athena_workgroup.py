"""Work groups of Athena."""

from escher.providers.declarations import (
    Bool,
    DetailCall,
    Holds,
    Int,
    ListCall,
    Relation,
    ResourceType,
    StateRule,
    Time,
)

_ARN = "arn:{partition}:athena:{region}:{account_id}:workgroup/{identifier}"
_RESULTS = "Group.Configuration.ResultConfiguration"

TYPE = ResourceType(
    name="aws_athena_workgroup",
    native_type="AWS::Athena::WorkGroup",
    kind="analytics",
    service="athena",
    listing=ListCall(
        "ListWorkGroups",
        "WorkGroups[]",
        permission="athena:ListWorkGroups",
        parameters={"MaxResults": 50},
        next_page="NextToken",
    ),
    identifier="Name",
    resource_id=_ARN,
    tags="Tags",
    state=StateRule("State", {"ENABLED": "available", "DISABLED": "stopped"}),
    details=(
        DetailCall(
            "GetWorkGroup", {"WorkGroup": "Name"}, into="Group", result="WorkGroup", permission="athena:GetWorkGroup"
        ),
        DetailCall(
            "ListTagsForResource",
            {"ResourceARN": _ARN},
            into="Tags",
            result="Tags",
            permission="athena:ListTagsForResource",
        ),
    ),
    fields={
        "description": "Description",
        "engine_version": "EngineVersion.EffectiveEngineVersion",
        "scan_limit_bytes": Int("Group.Configuration.BytesScannedCutoffPerQuery"),
        "enforced": Bool("Group.Configuration.EnforceWorkGroupConfiguration"),
        "metrics_published": Bool("Group.Configuration.PublishCloudWatchMetricsEnabled"),
        "requester_pays": Bool("Group.Configuration.RequesterPaysEnabled"),
        "output": f"{_RESULTS}.OutputLocation",
        "encrypted": Holds(f"{_RESULTS}.EncryptionConfiguration", needs=("Group",)),
        "kms_key": f"{_RESULTS}.EncryptionConfiguration.KmsKey",
        "created_at": Time("CreationTime"),
    },
    relations=(Relation("uses", f"[{_RESULTS}.EncryptionConfiguration.KmsKey][?@ && starts_with(@, 'arn:')]"),),
    acts={
        "delete": ("athena:DeleteWorkGroup",),
        "update": ("athena:UpdateWorkGroup",),
        "enable": ("athena:UpdateWorkGroup",),
        "disable": ("athena:UpdateWorkGroup",),
        "tag": ("athena:TagResource",),
        "untag": ("athena:UntagResource",),
    },
)
