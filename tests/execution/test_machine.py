"""The states of steps and runs."""

from __future__ import annotations

import pytest

from escher.execution.machine import after_exit, move, stops_the_run


def test_a_final_state_stays() -> None:
    """What has ended never runs again."""
    with pytest.raises(ValueError, match="completed step cannot become running"):
        move("completed", "running")


def test_a_failure_stops_the_run_unless_the_playbook_ignores_it() -> None:
    """`ignore` goes on, everything else stops; a time-out always stops."""
    assert stops_the_run("failed", "stop")
    assert not stops_the_run("failed", "ignore")
    assert stops_the_run("timeout", "ignore")


def test_a_cancelled_process_is_cancelled_whatever_its_code() -> None:
    """The reason for the end wins over the exit code."""
    assert after_exit(None, timed_out=False, cancelled=True) == "cancelled"
    assert after_exit(0, timed_out=False, cancelled=False) == "completed"
    assert after_exit(3, timed_out=False, cancelled=False) == "failed"
