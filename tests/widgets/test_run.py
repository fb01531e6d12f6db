"""A run as components: while it runs, and at its end."""

from __future__ import annotations

from escher.contract.runs import RunResult, RunStarted, StepEnded, StepResult, StepStarted
from escher.widgets.run import result, run_components, track, tracker_id

AT = "2025-03-01T12:00:00Z"


def started(plan) -> RunStarted:
    """The first event of a run."""
    return RunStarted(run_id="r1", plan_id=plan.plan_id, at=AT, steps=len(plan.steps), audit_entry=7)


def step_started(step_id: str, at: str = AT) -> StepStarted:
    """A step begins."""
    return StepStarted(
        run_id="r1", step_id=step_id, step_number=1, total_steps=6, step_name="x", account_id="1", region="r", at=at
    )


def ended(plan, status: str) -> RunResult:
    """The last event of a run."""
    steps = tuple(StepResult(step_id=one.step_id, title=one.title, status="completed") for one in plan.steps)
    return RunResult(
        run_id="r1", plan_id=plan.plan_id, status=status, summary="Stopped 4 instances.", steps=steps, targets=(),
        started_at=AT, completed_at=AT, duration_ms=14_000, audit_entry=9,
    )  # fmt: skip


def test_a_tracker_follows_its_steps(stage) -> None:
    """Steps become running, then what they ended as; time is the kernel's."""
    plan = stage.plan()
    tracker = track(plan, None, started(plan))
    tracker = track(plan, tracker, step_started("1.1"))
    tracker = track(
        plan, tracker, StepEnded(run_id="r1", step_id="1.1", status="completed", exit_code=0, duration_ms=5)
    )
    tracker = track(plan, tracker, step_started("1.2", "2025-03-01T12:00:03Z"))
    assert [step.status for step in tracker.data.steps[:3]] == ["completed", "running", "pending"]
    assert (tracker.id, tracker.data.elapsed_s, tracker.data.steps[0].account) == (tracker_id("r1"), 3, "web-shop")


def test_nothing_is_tracked_before_the_run_has_started(stage) -> None:
    """An event without its run shows nothing."""
    assert track(stage.plan(), None, step_started("1.1")) is None


def test_a_result_names_the_audit_entry_and_the_way_back(stage) -> None:
    """What ended well offers its undo commands."""
    shown = result(stage.plan(), ended(stage.plan(), "completed"))
    assert (shown.props.title, shown.data.audit_entry, shown.data.duration_s) == ("Done", 9, 14)
    assert any(action.startswith("Undo: aws ec2 start-instances") for action in shown.data.next_actions)


def test_a_failed_run_shows_the_error_of_the_step_that_failed(stage) -> None:
    """With its output, and without an offer to repeat it."""
    *_, shown = run_components(stage.plan(), list(stage.finished(stage.plan())))
    assert (shown.data.status, shown.data.error) == ("failed", "RequestLimitExceeded: slow down")
    assert shown.data.next_actions[0].startswith("Nothing is repeated by itself")


def test_a_run_that_nobody_ended_is_interrupted(stage) -> None:
    """A result that still says `running` is never shown as if it went on."""
    assert result(stage.plan(), ended(stage.plan(), "running")).data.status == "interrupted"


def test_a_finished_run_is_its_tracker_with_lines_and_its_result(stage) -> None:
    """For a run looked at later."""
    tracker, shown = run_components(stage.plan(), list(stage.finished(stage.plan())))
    assert tracker.data.lines[0].text == "checking"
    assert (tracker.data.status, shown.type) == ("failed", "execution_result")
