"""The supervisor as a process: it runs what was approved, once, whoever asks, and nobody else makes it do anything."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from escher.contract.runs import RunResult, StepStarted
from escher.errors import ApprovalError, ApprovalUsed, ResourceBusy
from tests.execution.supervised import Home, acting, home, opened
from tests.execution.world import Cloud, served


@pytest.fixture(scope="module")
def mine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """One home, one supervisor, one plan after the other."""
    with home(tmp_path_factory.mktemp("supervised") / "home") as made:
        yield made


def test_an_approved_plan_runs_and_is_recorded(mine: Home) -> None:
    """Its events come in order, the record and the trail say how it ended, and it runs only once."""
    cloud = Cloud()
    with served(cloud) as endpoint:
        plan = mine.granted(acting(0, "one", endpoint=endpoint), acting(1, "two", endpoint=endpoint))
        events = list(mine.runs.follow(mine.runs.start(plan.plan_id)))
        with pytest.raises(ApprovalUsed):
            mine.runs.start(plan.plan_id)
    assert cloud.done == {"one": 1, "two": 1}
    assert [event.type for event in events if event.type != "execution_output"] == [
        "execution_started", "playbook_step_start", "playbook_step_complete",
        "playbook_step_start", "playbook_step_complete", "result",
    ]  # fmt: skip
    assert isinstance(events[-1], RunResult) and events[-1].status == "completed"
    assert mine.runs.results()[0] == events[-1]
    told = [entry.event for entry in mine.parts.ledger.entries()]
    assert [one.type for one in told if one.subject == plan.plan_id] == ["approved", "started", "approval_refused"]
    assert [one.type for one in told if one.subject == events[-1].run_id] == ["completed"]


def test_what_nobody_approved_does_not_start(mine: Home) -> None:
    """The supervisor checks for itself; nothing is recorded."""
    journals = mine.parts.settings.store_path.parent / "runs"
    before = mine.runs.results(), sorted(journals.glob("*"))
    with served(Cloud()) as endpoint, pytest.raises(ApprovalError):
        mine.runs.start(mine.shown(acting(0, "one", endpoint=endpoint)).plan_id)
    assert (mine.runs.results(), sorted(journals.glob("*"))) == before


class Held(Cloud):
    """A cloud that keeps who asks for `slow` waiting until it is opened."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting, self.open = threading.Event(), threading.Event()

    def ask(self, path: str) -> str:
        if path == "slow":
            self.waiting.set()
            self.open.wait(30)
        return super().ask(path)


def test_two_changes_of_one_resource_exclude_each_other(mine: Home) -> None:
    """The second is refused before its approval is used up, so that it can run later."""
    cloud = Held()
    with served(cloud) as endpoint:
        first = mine.runs.start(mine.granted(acting(0, "slow", endpoint=endpoint)).plan_id)
        assert cloud.waiting.wait(60)
        second = mine.granted(acting(0, "quick", endpoint=endpoint))
        with pytest.raises(ResourceBusy, match=first):
            mine.runs.start(second.plan_id)
        other = mine.granted(acting(1, "other", endpoint=endpoint))
        assert mine.runs.wait_for(mine.runs.start(other.plan_id)).status == "completed"
        cloud.open.set()
        assert mine.runs.wait_for(first).status == "completed"
        assert mine.runs.wait_for(mine.runs.start(second.plan_id)).status == "completed"
    assert cloud.done == {"slow": 1, "quick": 1, "other": 1}


def test_another_notebook_follows_pauses_and_cancels(mine: Home) -> None:
    """A run is found by its id from a second session, from its first event on."""
    cloud = Held()
    with served(cloud) as endpoint, opened(mine.parts.settings) as theirs:
        plan = mine.granted(acting(0, "slow", endpoint=endpoint), acting(1, "never", endpoint=endpoint))
        run_id = mine.runs.start(plan.plan_id)
        assert cloud.waiting.wait(60)
        assert theirs.runs.pause(run_id) and mine.runs.cancel(run_id)
        events = list(theirs.runs.follow(run_id))
        cloud.open.set()
        assert events[0].type == "execution_started"
        assert [event.step_id for event in events if isinstance(event, StepStarted)] == ["1.1"]
        assert mine.runs.result(run_id).status == "cancelled" == theirs.runs.results()[0].status
        assert not theirs.runs.cancel(run_id)


def test_stop_all_stops_all(mine: Home) -> None:
    """Every run under way ends as cancelled."""
    cloud = Held()
    with served(cloud) as endpoint:
        started = [
            mine.runs.start(mine.granted(acting(number, "slow", endpoint=endpoint)).plan_id) for number in range(3)
        ]
        assert cloud.waiting.wait(60)
        assert sorted(mine.runs.stop_all()) == sorted(started)
        assert {mine.runs.wait_for(run_id).status for run_id in started} == {"cancelled"}
        cloud.open.set()


def test_at_most_so_many_runs_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One more is refused, retryable, and its approval stays good."""
    monkeypatch.setenv("ESCHER_EXEC_MAX_CONCURRENT", "1")
    cloud = Held()
    with home(tmp_path / "home") as mine, served(cloud) as endpoint:
        first = mine.runs.start(mine.granted(acting(0, "slow", endpoint=endpoint)).plan_id)
        assert cloud.waiting.wait(60)
        more = mine.granted(acting(1, "more", endpoint=endpoint))
        with pytest.raises(ResourceBusy):
            mine.runs.start(more.plan_id)
        cloud.open.set()
        mine.runs.wait_for(first)
        assert mine.runs.wait_for(mine.runs.start(more.plan_id)).status == "completed"
