"""A run as components: while it runs, and at its end."""

from __future__ import annotations

from escher.contract.agents import Fixes, FixPlaybook
from escher.contract.runs import RunPaused, RunResult, RunStarted, StepEnded, StepResult, StepStarted
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


def test_a_tracker_says_that_its_run_stands(stage) -> None:
    """Paused between two steps, and running again."""
    plan = stage.plan()
    tracker = track(plan, track(plan, None, started(plan)), RunPaused(run_id="r1", paused=True, at=AT))
    assert tracker.data.status == "paused"
    tracker = track(plan, tracker, RunPaused(run_id="r1", paused=False, at=AT))
    assert tracker.data.status == "running"


def test_nothing_is_tracked_before_the_run_has_started(stage) -> None:
    """An event without its run shows nothing."""
    assert track(stage.plan(), None, step_started("1.1")) is None


def test_a_result_names_the_audit_entry_and_the_way_back(stage) -> None:
    """What can be undone offers its undo; what stood around it is told."""
    done = ended(stage.plan(), "completed").model_copy(update={"undoable": True, "protections": ("No network.",)})
    shown = result(stage.plan(), done)
    assert (shown.props.title, shown.data.audit_entry, shown.data.duration_s) == ("Done", 9, 14)
    assert "Undo: escher undo r1" in shown.data.next_actions and shown.data.protections == ("No network.",)
    assert not any(
        "undo" in action.lower() for action in result(stage.plan(), ended(stage.plan(), "completed")).data.next_actions
    )


def test_a_failed_run_offers_playbooks_that_may_help(stage) -> None:
    """As words to ask for, on what the step failed at; and how to go on afterwards."""
    plan = stage.plan()
    step = plan.steps[0]
    failed = StepResult(step_id=step.step_id, title=step.title, status="failed", attempts=1)
    run = ended(plan, "failed").model_copy(update={"steps": (failed,)})
    help_ = FixPlaybook(
        playbook_id="escher-x", version="1.0.0", name="Take it off", reason="It is protected.", risk="medium"
    )
    shown = result(plan, run, Fixes(text="", fixes=(), playbooks=(help_,)))
    (remedy,) = shown.data.remedies
    assert remedy.prompt.startswith("Take it off") and (remedy.reason, remedy.risk) == ("It is protected.", "medium")
    assert shown.data.next_actions[0] == "Nothing is repeated by itself. What it has left: escher runs resume r1"


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
