"""Builds the blueprint in moto, inside moto's own process: the same estate with the same ids at every start.

Everything goes through boto3 as it would in AWS. Only ages cannot be asked for; they are set on moto's objects.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from typing import Any

import boto3
import requests
from moto import mock_aws
from moto.backends import get_backend
from moto.core.utils import utcnow

from escher.demo.blueprint import data, disks, instances, network, serverless
from escher.demo.blueprint.company import ACCOUNTS, Thing, role_arn

_SEED_URL = "http://motoapi.amazonaws.com/moto-api/seed?a=20240229"
_PUBLIC_READ = (
    '{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":"*","Action":"s3:GetObject",'
    '"Resource":"arn:aws:s3:::{bucket}/*"}}]}}'
)
_TRUST = (
    '{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{{"{kind}":"{trusted}"}},'
    '"Action":"sts:AssumeRole"}}]}}'
)
_EMPTY_ZIP = b"PK\x05\x06" + bytes(18)
_GUARD = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")


def seed() -> None:
    """Build the whole estate. What it makes stays in this process's moto after the call."""
    moto = mock_aws()
    moto.start()
    try:
        requests.post(_SEED_URL, timeout=10).raise_for_status()
        build()
    finally:
        moto.stop(remove_data=False)


def build() -> None:
    """Call AWS for every thing of the blueprint."""
    cloud = Cloud()
    for role in serverless.roles():
        cloud.add_role(role)
    for instance in instances.instances():
        cloud.add_instance(instance)
    for volume in disks.volumes():
        cloud.add_volume(volume)
    for snapshot in disks.snapshots():
        cloud.add_snapshot(snapshot)
    for group in network.security_groups():
        cloud.add_security_group(group)
    for address in network.addresses():
        cloud.add_address(address)
    for bucket in data.buckets():
        cloud.add_bucket(bucket)
    for database in data.databases():
        cloud.add_database(database)
    for table in data.tables():
        cloud.add_table(table)
    for function in serverless.functions():
        cloud.add_function(function)


class Cloud:
    """AWS seen from the demo's accounts; remembers which instance has which name and place."""

    def __init__(self) -> None:
        self._instance_ids: dict[tuple[str, str, str], str] = {}

    def add_role(self, role: serverless.Role) -> None:
        """A role that a service or an account may take."""
        trusted = _TRUST.format(kind="Service" if "amazonaws" in role.trusted else "AWS", trusted=role.trusted)
        client("iam", role).create_role(RoleName=role.name, AssumeRolePolicyDocument=trusted, Tags=tag_list(role.tags))

    def add_instance(self, instance: instances.Instance) -> None:
        """An instance with its root volume, brought to its state."""
        ec2 = client("ec2", instance)
        encrypted = instance.tags.get("env") == "prod"
        root = {"DeviceName": "/dev/sda1", "Ebs": {"VolumeSize": 30, "VolumeType": "gp3", "Encrypted": encrypted}}
        answer = ec2.run_instances(
            ImageId="ami-0c02fb55956c7d316",
            MinCount=1,
            MaxCount=1,
            InstanceType=instance.size,
            BlockDeviceMappings=[root],
            TagSpecifications=tag_specifications("instance", "volume", tags=instance.tags),
        )
        instance_id = answer["Instances"][0]["InstanceId"]
        self._instance_ids[instance.account, instance.region, instance.name] = instance_id
        if instance.state == "stopped":
            ec2.stop_instances(InstanceIds=[instance_id])
        elif instance.state == "terminated":
            ec2.terminate_instances(InstanceIds=[instance_id])

    def add_volume(self, volume: disks.Volume) -> None:
        """A data volume, attached when it belongs to an instance."""
        ec2 = client("ec2", volume)
        volume_id = ec2.create_volume(
            AvailabilityZone=f"{volume.region}a",
            Size=volume.size_gib,
            VolumeType="gp3",
            Encrypted=volume.encrypted,
            TagSpecifications=tag_specifications("volume", tags=volume.tags),
        )["VolumeId"]
        if volume.instance:
            ec2.attach_volume(
                VolumeId=volume_id, InstanceId=self._instance_of(volume, volume.instance), Device="/dev/sdf"
            )
        backend(volume).volumes[volume_id].create_time = days_ago(volume.age_days)

    def add_snapshot(self, snapshot: disks.Snapshot) -> None:
        """A snapshot of a volume that is gone by now."""
        ec2 = client("ec2", snapshot)
        volume_id = ec2.create_volume(
            AvailabilityZone=f"{snapshot.region}a", Size=snapshot.size_gib, Encrypted=snapshot.encrypted
        )["VolumeId"]
        snapshot_id = ec2.create_snapshot(
            VolumeId=volume_id,
            Description=snapshot.description,
            TagSpecifications=tag_specifications("snapshot", tags=snapshot.tags),
        )["SnapshotId"]
        ec2.delete_volume(VolumeId=volume_id)
        backend(snapshot).snapshots[snapshot_id].start_time = days_ago(snapshot.age_days)

    def add_security_group(self, group: network.SecurityGroup) -> None:
        """A security group of the default network, with its rules."""
        ec2 = client("ec2", group)
        group_id = ec2.create_security_group(
            GroupName=group.name,
            Description=group.description,
            TagSpecifications=tag_specifications("security-group", tags=group.tags),
        )["GroupId"]
        permissions = [
            {
                "IpProtocol": "tcp",
                "FromPort": rule.first_port,
                "ToPort": rule.last_port,
                "IpRanges": [{"CidrIp": rule.source}],
            }
            for rule in group.rules
        ]
        ec2.authorize_security_group_ingress(GroupId=group_id, IpPermissions=permissions)

    def add_address(self, address: network.Address) -> None:
        """A fixed address, given to its instance."""
        ec2 = client("ec2", address)
        allocation = ec2.allocate_address(
            Domain="vpc", TagSpecifications=tag_specifications("elastic-ip", tags=address.tags)
        )["AllocationId"]
        if address.instance:
            ec2.associate_address(AllocationId=allocation, InstanceId=self._instance_of(address, address.instance))

    def add_bucket(self, bucket: data.Bucket) -> None:
        """A bucket with its protection, or without."""
        s3 = client("s3", bucket)
        place = {"CreateBucketConfiguration": {"LocationConstraint": bucket.region}}
        s3.create_bucket(Bucket=bucket.name, **({} if bucket.region == "us-east-1" else place))
        if bucket.tags:
            s3.put_bucket_tagging(Bucket=bucket.name, Tagging={"TagSet": tag_list(bucket.tags)})
        if bucket.encrypted:
            rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
            s3.put_bucket_encryption(Bucket=bucket.name, ServerSideEncryptionConfiguration={"Rules": [rule]})
        if bucket.guarded:
            s3.put_public_access_block(Bucket=bucket.name, PublicAccessBlockConfiguration=dict.fromkeys(_GUARD, True))
        if bucket.public:
            s3.put_bucket_policy(Bucket=bucket.name, Policy=_PUBLIC_READ.format(bucket=bucket.name))

    def add_database(self, database: data.Database) -> None:
        """A database server, stopped when it stands still."""
        rds = client("rds", database)
        rds.create_db_instance(
            DBInstanceIdentifier=database.name,
            Engine=database.engine,
            DBInstanceClass=database.size,
            AllocatedStorage=database.storage_gib,
            StorageEncrypted=database.encrypted,
            PubliclyAccessible=database.public,
            MasterUsername="demo",
            MasterUserPassword="demo-only-no-secret",
            Tags=tag_list(database.tags),
        )
        if not database.running:
            rds.stop_db_instance(DBInstanceIdentifier=database.name)

    def add_table(self, table: data.Table) -> None:
        """A table paid by request."""
        client("dynamodb", table).create_table(
            TableName=table.name,
            BillingMode="PAY_PER_REQUEST",
            Tags=tag_list(table.tags),
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        )

    def add_function(self, function: serverless.Function) -> None:
        """A function with no code worth reading."""
        client("lambda", function).create_function(
            FunctionName=function.name,
            Runtime=function.runtime,
            Handler="app.handler",
            MemorySize=function.memory_mib,
            Role=serverless.function_role_arn(function.account),
            Code={"ZipFile": _EMPTY_ZIP},
            Tags=function.tags,
        )

    def _instance_of(self, thing: Thing, name: str) -> str:
        return self._instance_ids[thing.account, thing.region, name]


def client(service: str, thing: Thing) -> Any:
    """A client of the service in the account and region of a thing."""
    return _client(service, thing.account, thing.region)


@cache
def _client(service: str, account: str, region: str) -> Any:
    return _session(account).client(service, region_name=region)


@cache
def _session(account: str) -> boto3.Session:
    answer: Mapping[str, Any] = boto3.client("sts", region_name="us-east-1").assume_role(
        RoleArn=role_arn(account), RoleSessionName="seed"
    )
    keys = answer["Credentials"]
    return boto3.Session(keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"])


def tag_list(tags: Mapping[str, str]) -> list[dict[str, str]]:
    """Tags as most of AWS takes them."""
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def tag_specifications(*kinds: str, tags: Mapping[str, str]) -> list[dict[str, Any]]:
    """Tags as EC2 takes them at creation; none for an unlabelled thing."""
    return [{"ResourceType": kind, "Tags": tag_list(tags)} for kind in kinds if tags]


def backend(thing: Thing) -> Any:
    """Moto's own EC2 objects in the account and region of a thing."""
    return get_backend("ec2")[ACCOUNTS[thing.account]][thing.region]


def days_ago(days: int) -> Any:
    """A moment in the past, as moto keeps time."""
    return utcnow() - timedelta(days=days)
