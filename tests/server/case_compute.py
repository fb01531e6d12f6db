"""How the things of EC2 that the library's cases name are made in moto; each maker gives the identifier."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from escher_server.library.cases import Thing

# Not us-east-1: there, version 1 of the CLI sends `aws rds` past AWS_ENDPOINT_URL (its overridesslcommonname.py).
REGION = "us-west-2"
ZONE = f"{REGION}a"
IMAGE = "ami-12c6146b"
Client = Callable[[str], Any]


def pairs(thing: Thing) -> list[dict[str, str]]:
    """The tags as most services take them."""
    return [{"Key": key, "Value": value} for key, value in thing.tags.items()]


def _specification(kind: str, thing: Thing) -> list[dict[str, Any]]:
    return [{"ResourceType": kind, "Tags": pairs(thing)}] if thing.tags else []


def _started(ec2: Any, **settings: Any) -> str:
    answer = ec2.run_instances(ImageId=IMAGE, MinCount=1, MaxCount=1, **settings)
    return answer["Instances"][0]["InstanceId"]


def _instance(client: Client, thing: Thing) -> str:
    ec2, facts = client("ec2"), thing.facts
    identifier = _started(
        ec2,
        InstanceType=facts.get("instance_type", "t3.micro"),
        MetadataOptions={"HttpTokens": facts.get("metadata_tokens", "optional"), "HttpEndpoint": "enabled"},
        TagSpecifications=_specification("instance", thing),
    )
    if facts.get("state") == "stopped":
        ec2.stop_instances(InstanceIds=[identifier])
    if facts.get("state") == "terminated":
        ec2.terminate_instances(InstanceIds=[identifier])
    return identifier


def _volume(client: Client, thing: Thing) -> str:
    ec2, facts = client("ec2"), thing.facts
    identifier = ec2.create_volume(
        Size=facts.get("size_gib", 8),
        VolumeType=facts.get("volume_type", "gp3"),
        AvailabilityZone=ZONE,
        TagSpecifications=_specification("volume", thing),
    )["VolumeId"]
    if facts.get("attached"):
        ec2.attach_volume(VolumeId=identifier, InstanceId=_started(ec2), Device="/dev/sdf")
    return identifier


def _snapshot(client: Client, thing: Thing) -> str:
    """With the fact `imaged`, it is the one that belongs to an image."""
    ec2 = client("ec2")
    if thing.facts.get("imaged"):
        image = ec2.create_image(InstanceId=_started(ec2), Name=f"image-{thing.name}")["ImageId"]
        return ec2.describe_images(ImageIds=[image])["Images"][0]["BlockDeviceMappings"][0]["Ebs"]["SnapshotId"]
    volume = ec2.create_volume(Size=8, AvailabilityZone=ZONE)["VolumeId"]
    answer = ec2.create_snapshot(VolumeId=volume, TagSpecifications=_specification("snapshot", thing))
    return answer["SnapshotId"]


def _image(client: Client, thing: Thing) -> str:
    """With the fact `used`, an instance runs from it."""
    ec2 = client("ec2")
    identifier = ec2.create_image(InstanceId=_started(ec2), Name=f"image-{thing.name}")["ImageId"]
    if thing.facts.get("public"):
        ec2.modify_image_attribute(ImageId=identifier, LaunchPermission={"Add": [{"Group": "all"}]})
    if thing.facts.get("used"):
        ec2.run_instances(ImageId=identifier, MinCount=1, MaxCount=1)
    return identifier


def _group(client: Client, thing: Thing) -> str:
    """The fact `rules` lists rules as `port source description`; with `used`, an instance has it."""
    ec2 = client("ec2")
    identifier = ec2.create_security_group(
        GroupName=thing.name, Description="case", TagSpecifications=_specification("security-group", thing)
    )["GroupId"]
    for rule in thing.facts.get("rules", ()):
        port, source, note = f"{rule} ".split(" ", 2)
        ranges, member = ("Ipv6Ranges", "CidrIpv6") if ":" in source else ("IpRanges", "CidrIp")
        allowed = {member: source} | ({"Description": note.strip()} if note.strip() else {})
        permission = {"IpProtocol": "tcp", "FromPort": int(port), "ToPort": int(port), ranges: [allowed]}
        ec2.authorize_security_group_ingress(GroupId=identifier, IpPermissions=[permission])
    if thing.facts.get("used"):
        _started(ec2, SecurityGroupIds=[identifier])
    return identifier


def rules_of(client: Client, group: str) -> list[str]:
    """The rules of a group as the fact `rules` lists them, sorted."""
    found = client("ec2").describe_security_groups(GroupIds=[group])["SecurityGroups"][0]["IpPermissions"]
    return sorted(
        f"{permission['FromPort']} {source.get('CidrIp') or source['CidrIpv6']} {source.get('Description', '')}".strip()
        for permission in found
        for source in (*permission["IpRanges"], *permission["Ipv6Ranges"])
    )


def _subnet(client: Client, thing: Thing) -> str:
    ec2 = client("ec2")
    network = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    identifier = ec2.create_subnet(VpcId=network, CidrBlock="10.0.1.0/24")["Subnet"]["SubnetId"]
    if thing.facts.get("public_ip_on_launch"):
        ec2.modify_subnet_attribute(SubnetId=identifier, MapPublicIpOnLaunch={"Value": True})
    return identifier


def _address(client: Client, thing: Thing) -> str:
    ec2 = client("ec2")
    identifier = ec2.allocate_address(Domain="vpc", TagSpecifications=_specification("elastic-ip", thing))[
        "AllocationId"
    ]
    if thing.facts.get("attached"):
        ec2.associate_address(AllocationId=identifier, InstanceId=_started(ec2))
    return identifier


def _scaling_group(client: Client, thing: Thing) -> str:
    client("ec2").create_launch_template(
        LaunchTemplateName=thing.name, LaunchTemplateData={"ImageId": IMAGE, "InstanceType": "t3.micro"}
    )
    client("autoscaling").create_auto_scaling_group(
        AutoScalingGroupName=thing.name,
        LaunchTemplate={"LaunchTemplateName": thing.name},
        MinSize=thing.facts.get("min_size", 0),
        MaxSize=thing.facts.get("max_size", 5),
        DesiredCapacity=thing.facts.get("desired_capacity", 1),
        AvailabilityZones=[ZONE],
    )
    return thing.name


def _balancer(client: Client, thing: Thing) -> str:
    subnets = [subnet["SubnetId"] for subnet in client("ec2").describe_subnets()["Subnets"][:2]]
    elbv2 = client("elbv2")
    kind = {"aws_ec2_network_load_balancer": "network"}.get(thing.resource_type, "application")
    made = elbv2.create_load_balancer(Name=thing.name, Subnets=subnets, Type=kind)["LoadBalancers"][0]
    if thing.facts.get("deletion_protection"):
        protected = {"Key": "deletion_protection.enabled", "Value": "true"}
        elbv2.modify_load_balancer_attributes(LoadBalancerArn=made["LoadBalancerArn"], Attributes=[protected])
    return thing.name


COMPUTE: Mapping[str, Callable[[Client, Thing], str]] = {
    "aws_ec2_instance": _instance,
    "aws_ebs_volume": _volume,
    "aws_ebs_snapshot": _snapshot,
    "aws_ec2_ami": _image,
    "aws_vpc_security_group": _group,
    "aws_vpc_subnet": _subnet,
    "aws_vpc_eip": _address,
    "aws_ec2_autoscaling_group": _scaling_group,
    "aws_ec2_application_load_balancer": _balancer,
    "aws_ec2_network_load_balancer": _balancer,
}
