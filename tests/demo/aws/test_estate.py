"""The seeded estate, as boto3 lists it: large, linked, tagged by what manages it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import product
from typing import Any

import jmespath
import pytest

from escher.demo.blueprint.company import ACCOUNTS, REGIONS
from tests.demo.aws.conftest import AwsDemo

pytestmark = [pytest.mark.demo, pytest.mark.xdist_group("demo-aws")]
REGIONAL = (
    ("ec2", "describe_instances", "Reservations[].Instances[].InstanceId"),
    ("ec2", "describe_volumes", "Volumes[].VolumeId"),
    ("ec2", "describe_snapshots", "Snapshots[].SnapshotId"),
    ("ec2", "describe_images", "Images[].ImageId"),
    ("ec2", "describe_security_groups", "SecurityGroups[].GroupId"),
    ("ec2", "describe_addresses", "Addresses[].AllocationId"),
    ("ec2", "describe_vpcs", "Vpcs[].VpcId"),
    ("ec2", "describe_subnets", "Subnets[].SubnetId"),
    ("ec2", "describe_route_tables", "RouteTables[].RouteTableId"),
    ("ec2", "describe_internet_gateways", "InternetGateways[].InternetGatewayId"),
    ("ec2", "describe_nat_gateways", "NatGateways[].NatGatewayId"),
    ("ec2", "describe_network_acls", "NetworkAcls[].NetworkAclId"),
    ("ec2", "describe_vpc_endpoints", "VpcEndpoints[].VpcEndpointId"),
    ("ec2", "describe_launch_templates", "LaunchTemplates[].LaunchTemplateId"),
    ("ec2", "describe_key_pairs", "KeyPairs[].KeyPairId"),
    ("autoscaling", "describe_auto_scaling_groups", "AutoScalingGroups[].AutoScalingGroupARN"),
    ("elbv2", "describe_load_balancers", "LoadBalancers[].LoadBalancerArn"),
    ("elbv2", "describe_target_groups", "TargetGroups[].TargetGroupArn"),
    ("elb", "describe_load_balancers", "LoadBalancerDescriptions[].LoadBalancerName"),
    ("rds", "describe_db_instances", "DBInstances[].DBInstanceArn"),
    ("rds", "describe_db_clusters", "DBClusters[].DBClusterArn"),
    ("rds", "describe_db_snapshots", "DBSnapshots[].DBSnapshotArn"),
    ("rds", "describe_db_cluster_snapshots", "DBClusterSnapshots[].DBClusterSnapshotArn"),
    ("rds", "describe_db_subnet_groups", "DBSubnetGroups[].DBSubnetGroupArn"),
    ("dynamodb", "list_tables", "TableNames[]"),
    ("lambda", "list_functions", "Functions[].FunctionArn"),
    ("efs", "describe_file_systems", "FileSystems[].FileSystemId"),
    ("elasticache", "describe_cache_clusters", "CacheClusters[].ARN"),
    ("redshift", "describe_clusters", "Clusters[].ClusterIdentifier"),
    ("opensearch", "list_domain_names", "DomainNames[].DomainName"),
    ("sqs", "list_queues", "QueueUrls[]"),
    ("sns", "list_topics", "Topics[].TopicArn"),
    ("kinesis", "list_streams", "StreamNames[]"),
    ("events", "list_rules", "Rules[].Arn"),
    ("stepfunctions", "list_state_machines", "stateMachines[].stateMachineArn"),
    ("ecs", "list_clusters", "clusterArns[]"),
    ("ecs", "list_task_definitions", "taskDefinitionArns[]"),
    ("eks", "list_clusters", "clusters[]"),
    ("ecr", "describe_repositories", "repositories[].repositoryArn"),
    ("secretsmanager", "list_secrets", "SecretList[].ARN"),
    ("ssm", "describe_parameters", "Parameters[].Name"),
    ("kms", "list_keys", "Keys[].KeyArn"),
    ("acm", "list_certificates", "CertificateSummaryList[].CertificateArn"),
    ("cloudwatch", "describe_alarms", "MetricAlarms[].AlarmArn"),
    ("logs", "describe_log_groups", "logGroups[].arn"),
    ("apigateway", "get_rest_apis", "items[].id"),
    ("apigatewayv2", "get_apis", "Items[].ApiId"),
    ("cloudformation", "describe_stacks", "Stacks[].StackId"),
    ("glue", "get_databases", "DatabaseList[].Name"),
    ("glue", "list_jobs", "JobNames[]"),
    ("athena", "list_work_groups", "WorkGroups[].Name"),
    ("batch", "describe_job_queues", "jobQueues[].jobQueueArn"),
    ("codebuild", "list_projects", "projects[]"),
    ("backup", "list_backup_vaults", "BackupVaultList[].BackupVaultArn"),
)
GLOBAL = (
    ("s3", "list_buckets", "Buckets[].Name"),
    ("iam", "list_roles", "Roles[].Arn"),
    ("iam", "list_users", "Users[].Arn"),
    ("iam", "list_groups", "Groups[].Arn"),
    ("iam", "list_policies", "Policies[].Arn"),
    ("iam", "list_instance_profiles", "InstanceProfiles[].Arn"),
    ("route53", "list_hosted_zones", "HostedZones[].Id"),
    ("cloudfront", "list_distributions", "DistributionList.Items[].ARN"),
    ("cloudtrail", "list_trails", "Trails[].TrailARN"),
)
_OURS: dict[str, dict[str, Any]] = {
    "describe_snapshots": {"OwnerIds": ["self"]},
    "describe_images": {"Owners": ["self"]},
    "list_policies": {"Scope": "Local"},
}


def _every(client: Any, operation: str, path: str) -> list[str]:
    asked = _OURS.get(operation, {})
    if client.can_paginate(operation):
        answers = list(client.get_paginator(operation).paginate(**asked))
    else:
        answers = [getattr(client, operation)(**asked)]
    return [one for answer in answers for one in jmespath.search(path, answer) or []]


@pytest.fixture(scope="module")
def found(served: AwsDemo) -> Counter[str]:
    """How many there are of each listing, over all accounts and regions."""
    number: Counter[str] = Counter()
    for (service, operation, path), account in product(REGIONAL, ACCOUNTS):
        for region in REGIONS:
            number[f"{service} {operation}"] += len(_every(served.client(service, account, region), operation, path))
    for (service, operation, path), account in product(GLOBAL, ACCOUNTS):
        number[f"{service} {operation}"] += len(_every(served.client(service, account), operation, path))
    return number


def test_there_are_at_least_1150_resources(found: Counter[str]) -> None:
    """AWS alone, in three accounts and three regions."""
    assert sum(found.values()) >= 1_150


def test_there_is_something_of_every_type(found: Counter[str]) -> None:
    """No listing is empty everywhere."""
    assert [listing for listing, number in found.items() if number == 0] == []


def _tagged(aws: AwsDemo, key: str, account: str, region: str) -> Iterator[str]:
    pages = aws.client("resourcegroupstaggingapi", account, region).get_paginator("get_resources")
    for page in pages.paginate(TagFilters=[{"Key": key}]):
        yield from (one["ResourceARN"] for one in page["ResourceTagMappingList"])


def test_tags_tell_what_manages_a_resource(aws: AwsDemo) -> None:
    """Terraform, a stack, a scaling group and a Kubernetes cluster each left theirs; the tagging API finds them."""
    assert len(list(_tagged(aws, "terraform", "web-shop", "us-east-1"))) >= 10
    assert len(list(_tagged(aws, "aws:cloudformation:stack-name", "web-shop", "us-east-1"))) >= 2
    assert list(_tagged(aws, "aws:autoscaling:groupName", "web-shop", "us-east-1"))
    assert list(_tagged(aws, "kubernetes.io/cluster/platform", "web-shop", "us-east-1"))


def test_a_stack_owns_what_it_made(aws: AwsDemo) -> None:
    """Its queue and topic are resources of the stack, and there."""
    owned = aws.client("cloudformation").list_stack_resources(StackName="orders-notifications")
    by_type = {one["ResourceType"]: one["PhysicalResourceId"] for one in owned["StackResourceSummaries"]}
    assert {"AWS::SQS::Queue", "AWS::SNS::Topic", "AWS::SSM::Parameter"} <= set(by_type)
    assert by_type["AWS::SNS::Topic"] in {one["TopicArn"] for one in aws.client("sns").list_topics()["Topics"]}


def test_balancers_lead_to_instances_of_a_scaling_group(aws: AwsDemo) -> None:
    """The targets of the shop's load balancer are the running instances that its group holds."""
    groups = aws.client("autoscaling").describe_auto_scaling_groups(AutoScalingGroupNames=["checkout-web-prod"])
    group = groups["AutoScalingGroups"][0]
    targets = aws.client("elbv2").describe_target_health(TargetGroupArn=group["TargetGroupARNs"][0])
    behind = {one["Target"]["Id"] for one in targets["TargetHealthDescriptions"]}
    held = {one["InstanceId"] for one in group["Instances"]}
    listed = aws.client("ec2").describe_instances(InstanceIds=sorted(held))
    names = {
        tag["Value"]
        for reservation in listed["Reservations"]
        for one in reservation["Instances"]
        for tag in one["Tags"]
        if tag["Key"] == "Name"
    }
    assert behind == held
    assert names == {f"checkout-web-prod-{number:02}" for number in range(1, 11)}


def test_copies_are_of_volumes_that_are_there(aws: AwsDemo) -> None:
    """Daily copies name an existing, attached volume; the weekly ones one that is gone."""
    ec2 = aws.client("ec2")
    copies = ec2.describe_snapshots(OwnerIds=["self"])["Snapshots"]
    volumes = {one["VolumeId"]: one for one in ec2.describe_volumes()["Volumes"]}
    daily = [one["VolumeId"] for one in copies if one["Description"].startswith("daily copy")]
    weekly = [one["VolumeId"] for one in copies if one["Description"].startswith("weekly copy")]
    assert all(volumes[one]["Attachments"] for one in daily)
    assert len(daily) == 4
    assert not set(weekly) & set(volumes)
