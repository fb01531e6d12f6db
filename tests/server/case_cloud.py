"""The estates of the library's cases, made in moto with boto3 and read back as a scan reads them."""

from __future__ import annotations

import asyncio
import io
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

import boto3
from botocore.config import Config

from escher.contract.estate import GLOBAL, Account, Resource
from escher.providers.aws.reader import AwsReader
from escher.providers.aws.session import AwsAccess
from escher.providers.registry import resource_types
from escher.providers.source import Sighting, Unit
from escher_server.library.cases import Case, Thing

# Not us-east-1: there, version 1 of the CLI sends `aws rds` past AWS_ENDPOINT_URL (its overridesslcommonname.py).
REGION = "us-west-2"
ACCOUNT_ID = "123456789012"
_FLAGS = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
_BLOCKED = ("block_public_acls", "ignore_public_acls", "block_public_policy", "restrict_public_buckets")
_TRUST = '{"Version":"2012-10-17","Statement":[]}'


class CaseCloud:
    """One account in one region of a moto server. `endpoint` is its address."""

    def __init__(self, endpoint: str) -> None:
        self.account = Account(
            provider="aws", account_id=ACCOUNT_ID, name="case", regions=(REGION,), endpoint_url=endpoint
        )
        self._identifiers: dict[str, tuple[str, str]] = {}

    def build(self, case: Case) -> None:
        """Make everything of a case."""
        for alias in {str(value) for value in self._keys(case)}:
            key = self._client("kms").create_key()["KeyMetadata"]["KeyId"]
            self._client("kms").create_alias(AliasName=alias, TargetKeyId=key)
        for thing in case.estate:
            self._identifiers[thing.name] = (thing.resource_type, _MAKE[thing.resource_type](self._client, thing))

    def read(self, case: Case) -> dict[str, Resource]:
        """What there is of the case's things now, by their names in the case, as a scan reads it."""
        types = {thing.resource_type for thing in case.estate}
        seen = {(found.resource_type, found.identifier): found for name in types for found in self._scan(name)}
        return {name: seen[key] for name, key in self._identifiers.items() if key in seen}

    def observe(self, case: Case, name: str, facts: Mapping[str, Any]) -> dict[str, Any] | None:
        """The given facts of one thing as they are now, or None when it is gone."""
        resource = self.read(case).get(name)
        if resource is None:
            return None
        return {fact: self._fact(resource, fact) for fact in facts}

    def _scan(self, resource_type: str) -> list[Resource]:
        declared = resource_types()[resource_type]
        sightings = asyncio.run(_seen(Unit(self.account, GLOBAL if declared.reach == "global" else REGION, declared)))
        assert [failure for sighting in sightings for failure in sighting.failures] == []
        return [sighting.resource for sighting in sightings if sighting.resource]

    def _fact(self, resource: Resource, fact: str) -> Any:
        match fact:
            case "state":
                return resource.state
            case "tags":
                return resource.tags
            case "snapshots":
                return len(
                    [s for s in self._scan("aws_ebs_snapshot") if s.attributes["volume_id"] == resource.identifier]
                )
            case "blocked":
                flags = [resource.attributes.get(name) for name in _BLOCKED]
                return None if set(flags) == {None} else flags
            case _:
                return resource.attributes.get(fact)

    def _keys(self, case: Case) -> list[Any]:
        things = [thing.facts["kms_key"] for thing in case.estate if "kms_key" in thing.facts]
        return [*things, *[value for name, value in case.parameters.items() if name == "kms_key"]]

    def _client(self, service: str) -> Any:
        patient = Config(read_timeout=300, retries={"total_max_attempts": 1})
        return boto3.client(service, region_name=REGION, endpoint_url=self.account.endpoint_url, config=patient)


_Client = Callable[[str], Any]


def _pairs(thing: Thing) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in thing.tags.items()]


def _specification(kind: str, thing: Thing) -> list[dict[str, Any]]:
    return [{"ResourceType": kind, "Tags": _pairs(thing)}] if thing.tags else []


def _instance(client: _Client, thing: Thing) -> str:
    answer = client("ec2").run_instances(
        ImageId="ami-12c6146b",
        MinCount=1,
        MaxCount=1,
        InstanceType=thing.facts.get("instance_type", "t3.micro"),
        TagSpecifications=_specification("instance", thing),
    )
    identifier = answer["Instances"][0]["InstanceId"]
    if thing.facts.get("state") == "stopped":
        client("ec2").stop_instances(InstanceIds=[identifier])
    if thing.facts.get("state") == "terminated":
        client("ec2").terminate_instances(InstanceIds=[identifier])
    return identifier


def _volume(client: _Client, thing: Thing) -> str:
    ec2 = client("ec2")
    identifier = ec2.create_volume(
        Size=8, AvailabilityZone=f"{REGION}a", TagSpecifications=_specification("volume", thing)
    )["VolumeId"]
    if thing.facts.get("attached"):
        instance = ec2.run_instances(ImageId="ami-12c6146b", MinCount=1, MaxCount=1)["Instances"][0]["InstanceId"]
        ec2.attach_volume(VolumeId=identifier, InstanceId=instance, Device="/dev/sdf")
    return identifier


def _snapshot(client: _Client, thing: Thing) -> str:
    volume = client("ec2").create_volume(Size=8, AvailabilityZone=f"{REGION}a")["VolumeId"]
    answer = client("ec2").create_snapshot(VolumeId=volume, TagSpecifications=_specification("snapshot", thing))
    return answer["SnapshotId"]


def _group(client: _Client, thing: Thing) -> str:
    answer = client("ec2").create_security_group(
        GroupName=thing.name, Description="case", TagSpecifications=_specification("security-group", thing)
    )
    return answer["GroupId"]


def _address(client: _Client, thing: Thing) -> str:
    ec2 = client("ec2")
    identifier = ec2.allocate_address(Domain="vpc", TagSpecifications=_specification("elastic-ip", thing))[
        "AllocationId"
    ]
    if thing.facts.get("attached"):
        instance = ec2.run_instances(ImageId="ami-12c6146b", MinCount=1, MaxCount=1)["Instances"][0]["InstanceId"]
        ec2.associate_address(AllocationId=identifier, InstanceId=instance)
    return identifier


def _bucket(client: _Client, thing: Thing) -> str:
    s3, name = client("s3"), f"case-{thing.name}"
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
    if thing.tags:
        s3.put_bucket_tagging(Bucket=name, Tagging={"TagSet": _pairs(thing)})
    if "blocked" in thing.facts:
        flags = dict(zip(_FLAGS, thing.facts["blocked"], strict=True))
        s3.put_public_access_block(Bucket=name, PublicAccessBlockConfiguration=flags)
    if "encryption" in thing.facts:
        rule = {"SSEAlgorithm": thing.facts["encryption"], "KMSMasterKeyID": thing.facts["kms_key"]}
        rules = {"Rules": [{"ApplyServerSideEncryptionByDefault": rule}]}
        s3.put_bucket_encryption(Bucket=name, ServerSideEncryptionConfiguration=rules)
    return name


def _database(client: _Client, thing: Thing) -> str:
    client("rds").create_db_instance(
        DBInstanceIdentifier=thing.name,
        DBInstanceClass="db.t3.micro",
        Engine="postgres",
        MasterUsername="escher",
        MasterUserPassword="not-a-secret",
        AllocatedStorage=20,
        Tags=_pairs(thing),
    )
    if thing.facts.get("state") == "stopped":
        client("rds").stop_db_instance(DBInstanceIdentifier=thing.name)
    return thing.name


def _role(client: _Client, thing: Thing) -> str:
    client("iam").create_role(RoleName=thing.name, AssumeRolePolicyDocument=_TRUST, Tags=_pairs(thing))
    return thing.name


def _function(client: _Client, thing: Thing) -> str:
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("main.py", "")
    role = client("iam").create_role(RoleName=f"for-{thing.name}", AssumeRolePolicyDocument=_TRUST)["Role"]["Arn"]
    client("lambda").create_function(
        FunctionName=thing.name,
        Runtime="python3.11",
        Role=role,
        Handler="main.handler",
        Code={"ZipFile": package.getvalue()},
        Tags=thing.tags,
    )
    return thing.name


def _table(client: _Client, thing: Thing) -> str:
    client("dynamodb").create_table(
        TableName=thing.name,
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        Tags=_pairs(thing),
    )
    return thing.name


_MAKE: Mapping[str, Callable[[_Client, Thing], str]] = {
    "aws_ec2_instance": _instance,
    "aws_ebs_volume": _volume,
    "aws_ebs_snapshot": _snapshot,
    "aws_vpc_security_group": _group,
    "aws_vpc_eip": _address,
    "aws_s3_bucket": _bucket,
    "aws_rds_db_instance": _database,
    "aws_iam_role": _role,
    "aws_lambda_function": _function,
    "aws_dynamodb_table": _table,
}


async def _seen(unit: Unit) -> list[Sighting]:
    """Every thing of a scope, as a scan sees it."""
    reader = AwsReader(AwsAccess())
    try:
        records = [record async for page in reader.pages((unit,)) for record in page.records[unit]]
        return [await reader.look(unit, record) for record in records]
    finally:
        await reader.close()
