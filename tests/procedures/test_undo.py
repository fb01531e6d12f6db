"""What is made of a run that ended: the plan that takes it back, and the plan of what it has left."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from escher.approval.course import course_problems
from escher.contract.plan import Call, Plan
from escher.contract.runs import RunResult, StepResult
from escher.errors import NotFound, NotResumable, NotUndoable
from escher.procedures.resume import resume_plan
from escher.procedures.undo import Former, Making, undo_plan
from escher.scripts.reader import Reader
from escher_server.library.loader import load
from escher_server.settings import PACKAGED_LIBRARY
from tests.execution.world import NOW, plan, shell

MAKING = Making("plan-2", Reader(), NOW, timedelta(minutes=15))
STOP = "aws ec2 stop-instances --instance-ids {}"
START = "aws ec2 start-instances --instance-ids {}"
CHANGE: dict[str, Any] = {"phase": "change", "effect": "write"}


def change(step_id: str, target: str, **given: Any) -> Any:
    """A step that stops an instance, with the call that starts it again."""
    back = Call(title=f"Undo: {step_id}", language="bash", script=START.format(target))
    about = {**CHANGE, "targets": (target,), "rollback": back} | given
    return shell(step_id, STOP.format(target), **about)


def ended(what: Plan, **statuses: str) -> Former:
    """The plan as a run that has ended; steps are named as `s2_1`, and what is not named has completed."""
    steps = tuple(
        StepResult(
            step_id=step.step_id,
            title=step.title,
            status=(status := statuses.get(f"s{step.step_id.replace('.', '_')}", "completed")),  # type: ignore[arg-type] the tests name states
            attempts=status != "pending",
        )
        for step in what.steps
    )
    whole = all(step.status == "completed" for step in steps)
    at = NOW.isoformat()
    return Former(
        what,
        RunResult(
            run_id="run-1", plan_id=what.plan_id, status="completed" if whole else "failed", summary="", steps=steps,
            targets=(), started_at=at, completed_at=at, duration_ms=1,
        ),
    )  # fmt: skip


def test_the_last_step_is_taken_back_first_with_the_bytes_that_were_approved() -> None:
    """Checks are left out, the effect is read anew, and each undo can itself be undone by doing the step again."""
    former = ended(plan(shell("1.1", "aws ec2 describe-instances"), change("2.1", "i-1"), change("3.1", "i-2")))
    made = undo_plan(former, MAKING)
    assert [step.script for step in made.steps] == [START.format("i-2"), START.format("i-1")]
    assert [(step.effect, step.phase, step.targets) for step in made.steps] == [
        ("write", "change", ("i-2",)),
        ("write", "change", ("i-1",)),
    ]
    assert (made.undoes, made.effect, made.reversible) == ("run-1", "write", True)
    assert made.steps[0].rollback is not None and made.steps[0].rollback.script == STOP.format("i-2")


def test_only_what_ran_is_taken_back_and_what_failed_is_said_to_be_unsure() -> None:
    """A step that was never begun is left out; the undo of one that failed may fail and keeps nothing from its undo."""
    former = ended(
        plan(change("1.1", "i-1"), change("2.1", "i-2"), change("3.1", "i-3")), s2_1="failed", s3_1="pending"
    )
    made = undo_plan(former, MAKING)
    assert [(step.targets[0], step.failure_action) for step in made.steps] == [("i-2", "ignore"), ("i-1", "stop")]
    assert any("Step 2.1 failed" in warning for warning in made.warnings)


def test_what_cannot_be_undone_is_named() -> None:
    """Beside what can be, as a warning with its reason; alone, as a refusal with it."""
    lasting = change("2.1", "i-2", rollback=None, irreversible_because="It is gone.")
    made = undo_plan(ended(plan(change("1.1", "i-1"), lasting)), MAKING)
    assert made.warnings == ("Not undone: step 2.1. It is gone.",)
    with pytest.raises(NotUndoable, match="cannot be undone: It is gone"):
        undo_plan(ended(plan(lasting)), MAKING)


def test_what_an_undo_does_not_bring_back_is_named() -> None:
    """A step may be undone and yet leave something that is not as it was."""
    partly = change("1.1", "i-1", irreversible_because="It comes back with another address.")
    made = undo_plan(ended(plan(partly)), MAKING)
    assert made.warnings == ("Not brought back: step 1.1. It comes back with another address.",)


def test_a_run_that_changed_nothing_has_no_undo() -> None:
    """It only read, or it failed before its first change."""
    for former in (
        ended(plan(shell("1.1", "aws ec2 describe-instances"))),
        ended(plan(shell("1.1", "exit 1"), change("2.1", "i-1")), s1_1="failed", s2_1="pending"),
    ):
        with pytest.raises(NotUndoable, match="has changed nothing"):
            undo_plan(former, MAKING)


def test_what_an_undo_takes_away_does_not_come_back() -> None:
    """An undo that deletes says so, and is not offered to be undone."""
    back = Call(title="Undo", language="bash", script="aws ec2 delete-snapshot --snapshot-id snap-1")
    made = undo_plan(ended(plan(change("1.1", "i-1", rollback=back))), MAKING)
    assert (made.effect, made.reversible) == ("destroy", False)
    assert made.steps[0].irreversible_because


def test_a_resumed_run_does_what_was_left_with_the_same_bytes() -> None:
    """What completed is left out and named, as are its checks; waves count from one again, and needs are met."""
    former = ended(
        plan(
            shell("1.1", "aws ec2 describe-instances", targets=("i-1",)),
            shell("1.2", "aws ec2 describe-instances", targets=("i-2", "i-3")),
            change("2.1", "i-1", wave=1),
            change("2.2", "i-2", wave=2, needs=("2.1",)),
            change("2.3", "i-3", wave=3, needs=("2.2",)),
        ),
        s2_2="failed",
        s2_3="pending",
    )
    made = resume_plan(former, MAKING)
    assert [(step.step_id, step.wave, step.needs) for step in made.steps] == [
        ("1.2", 0, ()),
        ("2.2", 1, ()),
        ("2.3", 2, ("2.2",)),
    ]
    assert made.steps[1].script == STOP.format("i-2") and list(course_problems(made)) == []
    assert (made.resumes, made.playbook_id, made.digest) == ("run-1", former.plan.playbook_id, "")
    assert made.warnings[0] == "Done before, and left out: step 1.1, 2.1." and "Step 2.2" in made.warnings[1]


def test_a_resumed_run_may_begin_at_a_step() -> None:
    """Then everything from there on is done, what was done before too; a step that there is not is refused."""
    former = ended(plan(change("1.1", "i-1"), change("2.1", "i-2"), change("3.1", "i-3")), s3_1="failed")
    made = resume_plan(former, MAKING, "2.1")
    assert [step.step_id for step in made.steps] == ["2.1", "3.1"]
    assert "Step 2.1 completed before; it is done again." in made.warnings
    with pytest.raises(NotFound, match=r"no step '9\.9'"):
        resume_plan(former, MAKING, "9.9")


def test_a_run_that_completed_has_nothing_left() -> None:
    """Nor has one whose only failure was to be ignored."""
    for former in (
        ended(plan(change("1.1", "i-1"))),
        ended(plan(change("1.1", "i-1", failure_action="ignore")), s1_1="failed"),
    ):
        with pytest.raises(NotResumable, match="no change left"):
            resume_plan(former, MAKING)


@pytest.mark.parametrize(
    "entry", load(PACKAGED_LIBRARY).entries.values(), ids=lambda entry: entry.playbook.metadata.playbook_id
)
def test_every_change_of_the_library_can_be_undone_or_says_why_not(entry: Any) -> None:
    """None is missed, and what a playbook says of itself agrees with its steps and its cases."""
    book = entry.playbook
    changes = [step for step in book.orchestration.steps if step.phase == "change"]
    assert all(step.rollback is not None or step.irreversible_because for step in changes)
    reversible = all(step.rollback is not None for step in changes)
    assert book.metadata.estimated_impact.reversible == reversible
    assert all(bool(case.restored) == (reversible and bool(changes)) for case in entry.cases.cases)
