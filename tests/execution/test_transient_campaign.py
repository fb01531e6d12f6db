"""Real playbooks on a real demo cloud in trouble: how many runs end well without help, and that nothing is made twice."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from escher.contract.runs import RunResult
from escher.demo.clouds.aws.server import serve
from escher_server.library.loader import load
from escher_server.settings import PACKAGED_LIBRARY
from tests.campaigns import FULL
from tests.execution.faulty import FaultyAws, some_trouble
from tests.execution.world import Runner, runner
from tests.server.case_cloud import REGION, CaseCloud
from tests.server.case_runs import plan_of

pytestmark = [pytest.mark.campaign, pytest.mark.demo]
RUNS = 200
# A few that are quick, and in which the engine itself has something to do.
SAMPLE = (3, 13, 49, 136)
WANTED = 0.9
_LIBRARY = {entry.playbook.metadata.playbook_id: entry for entry in load(PACKAGED_LIBRARY).entries.values()}
PLAYBOOKS = [
    f"escher-aws-{name}"
    for name in (
        "ec2-stop", "ebs-snapshot", "tag-resources", "logs-set-retention", "rds-snapshot", "asg-scale", "ec2-create-image",
        "eventbridge-disable-rule", "ebs-gp2-to-gp3", "lambda-set-memory", "s3-block-public-access", "ec2-start",
    )
]  # fmt: skip
# What may be done again with nothing more coming of it; all else must have been done once.
_ABSOLUTE = re.compile(r"Stop|Start|Put|Modify|Update|Set|Tag|Untag|CreateTags|Delete|Enable|Disable")


@pytest.fixture(scope="module")
def aws() -> Iterator[tuple[FaultyAws, str]]:
    """The cloud, and its address."""
    cloud = FaultyAws()
    yield cloud, serve(cloud)


def test_runs_in_trouble_recover_by_themselves(
    aws: tuple[FaultyAws, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    record_property: Callable[[str, object], None],
) -> None:
    """Nine in ten of the runs that a fault has met complete; no snapshot, image or restart is made twice."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "case")
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    cloud, endpoint = aws
    seeds = range(RUNS) if FULL else SAMPLE
    record_property("cases", len(seeds))
    ends: Counter[str] = Counter()
    with runner(tmp_path, account=CaseCloud(endpoint).account, pace=0.05) as runs:
        for seed in seeds:
            result, told = _run(runs, cloud, endpoint, seed)
            again = {call: count for call, count in cloud.done.items() if count > 1 and not _ABSOLUTE.match(call[0])}
            assert again == {}, told
            ends["met" if cloud.struck else "missed"] += 1
            ends["recovered"] += bool(cloud.struck) and result.status == "completed"
            ends["by the engine"] += bool(cloud.struck) and any(
                step.attempts > 1 or step.reason for step in result.steps
            )
            if result.status != "completed":
                print(told, result.summary, result.error)
    print(dict(ends))
    record_property("ends", dict(ends))
    assert ends["recovered"] >= WANTED * ends["met"] and ends["met"] >= len(seeds) // 2


def _run(runs: Runner, cloud: FaultyAws, endpoint: str, seed: int) -> tuple[RunResult, str]:
    """One run of one playbook in one trouble."""
    chance = random.Random(seed)
    entry = _LIBRARY[PLAYBOOKS[seed % len(PLAYBOOKS)]]
    case = entry.cases.cases[0]
    cloud.begin(None)
    httpx.post(f"{endpoint}/moto-api/reset", timeout=120).raise_for_status()
    made = CaseCloud(endpoint)
    made.build(case)
    # A verification looks for 90 s at most, so that what was not done is known soon.
    drafted = plan_of(entry.playbook, case, "python", made).model_copy(update={"plan_id": f"plan-{seed}"})
    steps = [step.model_copy(update={"timeout_seconds": min(step.timeout_seconds, 90)}) for step in drafted.steps]
    plan = drafted.model_copy(update={"steps": tuple(steps)}).sealed()
    trouble = some_trouble(chance)
    cloud.begin(trouble)
    return runs.run(plan), f"{seed}: {entry.playbook.metadata.playbook_id} {trouble}"
