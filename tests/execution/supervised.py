"""A home whose supervisor is the real one in a process of its own; only who the credentials are is made up.

As a program it is that supervisor, or a client: `python -m tests.execution.supervised client HOME PLAN`.
"""

from __future__ import annotations

import base64
import os
import sys
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NoReturn

import psutil

from escher.approval.consent import Consent
from escher.approval.kept import ShownPlan, keep
from escher.approval.seen import seen
from escher.contract.estate import Resource
from escher.contract.plan import Plan, Step
from escher.errors import ScanError
from escher.execution.sandbox import level
from escher.execution.supervisor.__main__ import Parts as SupervisorParts
from escher.execution.supervisor.__main__ import main
from escher.execution.supervisor.asking import SupervisorLine
from escher.session.runs import Runs
from escher.session.wiring import Parts
from escher.settings import Settings
from escher.store.estate import EstateStore
from escher.store.vault import Store
from tests.approval.conftest import ACCOUNT, FakeAws, instance
from tests.execution.world import plan, step

WITHOUT_SANDBOX = "ESCHER_TEST_WITHOUT_SANDBOX"
PROGRAM = "tests.execution.supervised"
ROOT = Path(__file__).parents[2]
TARGETS = [instance(number) for number in range(1, 9)]
_MINUTE = timedelta(minutes=1)


class Unscanned(FakeAws):
    """A cloud that only says who the credentials are."""

    def source(self, *given: object) -> NoReturn:
        raise ScanError("this cloud cannot be scanned.")


def without_sandbox() -> None:
    """From here on this process finds no bubblewrap, as on a machine that has none."""
    vars(level)["_PATH"] = "/nowhere"
    level.protection.cache_clear()


def look(estate: EstateStore) -> Callable[[Sequence[Resource]], Mapping[str, Resource]]:
    """A look at a cloud in which everything is as the estate says."""
    return lambda targets: {one.resource_id: one for one in targets if one.resource_id in estate.snapshot().by_id}


@dataclass
class Home:
    """A session's parts around the store of a home, with two instances to act on."""

    parts: Parts

    @property
    def runs(self) -> Runs:
        """The way to the supervisor, as a session has it."""
        return self.parts.runs

    def shown(self, *steps: Step, **given: Any) -> Plan:
        """A plan of a test's own, as if it had been checked and shown."""
        now, version = datetime.now(UTC), self.parts.policies.policy().version
        about = {"plan_id": f"plan-{uuid.uuid4().hex[:8]}", "policy_version": version}
        about |= {"created_at": (now - _MINUTE).isoformat(), "expires_at": (now + 10 * _MINUTE).isoformat()}
        made = plan(*steps, **about | given)
        ids = {target for one in made.steps for target in one.targets}
        targets = tuple(seen(one) for one in TARGETS if one.resource_id in ids)
        with self.parts.store.transaction() as within:
            shown = ShownPlan(
                plan_id=made.plan_id, context_id="", plan=made, targets=targets, latest=now.isoformat()
            )  # fmt: skip
            keep(within, shown)
        return made

    def granted(self, *steps: Step, **given: Any) -> Plan:
        """The same with a person's consent."""
        made = self.shown(*steps, **given)
        self.parts.approvals.approve(Consent("ana", "terminal", made.plan_id, made.digest))
        return made

    def pid(self) -> int:
        """The supervisor's process id; it is started if need be."""
        return int(line_of(self.parts).ask("hello")["pid"])


def line_of(parts: Parts) -> SupervisorLine:
    """A line to this home's supervisor."""
    return SupervisorLine(parts.settings, parts.store, frozenset[str], PROGRAM)


def acting(number: int, *paths: str, endpoint: str, **given: Any) -> Step:
    """A change of the n-th instance that asks the cloud for these paths."""
    about: dict[str, Any] = {"targets": (TARGETS[number].resource_id,), "operation": "ec2 stop-instances"}
    return step(f"{number + 1}.1", *paths, endpoint=endpoint, **about | given)


@contextmanager
def opened(settings: Settings) -> Iterator[Home]:
    """The home of these settings, as another notebook has it open."""
    parts = Parts(settings, Store.open(settings))
    vars(parts)["access"] = Unscanned()
    vars(parts)["look"] = look(parts.estate)
    vars(parts)["runs"] = Runs(parts, line_of(parts))
    try:
        yield Home(parts)
    finally:
        parts.runs.leave()
        parts.close()


@contextmanager
def home(folder: Path) -> Iterator[Home]:
    """A new home; its supervisor is ended when the block is over, and nothing of it is left."""
    os.environ["PYTHONPATH"] = str(ROOT)  # the supervisor is started from another folder
    settings = Settings(home=folder, master_key=base64.b64encode(os.urandom(32)).decode())
    with Store.create(settings) as store:
        EstateStore(store).put_account(ACCOUNT)
        EstateStore(store).upsert(TARGETS)
    with opened(settings) as made:
        try:
            yield made
        finally:
            made.runs.stop_all()
            end(made)


def end(of: Home) -> None:
    """Have the supervisor stop everything and end, and wait for it."""
    line = line_of(of.parts)
    answer = line.ask_if_there("hello") if line.is_there else None
    line.close()
    if answer is not None:
        process = psutil.Process(int(answer["pid"]))
        process.terminate()
        process.wait(30)


def processes_with(mark: str) -> list[int]:
    """The processes in whose command line a mark stands."""
    return [
        one.pid for one in psutil.process_iter(["cmdline"]) if any(mark in word for word in one.info["cmdline"] or ())
    ]


def _client(folder: str, plan_id: str) -> None:
    """Start a run and print each of its events, until killed."""
    key = sys.stdin.readline().strip()
    with opened(Settings(home=Path(folder), master_key=key)) as mine:
        run_id = mine.runs.start(plan_id)
        print(run_id, flush=True)
        for event in mine.runs.follow(run_id):
            print(event.type, flush=True)


if __name__ == "__main__":
    if os.environ.get(WITHOUT_SANDBOX):
        without_sandbox()
    if sys.argv[1:2] == ["client"]:
        _client(*sys.argv[2:])
    else:
        sys.exit(
            main(
                lambda settings, store, own: SupervisorParts(
                    replace(settings), store, own, FakeAws(), look(EstateStore(store))
                )
            )
        )
