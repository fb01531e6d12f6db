"""Which resources a call names or makes: found by walking its parameters and its answer for ids, ARNs and names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

Touched = tuple[str, str]
"""A resource's CloudFormation type, empty when unknown, and its name."""

_ID = re.compile(r"([a-z]+)-[0-9a-f]{8,17}")
_TYPE_BY_PREFIX = {
    "i": "AWS::EC2::Instance",
    "vol": "AWS::EC2::Volume",
    "snap": "AWS::EC2::Snapshot",
    "ami": "AWS::EC2::Ami",
    "sg": "AWS::EC2::SecurityGroup",
    "vpc": "AWS::EC2::VPC",
    "subnet": "AWS::EC2::Subnet",
    "rtb": "AWS::EC2::RouteTable",
    "igw": "AWS::EC2::InternetGateway",
    "nat": "AWS::EC2::NatGateway",
    "acl": "AWS::EC2::NetworkAcl",
    "eni": "AWS::EC2::NetworkInterface",
    "eipalloc": "AWS::EC2::EIP",
    "lt": "AWS::EC2::LaunchTemplate",
    "vpce": "AWS::EC2::VPCEndpoint",
    "pcx": "AWS::EC2::VPCPeeringConnection",
    "fs": "AWS::EFS::FileSystem",
}
# By service: what the value of a key names.
_TYPE_BY_KEY: Mapping[str, Mapping[str, str]] = {
    "s3": {"Bucket": "AWS::S3::Bucket"},
    "ec2": {"KeyName": "AWS::EC2::KeyPair"},
    "rds": {
        "DBInstanceIdentifier": "AWS::RDS::DBInstance",
        "DBClusterIdentifier": "AWS::RDS::DBCluster",
        "DBSnapshotIdentifier": "AWS::RDS::DBSnapshot",
        "DBSubnetGroupName": "AWS::RDS::DBSubnetGroup",
    },
    "lambda": {"FunctionName": "AWS::Lambda::Function"},
    "dynamodb": {"TableName": "AWS::DynamoDB::Table"},
    "iam": {
        "RoleName": "AWS::IAM::Role",
        "UserName": "AWS::IAM::User",
        "GroupName": "AWS::IAM::Group",
        "InstanceProfileName": "AWS::IAM::InstanceProfile",
        "PolicyName": "AWS::IAM::Policy",
    },
    "sqs": {"QueueUrl": "AWS::SQS::Queue", "QueueName": "AWS::SQS::Queue"},
    "kinesis": {"StreamName": "AWS::Kinesis::Stream"},
    "eks": {"name": "AWS::EKS::Cluster", "clusterName": "AWS::EKS::Cluster"},
    "ecs": {"clusterName": "AWS::ECS::Cluster", "serviceName": "AWS::ECS::Service"},
    "ecr": {"repositoryName": "AWS::ECR::Repository"},
    "secretsmanager": {"SecretId": "AWS::SecretsManager::Secret", "ARN": "AWS::SecretsManager::Secret"},
    "ssm": {"Name": "AWS::SSM::Parameter"},
    "kms": {"KeyId": "AWS::KMS::Key", "AliasName": "AWS::KMS::Alias"},
    "logs": {"logGroupName": "AWS::Logs::LogGroup"},
    "events": {"Name": "AWS::Events::Rule", "Rule": "AWS::Events::Rule"},
    "autoscaling": {
        "AutoScalingGroupName": "AWS::AutoScaling::AutoScalingGroup",
        "LaunchConfigurationName": "AWS::AutoScaling::LaunchConfiguration",
    },
    "elasticloadbalancing": {"LoadBalancerName": "AWS::ElasticLoadBalancing::LoadBalancer"},
    "cloudformation": {"StackName": "AWS::CloudFormation::Stack"},
    "elasticache": {"CacheClusterId": "AWS::ElastiCache::CacheCluster"},
    "monitoring": {"AlarmName": "AWS::CloudWatch::Alarm", "AlarmNames": "AWS::CloudWatch::Alarm"},
    "redshift": {"ClusterIdentifier": "AWS::Redshift::Cluster"},
}
_TYPE_BY_ARN = {
    ("sns", ""): "AWS::SNS::Topic",
    ("states", "stateMachine"): "AWS::StepFunctions::StateMachine",
    ("elasticloadbalancing", "loadbalancer"): "AWS::ElasticLoadBalancingV2::LoadBalancer",
    ("elasticloadbalancing", "targetgroup"): "AWS::ElasticLoadBalancingV2::TargetGroup",
    ("iam", "policy"): "AWS::IAM::Policy",
    ("iam", "role"): "AWS::IAM::Role",
    ("lambda", "function"): "AWS::Lambda::Function",
    ("dynamodb", "table"): "AWS::DynamoDB::Table",
    ("kms", "key"): "AWS::KMS::Key",
    ("secretsmanager", "secret"): "AWS::SecretsManager::Secret",
    ("ecs", "cluster"): "AWS::ECS::Cluster",
    ("ecs", "service"): "AWS::ECS::Service",
    ("rds", "db"): "AWS::RDS::DBInstance",
    ("rds", "cluster"): "AWS::RDS::DBCluster",
    ("rds", "snapshot"): "AWS::RDS::DBSnapshot",
    ("acm", "certificate"): "AWS::CertificateManager::Certificate",
    ("cloudformation", "stack"): "AWS::CloudFormation::Stack",
    ("elasticfilesystem", "file-system"): "AWS::EFS::FileSystem",
}
# Roles, keys and the like that a call merely uses are named in its parameters too; AWS lists them as well.
_SKIPPED = frozenset({"ResponseMetadata", "ClientToken", "RequestId", "Policy", "PolicyDocument", "Tags", "tags"})


def touched(service: str, *documents: Any) -> list[Touched]:
    """Every resource named, each once, in the order found."""
    return list(dict.fromkeys(found for document in documents for found in _walk(service, "", document)))


def _walk(service: str, key: str, value: Any) -> Iterator[Touched]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            if name not in _SKIPPED:
                yield from _walk(service, name, inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _walk(service, key, inner)
    elif isinstance(value, str) and value:
        yield from _named(service, key, value)


def _named(service: str, key: str, value: str) -> Iterator[Touched]:
    found = _ID.fullmatch(value)
    if found and found[1] in _TYPE_BY_PREFIX:
        yield _TYPE_BY_PREFIX[found[1]], value
    elif by_key := _type_of_key(service, key):
        yield by_key, value
    elif value.startswith("arn:"):
        yield _type_of_arn(value), value


def _type_of_key(service: str, key: str) -> str:
    """The type that a key's value names, whatever the case of its first letter."""
    known = _TYPE_BY_KEY.get(service, {})
    return next((known[name] for name in (key, key[:1].upper() + key[1:]) if name in known), "")


def _type_of_arn(arn: str) -> str:
    parts = arn.split(":", 5)
    if len(parts) < 6:
        return ""
    kind = re.split(r"[:/]", parts[5])[0]
    return _TYPE_BY_ARN.get((parts[2], kind), _TYPE_BY_ARN.get((parts[2], ""), ""))
