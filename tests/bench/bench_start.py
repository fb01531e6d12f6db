"""How soon after its approval the first program of a run runs, beside starting the same program bare.

From the request to the supervisor, which is there and has the credentials, to the program's own first act: it prints the
time. Medians of several runs, once in the sandbox and once without.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from time import time

from escher.contract.runs import RunResult
from escher.execution.sandbox import level
from tests.execution.supervised import TARGETS, WITHOUT_SANDBOX, Home, home, without_sandbox
from tests.execution.world import shell

ROUNDS = 15
SCRIPT = 'echo "$EPOCHREALTIME"'
Measurement = tuple[str, float, str, float | None]


def benchmarks() -> Iterator[Measurement]:
    """Name, value, unit and baseline of each measurement."""
    bare = _median(_bare)
    if level.protection().level == "bubblewrap":
        yield "run.start_in_sandbox", _measured("bubblewrap"), "ms", bare
    os.environ[WITHOUT_SANDBOX] = "1"
    without_sandbox()
    try:
        yield "run.start_without_sandbox", _measured("process_group"), "ms", bare
    finally:
        del os.environ[WITHOUT_SANDBOX]


def _measured(expected: str) -> float:
    """The median of some runs. Raises AssertionError where the protection was another one."""
    if level.protection().level != expected:
        raise AssertionError(f"this machine protects by {level.protection().level}, not by {expected}")
    with tempfile.TemporaryDirectory() as folder, home(Path(folder) / "home") as mine:
        mine.pid()
        _once(mine)
        return _median(lambda: _once(mine))


def _once(mine: Home) -> float:
    plan = mine.granted(shell("1.1", SCRIPT, targets=(TARGETS[0].resource_id,)))
    mine.runs.prepare(plan.plan_id)
    begun = time()
    run_id = mine.runs.start(plan.plan_id)
    [*_, result] = mine.runs.follow(run_id)
    assert isinstance(result, RunResult) and result.status == "completed", result
    return (float(result.steps[0].output) - begun) * 1000


def _bare() -> float:
    begun = time()
    done = subprocess.run(["/bin/bash", "--norc", "--noprofile", "-c", SCRIPT], capture_output=True, check=True)
    return (float(done.stdout) - begun) * 1000


def _median(measure: Callable[[], float]) -> float:
    return statistics.median(measure() for _ in range(ROUNDS))
