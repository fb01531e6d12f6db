"""How a case of the library is planned and run on a cloud that answers, whichever cloud it is."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

from escher.contract.estate import Account, Resource
from escher.contract.plan import Call, Plan, PlanTemplate
from escher.contract.playbook import Playbook
from escher.contract.ports import Match
from escher.contract.understanding import Selector
from escher.contract.vocabulary import Language
from escher.procedures.resolve import Resolution, resolve
from escher.retrieval.match import narrowed
from escher.scripts.reader import Reader
from escher_server.library.cases import Case

_TOOLS = Path(sys.executable).parent


class CaseCloud(Protocol):
    """A cloud in which the things of a case are made, and seen as a scan sees them."""

    @property
    def account(self) -> Account:
        """Where they are made."""
        ...

    def build(self, case: Case) -> None:
        """Make everything of a case."""
        ...

    def read(self, case: Case) -> dict[str, Resource]:
        """What there is of the case's things now, by their names in the case."""
        ...

    def observe(self, case: Case, name: str, facts: Mapping[str, Any]) -> dict[str, Any] | None:
        """The given facts of one thing as they are now, or None when it is gone."""
        ...


def assert_ends_as_it_says(
    playbook: Playbook, case: Case, language: Language, cloud: CaseCloud, environment: Mapping[str, str]
) -> None:
    """Build, plan, run, look, undo and look again; `environment` holds the log-in that scripts are given."""
    cloud.build(case)
    plan = plan_of(playbook, case, language, cloud)
    for step in plan.steps:
        run(step, environment)
    assert {name: cloud.observe(case, name, facts or {}) for name, facts in case.expected.items()} == case.expected
    assert plan.reversible == bool(case.restored)
    for step in reversed(plan.steps):
        if step.rollback:
            run(step.rollback, environment)
    assert {name: cloud.observe(case, name, facts) for name, facts in case.restored.items()} == case.restored


def plan_of(playbook: Playbook, case: Case, language: Language, cloud: CaseCloud) -> Plan:
    """The plan that the client makes for a case, over what a scan finds; it is of exactly the case's targets."""
    found = cloud.read(case)
    meant = tuple(found[name] for name in (*case.targets, *case.skipped))
    match = narrowed(Match(targets=meant), playbook.orchestration.targets, time.time())
    assert match.targets == tuple(found[name] for name in case.targets)
    assert match.skipped == tuple(found[name] for name in case.skipped)
    given = Resolution(
        plan_id="plan-0a1b2c3d4e5f",
        question=case.title,
        template=PlanTemplate(playbook=playbook, selector=Selector()),
        values={spec.name: case.parameters.get(spec.name, spec.default) for spec in playbook.parameters},
        targets=match.targets,
        accounts={cloud.account.account_id: cloud.account},
        languages=(language,),
        now=datetime.now(UTC),
        valid_for=timedelta(minutes=15),
    )
    return resolve(given, Reader())


def run(call: Call, environment: Mapping[str, str]) -> None:
    """Run one call as a child process with its own environment, and expect it to succeed and to end with JSON."""
    program = ["bash", "--norc", "-c"] if call.language == "bash" else [sys.executable, "-I", "-c"]
    name = ["escher"] if call.language == "bash" else []
    base = {"PATH": f"{_TOOLS}:{os.environ['PATH']}", "HOME": os.environ["HOME"]}
    done = subprocess.run(
        [*program, call.script, *name, *call.arguments],
        env={**base, **environment, **call.environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, ""), f"{call.title}: {done.stderr}{done.stdout}"
    assert done.stdout.rstrip().splitlines()[-1].startswith('{"status": "')
