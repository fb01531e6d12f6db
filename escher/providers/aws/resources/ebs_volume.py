"""EBS volumes."""

from escher.providers.declarations import Bool, Holds, Int, ListCall, ResourceType, StateRule, Texts, Time

TYPE = ResourceType(
    name="aws_ebs_volume",
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
        "created_at": Time("CreateTime"),
    },
)
