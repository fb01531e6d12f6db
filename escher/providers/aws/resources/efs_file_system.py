"""EFS file systems."""

from escher.providers.declarations import (
    Bool,
    DetailCall,
    Int,
    ListCall,
    Relation,
    ResourceType,
    StateRule,
    Texts,
    Time,
)

TYPE = ResourceType(
    name="aws_efs_file_system",
    native_type="AWS::EFS::FileSystem",
    kind="file_system",
    service="efs",
    listing=ListCall(
        "DescribeFileSystems", "FileSystems[]", permission="elasticfilesystem:DescribeFileSystems", page_size=100
    ),
    identifier="FileSystemId",
    resource_id="FileSystemArn",
    label="Name",
    zone="AvailabilityZoneName",
    tags="Tags",
    state=StateRule(
        "LifeCycleState",
        {
            "creating": "pending",
            "available": "available",
            "updating": "pending",
            "deleting": "deleting",
            "deleted": "deleted",
            "error": "error",
        },
    ),
    details=(
        DetailCall(
            "DescribeMountTargets",
            {"FileSystemId": "FileSystemId"},
            into="MountTargets",
            result="MountTargets",
            permission="elasticfilesystem:DescribeMountTargets",
        ),
        DetailCall(
            "DescribeBackupPolicy",
            {"FileSystemId": "FileSystemId"},
            into="BackupPolicy",
            result="BackupPolicy",
            permission="elasticfilesystem:DescribeBackupPolicy",
            absent=("PolicyNotFound",),
        ),
    ),
    gone=("FileSystemNotFound",),
    fields={
        "size_bytes": Int("SizeInBytes.Value", volatile=True),
        "encrypted": Bool("Encrypted"),
        "kms_key": "KmsKeyId",
        "performance_mode": "PerformanceMode",
        "throughput_mode": "ThroughputMode",
        "mount_targets": Int("NumberOfMountTargets"),
        "vpc_id": "MountTargets[0].VpcId",
        "subnets": Texts("MountTargets[].SubnetId"),
        "created_at": Time("CreationTime"),
    },
    relations=(
        Relation("member_of", "MountTargets[].SubnetId", "aws_vpc_subnet"),
        Relation("uses", "MountTargets[].NetworkInterfaceId", "aws_ec2_network_interface"),
        Relation("uses", "KmsKeyId"),
    ),
    acts={
        "delete": ("elasticfilesystem:DeleteFileSystem",),
        "update": ("elasticfilesystem:UpdateFileSystem",),
        "backup": ("elasticfilesystem:PutBackupPolicy",),
        "tag": ("elasticfilesystem:TagResource",),
        "untag": ("elasticfilesystem:UntagResource",),
    },
    backups="BackupPolicy.Status == 'ENABLED' || BackupPolicy.Status == 'ENABLING'",
    extras=("mount_targets",),
)
