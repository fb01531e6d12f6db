"""Moto in a process of its own, with an estate of a wanted size.

`python -m tests.bench.cloud ACCOUNTS REGIONS SIZE…`
prints its port. The sizes are numbers a region: instances, volumes, groups, databases, functions, buckets; then roles an
account.
"""

from __future__ import annotations

import io
import logging
import os
import sys
import time
import zipfile
from typing import Any

# Each database begins with a snapshot.
os.environ |= {
    "MOTO_RDS_SNAPSHOT_LIMIT": "100000",
    "MOTO_EC2_LOAD_DEFAULT_AMIS": "false",
    "AWS_ACCESS_KEY_ID": "x",
    "AWS_SECRET_ACCESS_KEY": "x",
}

import boto3
from moto import mock_aws
from moto.ec2.models import ec2_backends
from moto.rds.models import rds_backends
from moto.server import ThreadedMotoServer

ACCOUNTS = ("111111111111", "222222222222", "333333333333")
REGIONS = ("us-east-1", "us-west-2", "eu-west-1", "ap-southeast-1")


def tags(number: int, region: str) -> dict[str, str]:
    """Tags as they are in a real estate."""
    return {
        "Name": f"n{number}-{region}", "env": ("prod", "dev", "stage")[number % 3], "team": f"team{number % 7}",
        "cost-center": f"cc{number % 11}",
    }  # fmt: skip


def seed(places: tuple[int, int], sizes: tuple[int, ...]) -> None:
    """Fill so many accounts and regions."""
    instances, volumes, groups, databases, functions, buckets, roles = sizes
    for account in ACCOUNTS[: places[0]]:
        clients = _clients(account)
        iam = clients("iam", "us-east-1")
        for number in range(roles):
            iam.create_role(RoleName=f"role{number}", AssumeRolePolicyDocument="{}", Tags=_list(tags(number, "global")))
        for region in REGIONS[: places[1]]:
            _seed_ec2(account, region, instances, volumes, groups)
            _seed_rds(account, region, databases)
            _seed_rest(clients, account, region, functions, buckets)


def _seed_ec2(account: str, region: str, instances: int, volumes: int, groups: int) -> None:
    ec2 = ec2_backends[account][region]
    for number in range(0, instances, 50):
        ec2.run_instances(
            "ami-12c6146b", min(50, instances - number), b"", [], instance_type="t3.micro",
            is_instance_type_default=False, tags={"instance": tags(number, region)},
        )  # fmt: skip
    for number in range(volumes):
        ec2.create_volume(size=10 + number, zone_name=f"{region}a").add_tags(tags(number, region))
    for number in range(groups):
        ec2.create_security_group(f"sg{number}", "bench")


def _seed_rds(account: str, region: str, databases: int) -> None:
    rds: Any = rds_backends[account][region]
    for number in range(databases):
        rds.create_db_instance(
            {
                "db_instance_identifier": f"db{number}", "db_instance_class": "db.t3.micro", "engine": "postgres",
                "allocated_storage": 20, "master_username": "u", "master_user_password": "passw0rd1",
                "tags": _list(tags(number, region)),
            }
        )  # fmt: skip


def _seed_rest(clients: Any, account: str, region: str, functions: int, buckets: int) -> None:
    s3, client = clients("s3", region), clients("lambda", region)
    place = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
    for number in range(buckets):
        name = f"b-{account[:3]}-{region}-{number}"
        s3.create_bucket(Bucket=name, **place)
        s3.put_bucket_tagging(Bucket=name, Tagging={"TagSet": _list(tags(number, region))})
    for number in range(functions):
        client.create_function(
            FunctionName=f"f{number}", Runtime="python3.12", Role=f"arn:aws:iam::{account}:role/role0", Handler="a.h",
            Code={"ZipFile": _zipped()}, Tags=tags(number, region),
        )  # fmt: skip


def _clients(account: str) -> Any:
    role = f"arn:aws:iam::{account}:role/escher"
    sts = boto3.client("sts", region_name="us-east-1")
    keys = sts.assume_role(RoleArn=role, RoleSessionName="seed")["Credentials"]
    session = boto3.Session(keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"])
    return lambda service, region: session.client(service, region_name=region)


def _list(tags: dict[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def _zipped() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.py", "def h(event, context): return 1")
    return buffer.getvalue()


if __name__ == "__main__":
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    moto = mock_aws()
    moto.start()
    accounts, regions, *wanted = map(int, sys.argv[1:])
    seed((accounts, regions), tuple(wanted))
    moto.stop(remove_data=False)
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    print(server.get_host_and_port()[1], flush=True)
    while True:
        time.sleep(60)
