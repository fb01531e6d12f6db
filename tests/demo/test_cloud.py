"""The demo cloud for real: up, asked with boto3 and the `aws` command, and down."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from escher.demo import cloud
from escher.demo.blueprint.company import ACCOUNTS, REGIONS
from escher.demo.blueprint.instances import instances
from escher.demo.folder import demo_folder
from escher.errors import ConfigurationError

pytestmark = pytest.mark.demo


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of a cloud that is up."""
    folder = tmp_path_factory.mktemp("cloud") / "demo"
    cloud.up(folder, only=["aws"])
    yield folder
    cloud.down(folder)


@pytest.fixture(scope="module")
def found(home: Path) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """Every instance by account and region, as boto3 lists them through the demo's profiles."""
    with cloud.surroundings(home):
        return {
            (account, region): [
                one
                for page in boto3.Session(profile_name=account, region_name=region).client("ec2").get_paginator("describe_instances").paginate()
                for reservation in page["Reservations"]
                for one in reservation["Instances"]
            ]
            for account in ACCOUNTS
            for region in REGIONS
        }  # fmt: skip


def test_boto3_finds_the_blueprint(found: dict[tuple[str, str], list[dict[str, Any]]]) -> None:
    """What is declared is what a provider's SDK sees: places, names, states."""
    seen = Counter(
        (
            account,
            region,
            next((tag["Value"] for tag in one.get("Tags", ()) if tag["Key"] == "Name"), ""),
            one["State"]["Name"],
        )
        for (account, region), listed in found.items()
        for one in listed
    )
    assert seen == Counter((one.account, one.region, one.name, one.state) for one in instances())


def test_at_least_600_resources_answer(home: Path) -> None:
    """Over three accounts and regions and the ten kinds, the cloud lists at least 600 things."""
    with cloud.surroundings(home):
        total = sum(_count(account) for account in ACCOUNTS)
    assert total >= 600


def _count(account: str) -> int:
    def client(service: str, region: str = REGIONS[0]) -> Any:
        return boto3.Session(profile_name=account, region_name=region).client(service)

    number = len(client("s3").list_buckets()["Buckets"]) + len(client("iam").list_roles()["Roles"])
    for region in REGIONS:
        ec2 = client("ec2", region)
        number += sum(len(group["Instances"]) for group in ec2.describe_instances()["Reservations"])
        number += len(ec2.describe_volumes()["Volumes"]) + len(ec2.describe_snapshots(OwnerIds=["self"])["Snapshots"])
        number += len(ec2.describe_security_groups()["SecurityGroups"]) + len(ec2.describe_addresses()["Addresses"])
        number += len(client("rds", region).describe_db_instances()["DBInstances"])
        number += len(client("lambda", region).list_functions()["Functions"])
        number += len(client("dynamodb", region).list_tables()["TableNames"])
    return number


def test_up_is_said_once(home: Path) -> None:
    """A second `up` changes nothing and says that the cloud is up."""
    before = cloud.status(home)
    news: list[Any] = []
    assert cloud.up(home, news.append) == before
    assert [event["message"] for event in news] == ["The demo cloud is already up."]


def test_exported_lines_point_the_aws_command_at_each_account(home: Path, tmp_path: Path) -> None:
    """In a shell with the lines, `AWS_PROFILE=NAME aws …` is that account, whatever keys the shell had before."""
    aws = shutil.which("aws", path=str(Path(sys.executable).parent))
    assert aws is not None
    for name, account_id in ACCOUNTS.items():
        script = f'eval "$EXPORTS"; AWS_PROFILE={name} {aws} sts get-caller-identity --query Account --output text'
        plain = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "EXPORTS": "\n".join(cloud.export_lines(home))}
        done = subprocess.run(["bash", "-c", script], env=plain, text=True, capture_output=True, check=True, timeout=60)
        assert done.stdout.strip() == account_id


def test_variables_that_would_win_over_a_profile_are_unset(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys in the caller's environment are taken out by the lines, and are back after `surroundings`."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "somebody's")
    assert cloud.export_lines(home)[0] == "unset AWS_ACCESS_KEY_ID"
    assert all(line.startswith("export ") for line in cloud.export_lines(home)[1:])
    with cloud.surroundings(home):
        assert "AWS_ACCESS_KEY_ID" not in os.environ
    assert os.environ["AWS_ACCESS_KEY_ID"] == "somebody's"


def test_a_killed_cloud_is_down_and_starts_anew_with_the_same_ids(
    home: Path, tmp_path: Path, found: dict[tuple[str, str], list[dict[str, Any]]]
) -> None:
    """After a crash `status` says so at once; `up` starts over, beside other clouds, with a home that knows of nothing."""
    other = tmp_path / "demo"
    cloud.up(other, only=["aws"])
    folder = demo_folder(other)
    folder.escher_home.mkdir()
    states = folder.running()
    assert states is not None
    os.kill(states["aws"].pid, 9)
    os.waitpid(states["aws"].pid, 0)
    assert cloud.status(other)["running"] is False
    with pytest.raises(ConfigurationError):
        cloud.environment(other)

    assert cloud.up(other, only=["aws"])["endpoint"] != cloud.status(home)["endpoint"]
    assert not folder.escher_home.exists()
    with cloud.surroundings(other):
        ec2 = boto3.Session(profile_name="sandbox", region_name="us-west-2").client("ec2")
        again = {one["InstanceId"] for group in ec2.describe_instances()["Reservations"] for one in group["Instances"]}
    assert again == {one["InstanceId"] for one in found["sandbox", "us-west-2"]}
    assert cloud.down(other)["running"] is False
    assert not other.exists()
