"""EC2 instances. User data is not in the list answer and never asked for."""

from escher.providers.declarations import Holds, ListCall, Relation, ResourceType, StateRule, Texts, Time

TYPE = ResourceType(
    name="aws_ec2_instance",
    native_type="AWS::EC2::Instance",
    kind="compute_instance",
    service="ec2",
    listing=ListCall(
        "DescribeInstances", "Reservations[].Instances[]", permission="ec2:DescribeInstances", page_size=1_000
    ),
    identifier="InstanceId",
    resource_id="arn:{partition}:ec2:{region}:{account_id}:instance/{identifier}",
    zone="Placement.AvailabilityZone",
    tags="Tags",
    state=StateRule(
        "State.Name",
        {
            "pending": "pending",
            "running": "running",
            "stopping": "pending",
            "stopped": "stopped",
            "shutting-down": "deleting",
            "terminated": "deleted",
        },
    ),
    fields={
        "instance_type": "InstanceType",
        "private_ip": "PrivateIpAddress",
        "public_ip": "PublicIpAddress",
        "public": Holds("PublicIpAddress"),
        "created_at": Time("LaunchTime"),
        "vpc_id": "VpcId",
        "subnet_id": "SubnetId",
        "security_groups": Texts("SecurityGroups[].GroupId"),
        "volumes": Texts("BlockDeviceMappings[].Ebs.VolumeId"),
        "image_id": "ImageId",
        "architecture": "Architecture",
        "root_device_type": "RootDeviceType",
        "lifecycle": "InstanceLifecycle",
        "platform": "PlatformDetails",
        "key_name": "KeyName",
        "instance_profile": "IamInstanceProfile.Arn",
        "metadata_tokens": "MetadataOptions.HttpTokens",
    },
    relations=(
        Relation("member_of", "SubnetId", "aws_vpc_subnet"),
        Relation("member_of", "VpcId", "aws_vpc"),
        Relation("member_of", "Tags[?Key == 'aws:autoscaling:groupName'].Value", "aws_ec2_autoscaling_group"),
        Relation("member_of", "[Placement.GroupName][?@]", "aws_ec2_placement_group"),
        Relation("uses", "SecurityGroups[].GroupId", "aws_vpc_security_group"),
        Relation("uses", "ImageId", "aws_ec2_ami"),
        Relation("uses", "KeyName", "aws_ec2_key_pair"),
        Relation("uses", "IamInstanceProfile.Arn"),
        Relation("uses", "CapacityReservationId", "aws_ec2_capacity_reservation"),
    ),
    acts={
        "start": ("ec2:StartInstances",),
        "stop": ("ec2:StopInstances",),
        "reboot": ("ec2:RebootInstances",),
        "resize": ("ec2:StopInstances", "ec2:ModifyInstanceAttribute", "ec2:StartInstances"),
        "delete": ("ec2:TerminateInstances",),
        "update": ("ec2:ModifyInstanceAttribute",),
        "snapshot": ("ec2:CreateSnapshots",),
        "backup": ("ec2:CreateImage",),
        "attach": ("ec2:AttachVolume",),
        "detach": ("ec2:DetachVolume",),
        "tag": ("ec2:CreateTags",),
        "untag": ("ec2:DeleteTags",),
    },
    # A spot instance and one whose root is an instance store cannot be stopped like others.
    extras=("lifecycle", "root_device_type"),
)
