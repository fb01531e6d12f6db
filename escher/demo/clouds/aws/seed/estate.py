"""Builds the machines, disks, data and functions of the blueprint in moto, each by the calls that AWS would want.

Only ages cannot be asked for; they are set on moto's objects.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from itertools import chain
from typing import Any

from moto.backends import get_backend
from moto.core.utils import utcnow

from escher.demo.blueprint import data, disks, instances, network, serverless
from escher.demo.blueprint.company import ACCOUNTS, Thing
from escher.demo.clouds.aws.inner import InnerClients, Place, at

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


def build(clients: InnerClients) -> None:
    """Make every thing of the blueprint, those first on which others hang."""
    cloud = Cloud(clients)
    for thing in chain(
        serverless.roles(), instances.instances(), disks.volumes(), disks.snapshots(), network.security_groups(),
        network.addresses(), data.buckets(), data.databases(), data.tables(), serverless.functions(),
    ):  # fmt: skip
        with at(Place(ACCOUNTS[thing.account], thing.region)):
            cloud.add(thing)


class Cloud:
    """AWS where the clients act; remembers which instance has which name and place."""

    def __init__(self, clients: InnerClients) -> None:
        self._client = clients.client
        self._instance_ids: dict[tuple[str, str, str], str] = {}

    def add(self, thing: Thing) -> None:
        """Make a thing of any kind."""
        match thing:
            case serverless.Role():
                self.add_role(thing)
            case instances.Instance():
                self.add_instance(thing)
            case disks.Volume():
                self.add_volume(thing)
            case disks.Snapshot():
                self.add_snapshot(thing)
            case network.SecurityGroup():
                self.add_security_group(thing)
            case network.Address():
                self.add_address(thing)
            case data.Bucket():
                self.add_bucket(thing)
            case data.Database():
                self.add_database(thing)
            case data.Table():
                self.add_table(thing)
            case serverless.Function():
                self.add_function(thing)
            case _:
                raise TypeError(f"nobody knows how to make a {type(thing).__name__}")

    def add_role(self, role: serverless.Role) -> None:
        """A role that a service or an account may take."""
        trusted = _TRUST.format(kind="Service" if "amazonaws" in role.trusted else "AWS", trusted=role.trusted)
        self._client("iam").create_role(RoleName=role.name, AssumeRolePolicyDocument=trusted, Tags=tag_list(role.tags))

    def add_instance(self, instance: instances.Instance) -> None:
        """An instance with its root volume, brought to its state."""
        ec2 = self._client("ec2")
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
        ec2 = self._client("ec2")
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
        ec2 = self._client("ec2")
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
        ec2 = self._client("ec2")
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
        ec2 = self._client("ec2")
        allocation = ec2.allocate_address(
            Domain="vpc", TagSpecifications=tag_specifications("elastic-ip", tags=address.tags)
        )["AllocationId"]
        if address.instance:
            ec2.associate_address(AllocationId=allocation, InstanceId=self._instance_of(address, address.instance))

    def add_bucket(self, bucket: data.Bucket) -> None:
        """A bucket with its protection, or without."""
        s3 = self._client("s3")
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
        rds = self._client("rds")
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
        self._client("dynamodb").create_table(
            TableName=table.name,
            BillingMode="PAY_PER_REQUEST",
            Tags=tag_list(table.tags),
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        )

    def add_function(self, function: serverless.Function) -> None:
        """A function with no code worth reading."""
        self._client("lambda").create_function(
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
