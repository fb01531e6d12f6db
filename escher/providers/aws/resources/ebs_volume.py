"""EBS volumes."""

from escher.providers.declarations import Bool, Holds, Int, ListCall, Relation, ResourceType, StateRule, Texts, Time

TYPE = ResourceType(
    name="aws_ebs_volume",
    native_type="AWS::EC2::Volume",
    kind="disk",
    service="ec2",
    listing=ListCall("DescribeVolumes", "Volumes[]", permission="ec2:DescribeVolumes", page_size=500),
    identifier="VolumeId",
    resource_id="arn:{partition}:ec2:{region}:{account_id}:volume/{identifier}",
    zone="AvailabilityZone",
    tags="Tags",
    state=StateRule(
        "State",
        {
            "creating": "pending",
            "available": "available",
            "in-use": "in_use",
            "deleting": "deleting",
            "deleted": "deleted",
            "error": "error",
        },
    ),
    fields={
        "size_gib": Int("Size"),
        "attached": Holds("Attachments[?State != 'detached']"),
        "attached_to": Texts("Attachments[?State != 'detached'].InstanceId"),
        "encrypted": Bool("Encrypted"),
        "volume_type": "VolumeType",
        "iops": Int("Iops"),
        "throughput_mibps": Int("Throughput"),
        "snapshot_id": "SnapshotId",
        "kms_key": "KmsKeyId",
        "multi_attach": Bool("MultiAttachEnabled"),
        "created_at": Time("CreateTime"),
    },
    relations=(
        Relation("attached_to", "Attachments[?State != 'detached'].InstanceId", "aws_ec2_instance"),
        Relation("copy_of", "[SnapshotId][?@]", "aws_ebs_snapshot"),
        Relation("uses", "KmsKeyId"),
    ),
    acts={
        "resize": ("ec2:ModifyVolume",),
        "update": ("ec2:ModifyVolume",),
        "delete": ("ec2:DeleteVolume",),
        "snapshot": ("ec2:CreateSnapshot",),
        "attach": ("ec2:AttachVolume",),
        "detach": ("ec2:DetachVolume",),
        "tag": ("ec2:CreateTags",),
        "untag": ("ec2:DeleteTags",),
    },
    extras=("attached", "multi_attach"),
)
