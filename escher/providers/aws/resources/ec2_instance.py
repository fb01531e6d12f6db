"""EC2 instances. User data is not in the list answer and never asked for."""

from escher.providers.declarations import Holds, ListCall, ResourceType, StateRule, Texts, Time

TYPE = ResourceType(
    name="aws_ec2_instance",
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
    },
)
