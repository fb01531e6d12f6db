"""Runs on a real store with real processes: their order, their states, what is tried again and what is not."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from escher.contract.plan import Plan
from escher.contract.runs import RunEvent, RunResult, StepEnded, StepOutput, StepStarted
from escher.errors import PlanRefused
from tests.execution.world import BROKEN, DENIED, THROTTLED, Cloud, Runner, plan, runner, served, shell, step

STOP = "ec2 stop-instances"
REBOOT = "ec2 reboot-instances"


@pytest.fixture
def runs(tmp_path: Path) -> Iterator[Runner]:
    """An engine on a store of its own."""
    with runner(tmp_path) as made:
        yield made


@pytest.fixture
def cloud() -> Cloud:
    """A cloud that does what it is asked, unless a test says something against it."""
    return Cloud()


@pytest.fixture
def url(cloud: Cloud) -> Iterator[str]:
    """Where it answers."""
    with served(cloud) as found:
        yield found


def _statuses(result: RunResult) -> dict[str, str]:
    return {one.step_id: one.status for one in result.steps}


def test_a_failure_lets_nothing_start_after_it(runs: Runner) -> None:
    """Steps go one after another; after one that fails the others stay as they are, and the record says so."""
    result = runs.run(
        plan(shell("1.1", "echo one"), shell("2.1", "echo broken >&2; exit 3"), shell("3.1", "echo three"))
    )
    assert (result.status, result.error) == ("failed", "broken")
    assert _statuses(result) == {"1.1": "completed", "2.1": "failed", "3.1": "pending"}
    assert runs.operations.get_run("run-1") == result


def test_the_last_event_is_the_result_and_steps_begin_in_order(runs: Runner) -> None:
    """What is told keeps its order."""
    runs.run(plan(shell("1.1", "echo one"), shell("2.1", "echo two")))
    kinds = [event.type for event in runs.events]
    assert kinds[0] == "execution_started" and kinds[-1] == "result"
    assert [event.step_id for event in runs.told("playbook_step_start")] == ["1.1", "2.1"]
    lines = [line.text for event in runs.told("execution_output") for line in event.lines]
    assert lines == ["one", "two"]


def test_parallel_steps_run_at_once_and_all_end(runs: Runner) -> None:
    """One fails while the other runs; the other is waited for."""
    steps = shell("1.1", "exit 1"), shell("2.1", "sleep 0.3; echo done"), shell("3.1", "echo three")
    result = runs.run(plan(*steps, strategy="parallel", max_concurrency=2))
    assert _statuses(result) == {"1.1": "failed", "2.1": "completed", "3.1": "completed"}
    assert result.status == "failed"
    order = [(event.type, event.step_id) for event in runs.events if isinstance(event, StepStarted | StepEnded)]
    assert order.index(("playbook_step_start", "2.1")) < order.index(("playbook_step_complete", "1.1"))
    assert order.index(("playbook_step_complete", "1.1")) < order.index(("playbook_step_start", "3.1"))


def test_dependants_of_a_failed_step_are_cancelled(runs: Runner) -> None:
    """What needs it, near or far, is never started; what does not is."""
    steps = (
        shell("1.1", "exit 1"),
        shell("2.1", "echo", needs=("1.1",)),
        shell("3.1", "echo", needs=("2.1",)),
        shell("4.1", "echo free"),
    )
    result = runs.run(plan(*steps, strategy="dependency"))
    assert _statuses(result) == {"1.1": "failed", "2.1": "cancelled", "3.1": "cancelled", "4.1": "completed"}
    assert {one.reason for one in result.steps if one.status == "cancelled"} == {"dependency_failed"}


@pytest.mark.parametrize("needs", [("2.1",), ("9.9",)], ids=["circle", "unknown"])
def test_needs_that_cannot_be_met_are_refused(runs: Runner, needs: tuple[str, ...]) -> None:
    """Nothing starts of a plan whose steps wait for each other or for none of it."""
    circle = plan(shell("1.1", "echo", needs=needs), shell("2.1", "echo", needs=("1.1",)), strategy="dependency")
    with pytest.raises(PlanRefused):
        runs.run(circle)
    assert runs.events == []


def test_a_cancelled_run_starts_nothing_more(runs: Runner) -> None:
    """The step under way ends as cancelled, what waits stays, and who cancelled is in the record."""

    def cancel(event: RunEvent) -> None:
        if isinstance(event, StepOutput):
            assert runs.engine.cancel("run-1", "stop-all")

    result = runs.run(plan(shell("1.1", "echo begun; sleep 60"), shell("2.1", "echo two")), cancel)
    assert _statuses(result) == {"1.1": "cancelled", "2.1": "pending"}
    assert (result.status, result.error) == ("cancelled", "cancelled by stop-all")
    assert not runs.engine.cancel("run-1")


async def test_a_paused_run_stands_between_steps(runs: Runner) -> None:
    """The step under way ends; the next starts only when the run may go on."""
    stands = asyncio.Event()

    def emit(event: RunEvent) -> None:
        if isinstance(event, StepStarted) and event.step_id == "1.1":
            runs.engine.pause("run-1")
        if event.type == "execution_paused" and event.paused:
            stands.set()

    under_way = asyncio.create_task(runs.arun(plan(shell("1.1", "echo one"), shell("2.1", "echo two")), emit))
    await asyncio.wait_for(stands.wait(), 30)
    assert [event.step_id for event in runs.told("playbook_step_start")] == ["1.1"]
    assert [event.status for event in runs.told("playbook_step_complete")] == ["completed"]
    assert runs.engine.resume("run-1")
    assert (await under_way).status == "completed"
    assert [event.paused for event in runs.told("execution_paused")] == [True, False]


async def test_a_paused_run_can_be_cancelled(runs: Runner) -> None:
    """It ends without starting what waits."""
    stands = asyncio.Event()

    def emit(event: RunEvent) -> None:
        if isinstance(event, StepStarted):
            runs.engine.pause("run-1")
        if event.type == "execution_paused":
            stands.set()

    under_way = asyncio.create_task(runs.arun(plan(shell("1.1", "echo one"), shell("2.1", "echo two")), emit))
    await asyncio.wait_for(stands.wait(), 30)
    runs.engine.cancel("run-1")
    result = await under_way
    assert (result.status, _statuses(result)["2.1"]) == ("cancelled", "pending")


def test_a_timed_out_step_keeps_what_it_printed(runs: Runner) -> None:
    """Its state is `timeout`, and what came before is in the record."""
    result = runs.run(plan(shell("1.1", "echo begun; sleep 60", timeout_seconds=1)))
    assert (result.status, result.steps[0].output) == ("timeout", "begun")


def test_a_throttled_write_is_repeated(runs: Runner, cloud: Cloud, url: str) -> None:
    """The event says why and when; the write is done once."""
    cloud.against = lambda path, number: THROTTLED if number < 3 else ""
    result = runs.run(plan(step("1.1", "a", endpoint=url, operation=STOP)))
    assert (result.status, result.steps[0].attempts, cloud.done["a"]) == ("completed", 3, 1)
    assert [(event.attempt, event.because) for event in runs.told("step_retried")] == [(2, THROTTLED), (3, THROTTLED)]


def test_a_step_is_not_tried_more_often_than_it_may(runs: Runner, cloud: Cloud, url: str) -> None:
    """After the last attempt it has failed, and its error is the cloud's."""
    cloud.against = lambda path, number: THROTTLED
    result = runs.run(plan(step("1.1", "a", endpoint=url, operation=STOP)))
    assert (result.status, cloud.asked["a"], result.error) == ("failed", 3, THROTTLED)


def test_what_is_denied_is_not_repeated(runs: Runner, cloud: Cloud, url: str) -> None:
    """Not by a read, and not by a verification."""
    cloud.against = lambda path, number: DENIED
    first = runs.run(plan(step("1.1", "a", endpoint=url)))
    second = runs.run(plan(step("1.1", "b", endpoint=url, phase="verify")))
    assert (first.status, second.status, cloud.asked) == ("failed", "failed", {"a": 1, "b": 1})


def test_an_unclear_write_that_adds_is_never_repeated(runs: Runner, cloud: Cloud, url: str) -> None:
    """Without a verification nobody knows what became of it, and that is what the error says."""
    cloud.against = lambda path, number: f"late:{BROKEN}"
    result = runs.run(plan(step("1.1", "a", endpoint=url, operation=REBOOT)))
    assert (result.status, cloud.asked["a"]) == ("failed", 1)
    assert "not known" in result.error


@pytest.mark.parametrize(("operation", "attempts"), [(STOP, ""), (REBOOT, "1")], ids=["may", "may not"])
def test_no_tool_repeats_what_may_not_be(runs: Runner, operation: str, attempts: str) -> None:
    """A step that may not be repeated is not repeated by the CLI either."""
    result = runs.run(plan(shell("1.1", "echo $AWS_MAX_ATTEMPTS", operation=operation)))
    assert result.steps[0].output == attempts


def test_after_an_unclear_write_its_verification_decides(runs: Runner, cloud: Cloud, url: str) -> None:
    """Found done, the run goes on; and the change was made once."""
    cloud.against = lambda path, number: f"late:{BROKEN}" if path == "change" else ""
    made = plan(
        step("1.1", "change", endpoint=url, operation=REBOOT, targets=("t",)),
        step("2.1", "look", endpoint=url, phase="verify", targets=("t",)),
    )
    result = runs.run(made)
    assert (result.status, cloud.done["change"]) == ("completed", 1)
    assert result.steps[0].reason.startswith("found done after: ")


def test_what_its_verification_does_not_find_stays_failed(runs: Runner, cloud: Cloud, url: str) -> None:
    """Not done within the verification's time: the run stops and says so."""
    cloud.against = lambda path, number: BROKEN if path == "change" else "not there"
    made = plan(
        step("1.1", "change", endpoint=url, operation=REBOOT, targets=("t",)),
        step("2.1", "look", endpoint=url, phase="verify", targets=("t",), timeout_seconds=1),
    )
    result = runs.run(made)
    assert (result.status, cloud.asked["change"]) == ("failed", 1)
    assert "did not find it done" in result.error


def test_a_verification_looks_until_it_is_so(runs: Runner, cloud: Cloud, url: str) -> None:
    """A cloud that takes its time is looked at again; a check before the change is not."""
    cloud.against = lambda path, number: "not yet" if number < 4 else ""
    verified = runs.run(plan(step("1.1", "a", endpoint=url, phase="verify")))
    checked = runs.run(plan(step("1.1", "b", endpoint=url)))
    assert (verified.status, verified.steps[0].attempts) == ("completed", 4)
    assert (checked.status, checked.steps[0].attempts) == ("failed", 1)


def _in_waves(url: str, count: int, **given: object) -> Plan:
    """One change and one look for each of so many targets, in waves of 1, 2, 4 …"""
    steps, wave, size, start = [], 1, 1, 0
    while start < count:
        names = [f"t{number}" for number in range(start, min(start + size, count))]
        steps += [step(f"1.{wave}{name}", name, endpoint=url, operation=STOP, wave=wave, number=1) for name in names]
        steps += [
            step(f"2.{wave}{name}", f"look-{name}", endpoint=url, phase="verify", wave=wave, number=2, targets=(name,))
            for name in names
        ]
        start, size, wave = start + size, size * 2, wave + 1
    return plan(*steps, **given)


def test_waves_stop_at_the_budget(runs: Runner, cloud: Cloud, url: str) -> None:
    """After a wave too many of whose targets failed nothing more is touched; the others of that wave are done."""
    cloud.against = lambda path, number: DENIED if path == "t3" else ""
    result = runs.run(_in_waves(url, 15))
    assert result.status == "failed" and "wave 3" in result.error
    assert [(wave.touched, wave.failed, wave.untouched) for wave in result.waves] == [
        (1, 0, 0), (2, 0, 0), (4, 1, 0), (0, 0, 8),
    ]  # fmt: skip
    assert {path for path in cloud.asked if path.startswith("t")} == {f"t{number}" for number in range(7)}
    assert {one.status for one in result.outcomes} == {"done", "failed", "untouched"}
    assert "8 never touched" in result.summary


def test_within_the_budget_the_waves_go_on(runs: Runner, cloud: Cloud, url: str) -> None:
    """Failed targets are named in the result, and the others are done."""
    cloud.against = lambda path, number: DENIED if path == "t3" else ""
    result = runs.run(_in_waves(url, 7, error_budget=0.5))
    assert result.status == "failed"
    assert {one.resource_id for one in result.outcomes if one.status == "failed"} == {"t3"}
    assert sum(one.status == "done" for one in result.outcomes) == 6
    assert "look-t3" not in cloud.asked


def test_output_may_be_told_at_the_end_alone(tmp_path: Path) -> None:
    """Where it is not wanted while it comes, the result has it all the same."""
    with runner(tmp_path, streams=False) as quiet:
        result = quiet.run(plan(shell("1.1", "echo one")))
    assert quiet.told("execution_output") == [] and result.steps[0].output == "one"


def test_a_handler_that_raises_changes_nothing(runs: Runner) -> None:
    """The run ends as it would have, and is recorded."""

    def broken(event: RunEvent) -> None:
        raise RuntimeError("nobody listens")

    assert runs.run(plan(shell("1.1", "echo one")), broken).status == "completed"
