"""Machine images that the account owns; those of others are left out."""

from escher.providers.declarations import Bool, Int, ListCall, Relation, ResourceType, StateRule, Texts, Time

TYPE = ResourceType(
    name="aws_ec2_ami",
    native_type="AWS::EC2::Image",
    kind="image",
    service="ec2",
    listing=ListCall(
        "DescribeImages",
        "Images[]",
        permission="ec2:DescribeImages",
        parameters={"Owners": ["self"], "IncludeDisabled": True},
        page_size=1_000,
    ),
    identifier="ImageId",
    # The ARN of an image names no account.
    resource_id="arn:{partition}:ec2:{region}::image/{identifier}",
    label="Name",
    tags="Tags",
    state=StateRule(
        "State",
        {
            "pending": "pending",
            "available": "available",
            "invalid": "error",
            "deregistered": "deleted",
            "transient": "pending",
            "failed": "error",
            "error": "error",
            "disabled": "stopped",
        },
    ),
    fields={
        "description": "Description",
        "created_at": Time("CreationDate"),
        "last_used_at": Time("LastLaunchedTime", volatile=True),
        "deprecated_at": Time("DeprecationTime"),
        "public": Bool("Public"),
        "architecture": "Architecture",
        "platform": "PlatformDetails",
        "root_device_type": "RootDeviceType",
        "size_gib": Int("sum(not_null(BlockDeviceMappings[].Ebs.VolumeSize, `[]`))"),
        "snapshots": Texts("BlockDeviceMappings[].Ebs.SnapshotId"),
        "deletion_protection": Bool(
            "DeregistrationProtection && "
            "(starts_with(DeregistrationProtection, 'enabled') || DeregistrationProtection == 'disabled-after-cooldown')"
        ),
    },
    relations=(
        Relation("uses", "BlockDeviceMappings[].Ebs.SnapshotId", "aws_ebs_snapshot"),
        Relation("copy_of", "SourceInstanceId", "aws_ec2_instance"),
        Relation("copy_of", "SourceImageId", "aws_ec2_ami"),
    ),
    acts={
        "delete": ("ec2:DeregisterImage",),
        "update": ("ec2:ModifyImageAttribute",),
        "enable": ("ec2:EnableImage",),
        "disable": ("ec2:DisableImage",),
        "tag": ("ec2:CreateTags",),
        "untag": ("ec2:DeleteTags",),
    },
    extras=("deletion_protection", "public"),
)
