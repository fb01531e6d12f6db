"""File systems of FSx: Windows, Lustre, ONTAP and OpenZFS."""

from escher.providers.declarations import Holds, Int, ListCall, Relation, ResourceType, StateRule, Texts, Time

_OF_ITS_KIND = (
    "WindowsConfiguration.{0} || LustreConfiguration.{0} || OntapConfiguration.{0} || OpenZFSConfiguration.{0}".format
)
_DAYS = _OF_ITS_KIND("AutomaticBackupRetentionDays")

TYPE = ResourceType(
    name="aws_fsx_file_system",
    native_type="AWS::FSx::FileSystem",
    kind="file_system",
    service="fsx",
    listing=ListCall("DescribeFileSystems", "FileSystems[]", permission="fsx:DescribeFileSystems", page_size=100),
    identifier="FileSystemId",
    resource_id="ResourceARN",
    tags="Tags",
    state=StateRule(
        "Lifecycle",
        {
            "AVAILABLE": "available",
            "CREATING": "pending",
            "FAILED": "error",
            "DELETING": "deleting",
            "MISCONFIGURED": "error",
            "UPDATING": "available",
            "MISCONFIGURED_UNAVAILABLE": "error",
        },
    ),
    fields={
        "engine": "FileSystemType",
        "engine_version": "FileSystemTypeVersion",
        "size_gib": Int("StorageCapacity"),
        "storage_type": "StorageType",
        "throughput_mbps": Int(_OF_ITS_KIND("ThroughputCapacity")),
        "deployment": _OF_ITS_KIND("DeploymentType"),
        "endpoint": "DNSName",
        "vpc_id": "VpcId",
        "subnets": Texts("SubnetIds"),
        "backup_days": Int(_DAYS),
        "maintenance_window": _OF_ITS_KIND("WeeklyMaintenanceStartTime"),
        "encrypted": Holds("KmsKeyId"),
        "kms_key": "KmsKeyId",
        "created_at": Time("CreationTime"),
    },
    relations=(
        Relation("member_of", "VpcId", to="aws_vpc"),
        Relation("member_of", "SubnetIds", to="aws_vpc_subnet"),
        Relation("uses", "NetworkInterfaceIds", to="aws_ec2_network_interface"),
        Relation("uses", "KmsKeyId"),
    ),
    acts={
        "resize": ("fsx:UpdateFileSystem",),
        "backup": ("fsx:CreateBackup",),
        "delete": ("fsx:DeleteFileSystem",),
        "update": ("fsx:UpdateFileSystem",),
        "tag": ("fsx:TagResource",),
        "untag": ("fsx:UntagResource",),
    },
    backups=f"[{_DAYS}][?@ > `0`]",
)
