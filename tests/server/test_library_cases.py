"""Every case of every playbook, in both languages, on a cloud that answers: run, look, undo, look again."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from moto.server import ThreadedMotoServer

from escher.contract.plan import Call, Plan, PlanTemplate
from escher.contract.playbook import Playbook
from escher.contract.ports import Match
from escher.contract.understanding import Selector
from escher.contract.vocabulary import Language
from escher.procedures.resolve import Resolution, resolve
from escher.retrieval.match import narrowed
from escher.scripts.reader import Reader
from escher_server.library.cases import Case
from escher_server.library.loader import load
from escher_server.settings import PACKAGED_LIBRARY
from tests.server.case_cloud import REGION, CaseCloud

pytestmark = pytest.mark.demo
_TOOLS = Path(sys.executable).parent
_LANGUAGES: tuple[Language, ...] = ("bash", "python")
_CREDENTIALS = {"AWS_ACCESS_KEY_ID": "case", "AWS_SECRET_ACCESS_KEY": "case", "AWS_DEFAULT_REGION": REGION}
_CASES = [
    pytest.param(
        entry.playbook,
        case,
        language,
        id=f"{playbook_id}-{number}-{language}",
        marks=pytest.mark.xdist_group(f"library-{language}"),
    )
    for (playbook_id, _), entry in load(PACKAGED_LIBRARY).entries.items()
    for number, case in enumerate(entry.cases.cases, start=1)
    for language in _LANGUAGES
]


@pytest.fixture(scope="session")
def moto() -> Iterator[str]:
    """A moto server of this process; its address."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def cloud(moto: str, monkeypatch: pytest.MonkeyPatch) -> CaseCloud:
    """An empty cloud."""
    httpx.post(f"{moto}/moto-api/reset").raise_for_status()
    for name, value in _CREDENTIALS.items():
        monkeypatch.setenv(name, value)
    return CaseCloud(moto)


@pytest.mark.parametrize(("playbook", "case", "language"), _CASES)
def test_a_case_ends_as_it_says(playbook: Playbook, case: Case, language: Language, cloud: CaseCloud) -> None:
    """The playbook takes exactly its targets, leaves the expected state, and its undo gives the former state back."""
    cloud.build(case)
    plan = plan_of(playbook, case, language, cloud)
    for step in plan.steps:
        run(step, cloud)
    assert {name: cloud.observe(case, name, facts or {}) for name, facts in case.expected.items()} == case.expected
    assert plan.reversible == bool(case.restored)
    for step in reversed(plan.steps):
        if step.rollback:
            run(step.rollback, cloud)
    assert {name: cloud.observe(case, name, facts) for name, facts in case.restored.items()} == case.restored


def plan_of(playbook: Playbook, case: Case, language: Language, cloud: CaseCloud) -> Plan:
    """The plan that the client makes for a case, over what a scan finds."""
    found = cloud.read(case)
    meant = tuple(found[name] for name in (*case.targets, *case.skipped))
    match = narrowed(Match(targets=meant), playbook.orchestration.targets, time.time())
    assert match.targets == tuple(found[name] for name in case.targets)
    assert match.skipped == tuple(found[name] for name in case.skipped)
    values = {spec.name: case.parameters.get(spec.name, spec.default) for spec in playbook.parameters}
    given = Resolution(
        plan_id="plan-0a1b2c3d4e5f",
        question=case.title,
        template=PlanTemplate(playbook=playbook, selector=Selector()),
        values=values,
        targets=match.targets,
        accounts={cloud.account.account_id: cloud.account},
        languages=(language,),
        now=datetime.now(UTC),
        valid_for=timedelta(minutes=15),
    )
    return resolve(given, Reader())


def run(call: Call, cloud: CaseCloud) -> None:
    """Run one call as a child process with its own environment, and expect it to succeed and to end with JSON."""
    program = ["bash", "--norc", "-c"] if call.language == "bash" else [sys.executable, "-I", "-c"]
    name = ["escher"] if call.language == "bash" else []
    environment = {"PATH": f"{_TOOLS}:{os.environ['PATH']}", "HOME": os.environ["HOME"], **_CREDENTIALS}
    done = subprocess.run(
        [*program, call.script, *name, *call.arguments],
        env=environment | call.environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, ""), f"{call.title}: {done.stderr}{done.stdout}"
    assert done.stdout.rstrip().splitlines()[-1].startswith('{"status": "')
