"""`escher runs` and `escher run` with a real supervisor: list, follow, stop, and what Ctrl-C does to a run."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from escher.commands.command import Invocation, Outcome, commands, parser
from escher.errors import AlreadyCompleted, InvalidInput, NotFound
from escher.session.session import Session
from tests.execution.supervised import Home, acting, home
from tests.execution.test_supervisor import Held
from tests.execution.world import Cloud, served

Emit = Callable[[Mapping[str, Any]], None]


@pytest.fixture(scope="module")
def mine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """One home with a supervisor."""
    with home(tmp_path_factory.mktemp("commands") / "home") as made:
        yield made


def _nothing(event: Mapping[str, Any]) -> None:
    """Live news that nobody reads."""


def _escher(mine: Home, *words: str, emit: Emit = _nothing) -> Outcome:
    """What a command says. Raises what it raises."""
    options = parser().parse_args(words)
    return commands()[options.command].run(Invocation(options, lambda: Session(mine.parts), emit))


def test_a_run_is_listed_followed_and_cannot_be_stopped_any_more(mine: Home) -> None:
    """The same result everywhere; an ended run says that it has ended, an unknown one that it is unknown."""
    with served(Cloud()) as endpoint:
        plan = mine.granted(acting(0, "one", endpoint=endpoint))
        done = _escher(mine, "run", plan.plan_id)
    run_id = done.document["run_id"]
    assert (done.exit_code, done.document["status"]) == (0, "completed")
    assert _escher(mine, "runs").document[0] == done.document
    events: list[str] = []
    followed = _escher(mine, "runs", "follow", run_id, emit=lambda event: events.append(event["type"]))
    assert followed.document == done.document and events[0] == "execution_started"
    for words in (("cancel", run_id), ("pause", run_id)):
        with pytest.raises(AlreadyCompleted):
            _escher(mine, "runs", *words)
    with pytest.raises(NotFound):
        _escher(mine, "runs", "follow", "run-none")
    with pytest.raises(InvalidInput):
        _escher(mine, "runs", "cancel")
    assert _escher(mine, "runs", "cancel", "--all").document == {"cancelled": []}


def _interrupt() -> None:
    os.kill(os.getpid(), signal.SIGINT)


def _interrupted_once_it_waits(cloud: Held) -> None:
    def wait() -> None:
        cloud.waiting.wait(30)
        _interrupt()

    threading.Thread(target=wait).start()


def test_an_interrupt_ends_the_waiting_and_not_the_run(mine: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says where to look, and the run completes."""
    monkeypatch.setattr("escher.commands.waiting.GRACE_S", 0.0)
    cloud = Held()
    with served(cloud) as endpoint:
        plan = mine.granted(acting(0, "slow", endpoint=endpoint))
        _interrupted_once_it_waits(cloud)
        left = _escher(mine, "run", plan.plan_id)
        assert left.exit_code == 130 and left.document["type"] == "run_left"
        assert mine.runs.result(left.document["run_id"]).status == "running"
        cloud.open.set()
        assert mine.runs.wait_for(left.document["run_id"]).status == "completed"


def test_a_second_interrupt_cancels_the_run(mine: Home) -> None:
    """Within a few seconds of the first."""
    cloud = Held()

    def again(event: Mapping[str, Any]) -> None:
        if event["type"] == "run_left":
            _interrupt()

    with served(cloud) as endpoint:
        plan = mine.granted(acting(1, "slow", endpoint=endpoint))
        _interrupted_once_it_waits(cloud)
        ended = _escher(mine, "run", plan.plan_id, emit=again)
        cloud.open.set()
    assert (ended.exit_code, ended.document["status"]) == (1, "cancelled")
