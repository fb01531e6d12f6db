"""kill -9 at any moment of a scan: the next one goes on where it ended, and tells no news that are none."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from moto.iam.models import get_account_id_from

from escher.contract.estate import GLOBAL
from escher.settings import Settings
from escher.store.estate import EstateStore
from escher.store.history import ScanHistory
from escher.store.vault import Store
from tests.campaigns import FULL
from tests.fixtures.moto_cloud import DATA, REGIONS, SHOP, Call, MotoCloud
from tests.inventory.resources import TYPES
from tests.inventory.truth import Place, in_the_cloud, in_the_estate

KILLS = 50 if FULL else 4
SCOPES = 36
Property = Callable[[str, object], None]

# The call by which a scope is listed; a REST service's is known by a part of its path.
LISTED = {
    "DescribeInstances": "aws_ec2_instance",
    "DescribeVolumes": "aws_ebs_volume",
    "DescribeSnapshots": "aws_ebs_snapshot",
    "DescribeSecurityGroups": "aws_vpc_security_group",
    "DescribeAddresses": "aws_vpc_eip",
    "DescribeDBInstances": "aws_rds_db_instance",
    "ListTables": "aws_dynamodb_table",
    "DescribeTable": "aws_dynamodb_table",
    "ListTagsOfResource": "aws_dynamodb_table",
    "ListRoles": "aws_iam_role",
    "GetRole": "aws_iam_role",
    "GET /2015-03-31/functions": "aws_lambda_function",
    "GET /2017-03-31/tags": "aws_lambda_function",
}


@dataclass
class Told:
    """What a scan said until it ended or was killed: scopes that it finished, those that it kept, and its report."""

    finished: set[Place] = field(default_factory=set)
    kept: set[Place] = field(default_factory=set)
    report: dict[str, Any] = field(default_factory=dict)

    def hear(self, event: dict[str, Any]) -> None:
        """Take in an event."""
        match event["type"]:
            case "scan_service_complete":
                self.finished.add(_place(event))
            case "scan_service_kept":
                self.kept.add(_place(event))
            case "report":
                self.report = event


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


@pytest.fixture
def changing(seeded: MotoCloud) -> Iterator[Changing]:
    """The seeded cloud, to be changed; what was made in it goes again."""
    changing = Changing(seeded)
    yield changing
    changing.clear()


@dataclass
class Changing:
    """Changes a cloud, and knows what a scan has to find out."""

    moto: MotoCloud
    volumes: list[tuple[str, str, str]] = field(default_factory=list)

    def change(self, rng: random.Random) -> Counter[str]:
        """Make a volume in each region of each account, remove an old one, tag another: the news of the next scan."""
        news: Counter[str] = Counter()
        old = list(self.volumes)
        rng.shuffle(old)
        for account_id, region, volume in old[:1]:
            self._ec2(account_id, region).delete_volume(VolumeId=volume)
            self.volumes.remove((account_id, region, volume))
            news["vanished"] += 1
        for account_id, region, volume in old[1:3]:
            tags = [{"Key": "seen", "Value": str(rng.random())}]
            self._ec2(account_id, region).create_tags(Resources=[volume], Tags=tags)
            news["changed"] += 1
        for account_id in (SHOP, DATA):
            for region in REGIONS:
                made = self._ec2(account_id, region).create_volume(Size=1, AvailabilityZone=f"{region}a")
                self.volumes.append((account_id, region, made["VolumeId"]))
                news["appeared"] += 1
        return news

    def clear(self) -> None:
        """Remove what was made."""
        for account_id, region, volume in self.volumes:
            self._ec2(account_id, region).delete_volume(VolumeId=volume)

    def _ec2(self, account_id: str, region: str) -> Any:
        return self.moto.client("ec2", account_id, region)


@pytest.mark.campaign
def test_a_killed_scan_is_gone_on_with(changing: Changing, settings: Settings, record_property: Property) -> None:
    """Killed after any number of calls: no finished scope is read again, the estate is exact, and each change is news once."""
    rng, moto, told = random.Random(4), changing.moto, Told()
    assert _scan(settings, told) == 0 and told.report["complete"]
    kills = early = 0
    calls = len(moto.calls)
    while kills < KILLS:
        news = changing.change(rng)
        killed = Told()
        moto.calls.clear()
        if not _killed(settings, moto, killed, after=rng.randrange(2, calls)):
            early += 1
            assert early < KILLS, "scans end before they can be killed"
            _check_news(settings, news)
            continue
        kills += 1
        _check_resumed(moto, settings, killed)
        with Store.open(settings) as store:
            assert in_the_estate(EstateStore(store)) == in_the_cloud(moto)
        _check_news(settings, news)
    record_property("cases", kills)
    record_property("ended before they were killed", early)


def _killed(settings: Settings, moto: MotoCloud, told: Told, after: int) -> bool:
    """Scan, and kill the scan when it makes so many calls; whether it was still at work."""
    process: list[subprocess.Popen[str]] = []

    def kill(call: Call) -> None:
        if len(moto.calls) >= after and process:
            process[0].kill()

    moto.faults.append(kill)
    returned = _scan(settings, told, process)
    moto.faults.clear()
    return returned != 0


def _scan(settings: Settings, told: Told, started: list[subprocess.Popen[str]] | None = None) -> int:
    """A scan in a process of its own, to its end. What that returns."""
    worker = [sys.executable, "-m", "tests.inventory.scan_worker", str(settings.home), str(settings.passphrase_file)]
    with subprocess.Popen([*worker, *TYPES], stdout=subprocess.PIPE, text=True, env=dict(os.environ)) as process:
        if started is not None:
            started.append(process)
        assert process.stdout is not None
        for line in process.stdout:
            # The last line of a killed process may be torn.
            if line.endswith("\n"):
                told.hear(json.loads(line))
    return process.returncode


def _check_resumed(moto: MotoCloud, settings: Settings, killed: Told) -> None:
    """The second scan keeps what the first one finished, and makes no call for it."""
    moto.calls.clear()
    again = Told()
    assert _scan(settings, again) == 0
    assert again.report["complete"] and len(again.report["scopes"]) == SCOPES
    assert killed.finished | killed.kept <= again.kept
    assert again.kept.isdisjoint(again.finished) and len(again.kept | again.finished) == SCOPES
    read = {place for call in moto.calls if (place := _listed(call))}
    assert read.isdisjoint(again.kept)
    assert read <= again.finished


def _check_news(settings: Settings, expected: Counter[str]) -> None:
    """The news of the newest scan, killed and resumed or not, are what was changed since the one before."""
    with Store.open(settings) as store:
        history = ScanHistory(store)
        newest, *older = history.runs()
        news = Counter(one.change.what for one in history.changes() if one.scan_id == newest.scan_id)
    assert news == expected
    assert {run.status for run in (newest, *older)} == {"completed"}


def _listed(call: Call) -> Place | None:
    """The scope that a call reads."""
    type_ = next((type_ for part, type_ in LISTED.items() if call.operation.partition("?")[0].startswith(part)), None)
    if type_ is None:
        return None
    region = GLOBAL if type_ == "aws_iam_role" else call.region
    return get_account_id_from(call.access_key), region, type_


def _place(event: dict[str, Any]) -> Place:
    return event["account_id"], event["region"], event["resource_type"]
