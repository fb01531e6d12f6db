"""A scan that was killed is gone on with: what it finished is not read again, and nothing is lost."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from escher.errors import ScanError
from escher.inventory.scan import Scanner
from escher.providers.clouds import Clouds
from escher.settings import Settings
from escher.store.estate import EstateStore
from escher.store.history import ScanHistory
from escher.store.vault import Store
from tests.fixtures.moto_cloud import DATA, SHOP, Call, MotoCloud
from tests.inventory.resources import TYPES, only

Started = subprocess.Popen[str]


@pytest.fixture
def settings(tmp_path: Path, cloud: MotoCloud) -> Settings:
    """A store with both accounts, closed."""
    passphrase = tmp_path / "passphrase"
    passphrase.touch(mode=0o600)
    passphrase.write_text("correct horse battery staple")
    settings = Settings(home=tmp_path / "home", passphrase_file=passphrase)
    with Store.create(settings) as store:
        estate = EstateStore(store)
        estate.put_account(cloud.account(SHOP, "shop"))
        estate.put_account(cloud.account(DATA, "data"))
    return settings


def start(settings: Settings) -> Started:
    """A scan in a process of its own."""
    command = [
        sys.executable,
        "-m",
        "tests.inventory.scan_worker",
        str(settings.home),
        str(settings.passphrase_file),
        *TYPES,
    ]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=dict(os.environ))


def events(process: Started) -> Iterator[dict[str, Any]]:
    """What it tells, as it comes."""
    assert process.stdout is not None
    return map(json.loads, process.stdout)


def scope_of(event: dict[str, Any]) -> tuple[str, str, str]:
    """The scope that an event is of."""
    return event["account_id"], event["region"], event["resource_type"]


@pytest.fixture
def killed(seeded: MotoCloud, settings: Settings) -> set[tuple[str, str, str]]:
    """The scopes that a scan had finished when it was killed; it hung at the volumes, which are left."""
    hanging = Event()
    seeded.faults.append(lambda call: None if call.operation != "DescribeVolumes" else hanging.wait(60) and None)
    process = start(settings)
    finished: set[tuple[str, str, str]] = set()
    for event in events(process):
        if event["type"] == "scan_service_complete":
            finished.add(scope_of(event))
        if len(finished) >= 20:
            break
    process.kill()
    process.wait()
    hanging.set()
    seeded.faults.clear()
    seeded.calls.clear()
    return finished


def test_no_call_of_a_finished_scope_is_repeated(
    seeded: MotoCloud, settings: Settings, killed: set[tuple[str, str, str]]
) -> None:
    """The second scan keeps them, reads the others, and the estate is what a scan without an accident finds."""
    process = start(settings)
    told = list(events(process))
    report = told[-1]
    assert process.wait() == 0
    kept = {scope_of(event) for event in told if event["type"] == "scan_service_kept"}
    assert killed <= kept
    assert report["complete"] and len(report["scopes"]) == 36
    read = {_read(call) for call in seeded.calls} - {None}
    assert read.isdisjoint({(region, type_) for _, region, type_ in kept if _in_both_accounts(kept, region, type_)})
    assert ("eu-west-1", "aws_ebs_volume") in read
    with Store.open(settings) as store:
        assert {run.status for run in ScanHistory(store).runs()} == {"completed"}
        again = Scanner(EstateStore(store), Clouds()).scan(only(*TYPES))
        assert (again.appeared, again.changed, again.deleted) == (0, 0, 0)


def test_another_scan_does_not_go_on_with_it(
    seeded: MotoCloud, settings: Settings, killed: set[tuple[str, str, str]]
) -> None:
    """Only one that asks for the same; the broken one is a failed one then."""
    with Store.open(settings) as store:
        report = Scanner(EstateStore(store), Clouds()).scan(only("aws_vpc_eip"))
        runs = ScanHistory(store).runs()
    assert killed
    assert report.kept == 0
    assert sorted(run.status for run in runs) == ["completed", "failed"]


def test_two_processes_do_not_scan_at_once(seeded: MotoCloud, settings: Settings) -> None:
    """The second is told so, and the first goes on."""
    hanging = Event()
    seeded.faults.append(lambda call: None if call.operation != "DescribeVolumes" else hanging.wait(60) and None)
    process = start(settings)
    told = events(process)
    assert next(told)["type"] == "scan_started"
    with Store.open(settings) as store:
        scanner = Scanner(EstateStore(store), Clouds(), lock_file=settings.home / "scan.lock")
        with pytest.raises(ScanError, match="in another process"):
            scanner.scan(only("aws_vpc_eip"))
    hanging.set()
    assert list(told)[-1]["complete"]
    assert process.wait() == 0


_CALLS = {
    "DescribeInstances": "aws_ec2_instance",
    "DescribeVolumes": "aws_ebs_volume",
    "DescribeSnapshots": "aws_ebs_snapshot",
    "DescribeSecurityGroups": "aws_vpc_security_group",
    "DescribeAddresses": "aws_vpc_eip",
    "DescribeDBInstances": "aws_rds_db_instance",
    "ListTables": "aws_dynamodb_table",
}


def _read(call: Call) -> tuple[str, str] | None:
    type_ = _CALLS.get(call.operation)
    return (call.region, type_) if type_ else None


def _in_both_accounts(kept: set[tuple[str, str, str]], region: str, type_: str) -> bool:
    """A call does not tell its account; what is kept in both must not be read at all."""
    return {(SHOP, region, type_), (DATA, region, type_)} <= kept
