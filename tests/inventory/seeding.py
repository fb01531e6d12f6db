"""Some of everything in two accounts and two regions of a moto."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from tests.fixtures.moto_cloud import DATA, REGIONS, SHOP, MotoCloud

EVERYBODY = {"CidrIp": "0.0.0.0/0"}


def seed(moto: MotoCloud) -> None:
    """Make it, through boto3."""
    for account_id in (SHOP, DATA):
        role = moto.client("iam", account_id).create_role(
            RoleName="reader", AssumeRolePolicyDocument="{}", Tags=_tags(env="prod", of=account_id)
        )["Role"]["Arn"]
        for region in REGIONS:
            _seed(moto, account_id, region, role)


def _seed(moto: MotoCloud, account_id: str, region: str, role: str) -> None:
    ec2 = moto.client("ec2", account_id, region)
    tagged = [{"ResourceType": "instance", "Tags": _tags(Name=f"web-{region}", env="dev")}]
    image = {"ImageId": "ami-12c6146b", "InstanceType": "t3.micro"}
    instances = ec2.run_instances(**image, MinCount=3, MaxCount=3, TagSpecifications=tagged)["Instances"]
    ec2.stop_instances(InstanceIds=[instances[0]["InstanceId"]])
    volume = ec2.create_volume(Size=10, AvailabilityZone=f"{region}a", Encrypted=True)["VolumeId"]
    ec2.create_snapshot(VolumeId=volume)
    group = ec2.create_security_group(GroupName="open", Description="open")["GroupId"]
    rule = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [EVERYBODY]}
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[rule])
    ec2.allocate_address(Domain="vpc")
    _seed_services(moto, account_id, region, role)


def _seed_services(moto: MotoCloud, account_id: str, region: str, role: str) -> None:
    s3 = moto.client("s3", account_id, region)
    place = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
    bucket = f"files-{account_id}-{region}"
    s3.create_bucket(Bucket=bucket, **place)
    s3.put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": _tags(env="dev")})
    s3.put_bucket_acl(Bucket=bucket, ACL="public-read")
    moto.client("lambda", account_id, region).create_function(
        FunctionName="resize",
        Runtime="python3.12",
        Role=role,
        Handler="a.h",
        Code={"ZipFile": zipped()},
        Environment={"Variables": {"PASSWORD": "canary-password"}},
        Tags={"env": "dev"},
    )
    moto.client("rds", account_id, region).create_db_instance(
        DBInstanceIdentifier="orders",
        DBInstanceClass="db.t3.micro",
        Engine="postgres",
        AllocatedStorage=20,
        MasterUsername="u",
        MasterUserPassword="passw0rd1",
        Tags=_tags(env="prod"),
    )
    moto.client("dynamodb", account_id, region).create_table(
        TableName="carts",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        Tags=_tags(env="dev"),
    )


def _tags(**tags: str) -> list[dict[str, Any]]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def zipped() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.py", "def h(event, context): return 1")
    return buffer.getvalue()
