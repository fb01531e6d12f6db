"""Reading AWS beside botocore: long answers, small calls, and the sessions of many accounts."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from escher.contract.estate import Account
from escher.providers.aws.models import new_session
from escher.providers.aws.session import AwsAccess
from escher.providers.aws.wire.calls import LeanCalls
from escher.providers.aws.wire.service import aws_service
from escher.providers.pacing import Pacer
from tests.fixtures.wire_form import parsed_by_botocore, wire_form

HERE = Path(__file__).parent
MANY, CALLS, AT_ONCE, ROUNDS = 1_000, 500, 10, 5
AT = datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)
TAGS = [{"Key": f"key-{number}", "Value": f"value-{number}"} for number in range(5)]
Row = tuple[str, float, str, float | None]


def benchmarks() -> Iterator[Row]:
    """CPU time of reading and calling; wall time and memory of sessions."""
    for title, service, operation, answer in _answers():
        yield _reading(title, service, operation, answer)
    lean, boto3 = _small_calls()
    yield "a call with a small answer, CPU", lean, "ms", boto3
    mine, theirs = _sessions("escher"), _sessions("boto3")
    yield "20 accounts ready to call, wall", mine["seconds"], "s", theirs["seconds"]
    yield "20 accounts ready to call, memory", mine["mb"], "MB", theirs["mb"]


def _reading(title: str, service: str, operation: str, answer: dict[str, Any]) -> Row:
    reply = wire_form(service, operation, answer)
    reader = aws_service(service).reader(operation)
    assert reader.parsed(reply) == parsed_by_botocore(service, operation, reply), "both must read the same"
    lean = _cpu_ms(lambda: reader.parsed(reply))
    return f"reading {title}, CPU", lean, "ms", _cpu_ms(lambda: parsed_by_botocore(service, operation, reply))


def _answers() -> list[tuple[str, str, str, dict[str, Any]]]:
    reservation = {"ReservationId": "r-1", "OwnerId": "111111111111", "Instances": [_instance()]}
    bucket = {"Name": "bucket-1", "CreationDate": AT, "BucketRegion": "us-east-1"}
    return [
        ("1 000 instances (XML)", "ec2", "DescribeInstances", {"Reservations": [reservation] * MANY}),
        ("1 000 databases (XML)", "rds", "DescribeDBInstances", {"DBInstances": [_database()] * MANY}),
        ("1 000 buckets (XML)", "s3", "ListBuckets", {"Buckets": [bucket] * MANY}),
        ("1 000 functions (JSON)", "lambda", "ListFunctions", {"Functions": [_function()] * MANY}),
        ("1 000 tasks (JSON)", "ecs", "DescribeTasks", {"tasks": [_task()] * MANY}),
    ]


def _instance() -> dict[str, Any]:
    attachment = {"AttachmentId": "eni-attach-1", "DeviceIndex": 0, "Status": "attached", "AttachTime": AT}
    interface = {
        "NetworkInterfaceId": "eni-1", "SubnetId": "subnet-1", "VpcId": "vpc-1", "Status": "in-use",
        "PrivateIpAddress": "10.0.0.1", "SourceDestCheck": True, "Attachment": attachment,
        "Groups": [{"GroupName": "web", "GroupId": "sg-1"}],
        "PrivateIpAddresses": [{"PrivateIpAddress": "10.0.0.1", "Primary": True}],
    }  # fmt: skip
    disk = {"VolumeId": "vol-1", "Status": "attached", "AttachTime": AT, "DeleteOnTermination": True}
    return {
        "InstanceId": "i-0123456789abcdef0", "ImageId": "ami-1", "InstanceType": "t3.large", "LaunchTime": AT,
        "State": {"Code": 16, "Name": "running"}, "Placement": {"AvailabilityZone": "us-east-1a", "Tenancy": "default"},
        "Monitoring": {"State": "disabled"}, "SubnetId": "subnet-1", "VpcId": "vpc-1", "PrivateIpAddress": "10.0.0.1",
        "Architecture": "x86_64", "RootDeviceName": "/dev/xvda", "EbsOptimized": True, "Tags": TAGS,
        "BlockDeviceMappings": [{"DeviceName": "/dev/xvda", "Ebs": disk}], "NetworkInterfaces": [interface],
        "SecurityGroups": [{"GroupName": "web", "GroupId": "sg-1"}],
    }  # fmt: skip


def _database() -> dict[str, Any]:
    return {
        "DBInstanceIdentifier": "orders", "DBInstanceClass": "db.m6g.large", "Engine": "postgres", "MultiAZ": False,
        "DBInstanceStatus": "available", "Endpoint": {"Address": "orders.example", "Port": 5432}, "TagList": TAGS,
        "AllocatedStorage": 100, "InstanceCreateTime": AT, "StorageEncrypted": True, "BackupRetentionPeriod": 7,
        "VpcSecurityGroups": [{"VpcSecurityGroupId": "sg-1", "Status": "active"}],
    }  # fmt: skip


def _function() -> dict[str, Any]:
    return {
        "FunctionName": "resize", "FunctionArn": "arn:aws:lambda:us-east-1:111111111111:function:resize",
        "Runtime": "python3.11", "Handler": "app.main", "CodeSize": 123_456, "Timeout": 3, "MemorySize": 128,
        "LastModified": "2024-05-06T07:08:09.000+0000", "Version": "$LATEST", "State": "Active", "PackageType": "Zip",
        "VpcConfig": {"SubnetIds": ["subnet-1", "subnet-2"], "SecurityGroupIds": ["sg-1"], "VpcId": "vpc-1"},
        "Environment": {"Variables": {"STAGE": "prod"}}, "TracingConfig": {"Mode": "PassThrough"},
        "Architectures": ["x86_64"], "EphemeralStorage": {"Size": 512}, "LoggingConfig": {"LogFormat": "Text"},
    }  # fmt: skip


def _task() -> dict[str, Any]:
    container = {"containerArn": "arn:c", "name": "web", "networkInterfaces": [{"privateIpv4Address": "10.0.0.1"}]}
    return {
        "taskArn": "arn:t", "clusterArn": "arn:k", "createdAt": AT, "startedAt": AT, "cpu": "256", "memory": "512",
        "containers": [container], "tags": [{"key": "env", "value": "prod"}],
    }  # fmt: skip


def _small_calls() -> tuple[float, float]:
    """CPU time of a DescribeVolumes that finds one: of a whole call here, and by boto3's client."""
    volume = {"VolumeId": "vol-1", "Size": 8, "State": "in-use", "CreateTime": AT, "Tags": TAGS}
    reply = wire_form("ec2", "DescribeVolumes", {"Volumes": [volume]})
    with _serving(reply.body, "text/xml") as url, _keys_in_environment():
        client = new_session().create_client("ec2", "us-east-1", endpoint_url=url)
        account = Account("aws", "111111111111", "shop", endpoint_url=url)
        return asyncio.run(_lean_calls(account)), _each_ms(client.describe_volumes)


async def _lean_calls(account: Account) -> float:
    """As in a scan: some at once."""
    calls = LeanCalls(AwsAccess(), Pacer())
    asked = (account, "us-east-1", "ec2", "DescribeVolumes", {})
    await calls.whole(*asked)
    start = time.process_time()
    for _ in range(CALLS // AT_ONCE):
        await asyncio.gather(*(anext(calls.pages(*asked)) for _ in range(AT_ONCE)))
    spent = time.process_time() - start
    await calls.close()
    return spent / CALLS * 1_000


def _each_ms(call: Callable[[], Any]) -> float:
    call()
    start = time.process_time()
    for _ in range(CALLS):
        call()
    return (time.process_time() - start) / CALLS * 1_000


def _sessions(how: str) -> dict[str, float]:
    """Twenty accounts in a process of their own."""
    with tempfile.TemporaryDirectory() as home:
        command = [sys.executable, str(HERE / "many_sessions.py"), how, f"{home}/config"]
        root = HERE.parent.parent
        done = subprocess.run(command, check=True, capture_output=True, env=os.environ | {"PYTHONPATH": str(root)})
    return json.loads(done.stdout)


@contextmanager
def _serving(body: bytes, content_type: str) -> Iterator[str]:
    with tempfile.NamedTemporaryFile() as file:
        file.write(body)
        file.flush()
        command = [sys.executable, str(HERE / "fixed_answer.py"), file.name, content_type]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
            assert server.stdout
            try:
                yield f"http://127.0.0.1:{int(server.stdout.readline())}"
            finally:
                server.terminate()


@contextmanager
def _keys_in_environment() -> Iterator[None]:
    os.environ |= {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
    try:
        yield
    finally:
        del os.environ["AWS_ACCESS_KEY_ID"], os.environ["AWS_SECRET_ACCESS_KEY"]


def _cpu_ms(work: Callable[[], Any]) -> float:
    """The best of some rounds."""
    spent: list[float] = []
    for _ in range(ROUNDS):
        start = time.process_time()
        work()
        spent.append(time.process_time() - start)
    return min(spent) * 1_000
