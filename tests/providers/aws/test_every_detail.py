"""What the details of a resource add arrives from a real emulator: tags, targets, members, policies."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from escher.contract.estate import Resource
from escher.providers.registry import resource_types
from tests.fixtures.live_aws import entered, sightings
from tests.fixtures.moto_cloud import SHOP, MotoCloud

TAGS = [{"Key": "env", "Value": "prod"}]


@pytest.fixture(scope="module")
def seeded(moto: MotoCloud) -> Iterator[MotoCloud]:
    """One thing of each type that has details, and keys to see it."""
    moto.reset()
    with entered():
        _seed_balancers(moto)
        _seed_data(moto)
        _seed_identities(moto)
        yield moto


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("aws_ec2_classic_load_balancer", {"listeners": 1, "targets": 0}),
        ("aws_ec2_application_load_balancer", {"listeners": 1, "deletion_protection": False, "public": True}),
        ("aws_ec2_target_group", {"targets": 1, "target_type": "instance"}),
        ("aws_efs_file_system", {"mount_targets": 1, "encrypted": True}),
        ("aws_rds_db_cluster", {"engine": "aurora-mysql", "backup_days": 1}),
        ("aws_rds_db_subnet_group", {"description": "inner"}),
        ("aws_rds_db_parameter_group", {"family": "postgres16"}),
        ("aws_elasticache_replication_group", {"description": "carts"}),
        ("aws_elasticache_subnet_group", {"description": "caches"}),
        ("aws_dynamodb_table", {"point_in_time_recovery": False}),
        ("aws_iam_role", {"attached_policies": ["deploy"]}),
        (
            "aws_iam_user",
            {"access_key_count": 1, "mfa_enabled": False, "console_access": True, "groups": ["developers"]},
        ),
        ("aws_iam_policy", {"attachments": 2, "description": "what deploying takes"}),
        ("aws_iam_instance_profile", {"path": "/"}),
    ],
)
def test_details_arrive(seeded: MotoCloud, name: str, expected: dict[str, Any]) -> None:
    """Every detail call is answered, tags are there, and the fields that it fills are right."""
    (resource,) = _resources(seeded, name)
    assert {field: resource.attributes.get(field) for field in expected} == expected
    assert resource.tags == {"env": "prod"}


def test_a_group_knows_its_members(seeded: MotoCloud) -> None:
    """Groups have no tags, but members and policies."""
    (group,) = _resources(seeded, "aws_iam_group")
    assert (group.attributes["members"], group.attributes["attached_policies"]) == (1, ["deploy"])


def test_ties_lead_from_the_balancer_to_the_instance(seeded: MotoCloud) -> None:
    """A load balancer routes to its target group, that to its targets; a policy grants to who bears it."""
    (balancer,) = _resources(seeded, "aws_ec2_application_load_balancer")
    (group,) = _resources(seeded, "aws_ec2_target_group")
    (policy,) = _resources(seeded, "aws_iam_policy")
    assert balancer.relations["routes_to"] == [group.resource_id]
    assert [one.partition("/")[0] for one in group.relations["routes_to"]] == ["aws_ec2_instance"]
    assert policy.relations["grants"] == ["aws_iam_role/deploy", "aws_iam_group/developers"]


def _resources(cloud: MotoCloud, name: str) -> list[Resource]:
    seen = sightings(cloud, resource_types()[name])
    assert [failure for one in seen for failure in one.failures] == []
    return [one.resource for one in seen if one.resource]


def _seed_balancers(cloud: MotoCloud) -> None:
    ec2, elb, elbv2 = (cloud.client(service, SHOP) for service in ("ec2", "elb", "elbv2"))
    subnets = [subnet["SubnetId"] for subnet in ec2.describe_subnets()["Subnets"]]
    vpc = ec2.describe_vpcs()["Vpcs"][0]["VpcId"]
    image = ec2.register_image(Name="web", RootDeviceName="/dev/xvda")["ImageId"]
    instance = ec2.run_instances(ImageId=image, MinCount=1, MaxCount=1)["Instances"][0]["InstanceId"]
    listener = {"Protocol": "HTTP", "LoadBalancerPort": 80, "InstancePort": 80}
    elb.create_load_balancer(LoadBalancerName="old", Listeners=[listener], Subnets=subnets[:1], Tags=TAGS)
    balancer = elbv2.create_load_balancer(Name="web", Scheme="internet-facing", Subnets=subnets[:2], Tags=TAGS)[
        "LoadBalancers"
    ][0]
    group = elbv2.create_target_group(Name="web", Protocol="HTTP", Port=80, VpcId=vpc, Tags=TAGS)["TargetGroups"][0]
    elbv2.register_targets(TargetGroupArn=group["TargetGroupArn"], Targets=[{"Id": instance}])
    forward = [{"Type": "forward", "TargetGroupArn": group["TargetGroupArn"]}]
    elbv2.create_listener(LoadBalancerArn=balancer["LoadBalancerArn"], Protocol="HTTP", Port=80, DefaultActions=forward)


def _seed_data(cloud: MotoCloud) -> None:
    subnet = cloud.client("ec2", SHOP).describe_subnets()["Subnets"][0]["SubnetId"]
    efs, rds, cache = (cloud.client(service, SHOP) for service in ("efs", "rds", "elasticache"))
    files = efs.create_file_system(CreationToken="shared", Encrypted=True, Tags=TAGS)["FileSystemId"]
    efs.create_mount_target(FileSystemId=files, SubnetId=subnet)
    rds.create_db_subnet_group(
        DBSubnetGroupName="inner", DBSubnetGroupDescription="inner", SubnetIds=[subnet], Tags=TAGS
    )
    rds.create_db_parameter_group(
        DBParameterGroupName="orders", DBParameterGroupFamily="postgres16", Description="orders", Tags=TAGS
    )
    rds.create_db_cluster(
        DBClusterIdentifier="reports", Engine="aurora-mysql", MasterUsername="a", MasterUserPassword="b" * 9, Tags=TAGS
    )
    cache.create_cache_subnet_group(
        CacheSubnetGroupName="caches", CacheSubnetGroupDescription="caches", SubnetIds=[subnet], Tags=TAGS
    )
    cache.create_replication_group(ReplicationGroupId="carts", ReplicationGroupDescription="carts", Tags=TAGS)
    cloud.client("dynamodb", SHOP).create_table(
        TableName="carts",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        Tags=TAGS,
    )


def _seed_identities(cloud: MotoCloud) -> None:
    iam = cloud.client("iam", SHOP)
    document = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}'
    policy = iam.create_policy(
        PolicyName="deploy", PolicyDocument=document, Description="what deploying takes", Tags=TAGS
    )["Policy"]["Arn"]
    iam.create_role(RoleName="deploy", AssumeRolePolicyDocument="{}", Tags=TAGS)
    iam.attach_role_policy(RoleName="deploy", PolicyArn=policy)
    iam.create_instance_profile(InstanceProfileName="web", Tags=TAGS)
    iam.create_user(UserName="ana", Tags=TAGS)
    iam.create_login_profile(UserName="ana", Password="correct-Horse-7")
    iam.create_access_key(UserName="ana")
    iam.create_group(GroupName="developers")
    iam.add_user_to_group(GroupName="developers", UserName="ana")
    iam.attach_group_policy(GroupName="developers", PolicyArn=policy)
