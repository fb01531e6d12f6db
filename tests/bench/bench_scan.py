"""A scan beside a plain sequential one by boto3 of the same estate, and the frame of a large estate."""

from __future__ import annotations

import os
import resource
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3
import pandas as pd
import requests
from botocore import xform_name
from botocore.exceptions import ClientError

from escher.contract.estate import Account, Resource
from escher.inventory.frame import EstateFrames, frame
from escher.inventory.scan import Scanner
from escher.inventory.sql import where
from escher.providers.mapping import find
from escher.providers.aws.models import new_session
from escher.providers.clouds import Clouds
from escher.providers.declarations import ResourceType
from escher.providers.registry import resource_types
from escher.settings import Settings
from escher.store.estate import EstateStore
from escher.store.vault import Store
from tests.fixtures.moto_cloud import DATA, REGIONS, SHOP, role_in

ROWS = 100_000
Row = tuple[str, float, str, float | None]


def benchmarks() -> Iterator[Row]:
    """Wall and CPU time of a scan of about 900 resources, and of frames and queries over 100 000."""
    with _moto() as url, tempfile.TemporaryDirectory() as home, _store(Path(home)) as store:
        _seed(url)
        _scan_by_boto3(url)
        boto3_wall, boto3_cpu, listed = _timed(lambda: _scan_by_boto3(url))
        estate = EstateStore(store)
        for account_id in (SHOP, DATA):
            roles = (role_in(account_id),)
            estate.put_account(
                Account("aws", account_id, account_id, role_arns=roles, regions=REGIONS, endpoint_url=url)
            )
        wall, cpu, report = _timed(Scanner(estate, Clouds()).scan)
        assert report.counts.found == listed, "both scans must see the same"
        yield "scan of a small estate, wall", wall, "s", boto3_wall
        yield "scan of a small estate, CPU", cpu, "s", boto3_cpu
        frames = EstateFrames(estate)
        frames.current()
        yield "frame of an unchanged estate", _timed(frames.current)[0] * 1_000, "ms", None
    yield from _frames()


def _frames() -> Iterator[Row]:
    resources = _many()
    dicts, _, _ = _timed(lambda: pd.DataFrame([_flat(one) for one in resources]))
    cold, _, estate = _timed(lambda: frame(resources))
    yield "frame of 100 000 resources, cold", cold, "s", dicts
    loop, _, _ = _timed(lambda: [row for _, row in pd.DataFrame(estate).iterrows() if row["tags"].get("env") == "dev"])
    predicate, _, _ = _timed(lambda: where(estate, "tags['env'] = 'dev'"))
    yield "SQL predicate over 100 000 resources", predicate, "s", loop


def _scan_by_boto3(url: str) -> int:
    """One call after the other, with the details that our declarations read; what most scripts do."""
    found = 0
    for account_id in (SHOP, DATA):
        session = _boto3_session(url, account_id)
        for declared in resource_types().values():
            for region in REGIONS if declared.reach == "regional" else REGIONS[:1]:
                client = session.client(declared.service, region, endpoint_url=url)
                records = _records(client, declared)
                found += len(records)
                for record in records:
                    _read_details(client, declared, record)
    return found


def _records(client: Any, declared: ResourceType) -> list[dict[str, Any]]:
    listing = declared.listing
    method = xform_name(listing.operation)
    if not client.can_paginate(method):
        return list(find(listing.result, getattr(client, method)()))
    size = {"PageSize": listing.page_size} if listing.page_size else {}
    pages = client.get_paginator(method).paginate(**listing.parameters, PaginationConfig=size)
    return [dict(record) for page in pages for record in find(listing.result, page) or []]


def _read_details(client: Any, declared: ResourceType, record: dict[str, Any]) -> None:
    for detail in declared.details:
        arguments = {name: find(path, record) for name, path in detail.arguments.items()}
        try:
            record[detail.into] = find(detail.result, getattr(client, xform_name(detail.operation))(**arguments))
        except ClientError:
            record[detail.into] = {}


def _seed(url: str) -> None:
    for account_id in (SHOP, DATA):
        session = _boto3_session(url, account_id)
        iam = session.client("iam", endpoint_url=url)
        for number in range(20):
            iam.create_role(RoleName=f"role-{number}", AssumeRolePolicyDocument="{}")
        for region in REGIONS:
            ec2 = session.client("ec2", region, endpoint_url=url)
            ec2.run_instances(ImageId="ami-12c6146b", MinCount=80, MaxCount=80, InstanceType="t3.micro")
            for _ in range(20):
                ec2.create_volume(Size=10, AvailabilityZone=f"{region}a")
            s3 = session.client("s3", region, endpoint_url=url)
            place = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
            for number in range(10):
                s3.create_bucket(Bucket=f"b-{account_id}-{region}-{number}", **place)


def _boto3_session(url: str, account_id: str) -> Any:
    nobody = boto3.Session("test", "test", botocore_session=new_session())
    sts = nobody.client("sts", REGIONS[0], endpoint_url=url)
    keys = sts.assume_role(RoleArn=role_in(account_id), RoleSessionName="bench")["Credentials"]
    return boto3.Session(
        keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"], region_name=REGIONS[0],
        botocore_session=new_session(),
    )  # fmt: skip


def _many() -> list[Resource]:
    return [
        Resource(
            "aws", f"{number % 3 + 1}" * 12, REGIONS[number % 2], "aws_ec2_instance", "compute_instance",
            f"arn:aws:ec2:{REGIONS[number % 2]}:1:instance/i-{number:08x}", f"i-{number:08x}", f"web-{number}",
            "running", "running", "shop", "ec2", f"{REGIONS[number % 2]}a",
            {"env": ("dev", "prod")[number % 2], "team": f"team-{number % 7}", "Name": f"web-{number}"},
            {"instance_type": "t3.large", "private_ip": "10.0.0.1", "public": False, "created_at": 1_700_000_000 + number},
            1_700_000_000,
        )
        for number in range(ROWS)
    ]  # fmt: skip


def _flat(one: Resource) -> dict[str, Any]:
    return {name: getattr(one, name) for name in Resource.__slots__ if name != "attributes"} | one.attributes


def _timed(work: Callable[[], Any]) -> tuple[float, float, Any]:
    """Wall time, CPU time of this process, and the result."""
    wall, cpu = time.perf_counter(), resource.getrusage(resource.RUSAGE_SELF)
    result = work()
    after = resource.getrusage(resource.RUSAGE_SELF)
    return time.perf_counter() - wall, after.ru_utime + after.ru_stime - cpu.ru_utime - cpu.ru_stime, result


@contextmanager
def _moto() -> Iterator[str]:
    """AWS by moto in a process of its own, so that its work is not counted."""
    os.environ |= {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    server = subprocess.Popen(command, env=os.environ | {"MOTO_EC2_LOAD_DEFAULT_AMIS": "false"}, **quiet)
    try:
        _wait_for(f"http://127.0.0.1:{port}")
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()


def _wait_for(url: str) -> None:
    for _ in range(300):
        try:
            requests.get(f"{url}/moto-api/", timeout=5)
            return
        except requests.ConnectionError:
            time.sleep(0.1)
    raise TimeoutError(f"moto did not come up at {url}")


@contextmanager
def _store(home: Path) -> Iterator[Store]:
    passphrase = home / "passphrase"
    passphrase.touch(mode=0o600)
    passphrase.write_text("correct horse battery staple")
    with Store.create(Settings(home=home / "home", passphrase_file=passphrase)) as store:
        yield store
