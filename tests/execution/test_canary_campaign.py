"""Five hundred targets of which a tenth fail: the run stops at the budget, and nothing beyond the wave is touched."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import boto3
import httpx
import pytest
from botocore.config import Config

from escher.contract.estate import Resource
from escher.contract.plan import Plan, PlanTemplate
from escher.contract.runs import RunResult
from escher.contract.understanding import Selector
from escher.demo.clouds.aws.server import serve
from escher.procedures.resolve import Resolution, resolve
from escher.scripts.reader import Reader
from escher_server.library.loader import load
from escher_server.settings import PACKAGED_LIBRARY
from tests.campaigns import FULL
from tests.execution.faulty import FaultyAws
from tests.execution.world import DENIED, Cloud, plan, runner, served, step
from tests.server.case_cloud import REGION, CaseCloud

pytestmark = [pytest.mark.campaign]
TARGETS, FAILING, BUDGET = 500, 50, 0.05
INSTANCES = TARGETS if FULL else 30
PLACEMENTS = range(20) if FULL else range(1)
STOP = "escher-aws-ec2-stop"


def _waves() -> list[range]:
    """The places of the targets in each wave: 1, 2, 4, 8 … of them."""
    found, start, size = [], 0, 1
    while start < TARGETS:
        found.append(range(start, min(start + size, TARGETS)))
        start, size = start + size, size * 2
    return found


def _reach(failing: set[int]) -> int:
    """How many targets a run may touch: all to the end of the wave after which more than the budget have failed."""
    for wave in _waves():
        if len(failing & set(range(wave.stop))) / wave.stop > BUDGET:
            return wave.stop
    return TARGETS


def _one_by_one(url: str) -> Plan:
    """A change and a look at each target for itself."""
    steps = [
        step(f"{number}.{place + 1}", path, endpoint=url, operation=operation, wave=wave, number=number,
             phase="change" if operation else "verify", targets=(f"t{place}",))
        for wave, places in enumerate(_waves(), start=1)
        for number, operation in ((1, "ec2 stop-instances"), (2, ""))
        for place in places
        for path in [f"t{place}" if operation else f"look{place}"]
    ]  # fmt: skip
    return plan(*steps, error_budget=BUDGET)


@pytest.mark.parametrize("seed", PLACEMENTS)
def test_a_run_stops_at_the_budget_wherever_targets_fail(
    tmp_path: Path, seed: int, record_property: Callable[[str, object], None]
) -> None:
    """The cloud was asked for every target up to the wave that used the budget up, and for no other."""
    record_property("cases", TARGETS)
    failing = set(random.Random(seed).sample(range(TARGETS), FAILING))
    cloud = Cloud(lambda path, number: DENIED if path[0] == "t" and int(path[1:]) in failing else "")
    with served(cloud) as url, runner(tmp_path) as runs:
        result = runs.run(_one_by_one(url))
    reach = _reach(failing)
    asked = {int(path[1:]) for path in cloud.asked if path[0] == "t"}
    assert asked == set(range(reach)) and reach < TARGETS
    assert {path: count for path, count in cloud.asked.items() if count > 1} == {}
    assert {int(one.resource_id[1:]) for one in result.outcomes if one.status == "failed"} == failing & asked
    _says_how_far(result, reach, len(failing & asked))


def _says_how_far(result: RunResult, touched: int, failed: int) -> None:
    assert result.status == "failed" and "stopped after wave" in result.error
    assert sum(wave.touched for wave in result.waves) == touched
    assert sum(wave.failed for wave in result.waves) == failed
    assert sum(wave.untouched for wave in result.waves) == TARGETS - touched


@pytest.mark.demo
def test_stopping_instances_stops_at_the_protected_ones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The library's own playbook on the demo's AWS: a tenth of the instances cannot be stopped; the last run on."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "case")
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    cloud = FaultyAws()
    endpoint = serve(cloud)
    httpx.post(f"{endpoint}/moto-api/reset", timeout=120).raise_for_status()
    targets = _instances(endpoint)
    made = _stop(targets, endpoint)
    cloud.begin(None)
    with runner(tmp_path, account=CaseCloud(endpoint).account) as runs:
        result = runs.run(made)
    stopped = {found for (operation, asked) in cloud.done if operation == "StopInstances" for found in _named(asked)}
    touched = {one.resource_id for one in result.outcomes if one.status != "untouched"}
    assert result.status == "failed" and "stopped after wave" in result.error
    assert stopped <= {target.identifier for target in targets if target.resource_id in touched}
    assert 0 < len(touched) < INSTANCES
    now = {one.identifier: one.state for one in _scan(endpoint)}
    assert {target.identifier for target in targets if now[target.identifier] != "running"} == stopped


def _instances(endpoint: str) -> list[Resource]:
    """As many as there are to be, and a tenth of them protected."""
    ec2 = boto3.client("ec2", endpoint_url=endpoint, config=Config(read_timeout=300))
    made = ec2.run_instances(ImageId="ami-12c6146b", InstanceType="t3.micro", MinCount=INSTANCES, MaxCount=INSTANCES)
    ids = sorted(one["InstanceId"] for one in made["Instances"])
    for identifier in ids[3::10]:
        ec2.modify_instance_attribute(InstanceId=identifier, DisableApiStop={"Value": True})
    return sorted(_scan(endpoint), key=lambda one: one.identifier)


def _scan(endpoint: str) -> list[Resource]:
    return CaseCloud(endpoint)._scan("aws_ec2_instance")


def _stop(targets: list[Resource], endpoint: str) -> Plan:
    account = CaseCloud(endpoint).account
    entries = load(PACKAGED_LIBRARY).entries.values()
    playbook = next(entry.playbook for entry in entries if entry.playbook.metadata.playbook_id == STOP)
    given = Resolution(
        plan_id="plan-500", question="stop them", template=PlanTemplate(playbook=playbook, selector=Selector()), values={},
        targets=tuple(targets), accounts={account.account_id: account}, languages=("python",), now=datetime.now(UTC),
        valid_for=timedelta(minutes=15), error_budget=BUDGET,
    )  # fmt: skip
    return resolve(given, Reader()).sealed()


def _named(asked: str) -> list[str]:
    """The instances that a recorded call names."""
    return [word for word in json.dumps(asked).replace("'", '"').split('"') if word.startswith("i-")]
