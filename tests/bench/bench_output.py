"""How fast a step's output passes through engine, journal and store to who follows, beside reading the same pipe bare."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

from escher.contract.runs import RunEvent
from escher.execution.supervisor.journal import Journal, read
from tests.execution.world import plan, runner, shell

LINES = 200_000
RUN, SECRET = "run-1", bytes(32)
LINE = "2026-11-25T12:00:00Z worker-1 has processed item %d of its batch in 12.5 ms: status=ok"
SCRIPT = f"for ((n = 0; n < {LINES}; n++)); do printf '{LINE}\\n' $n; done"
Measurement = tuple[str, float, str, float | None]


def benchmarks() -> Iterator[Measurement]:
    """Name, value, unit and baseline of each measurement."""
    bare = asyncio.run(_bare())
    with tempfile.TemporaryDirectory() as name, runner(Path(name)) as runs:
        journal = Journal(Path(name), SECRET, RUN)

        def emit(event: RunEvent) -> None:
            runs.events.clear()
            if journal.add(event):
                journal.flush()

        begun = perf_counter()
        result = runs.run(plan(shell("1.1", SCRIPT, timeout_seconds=600)), emit)
        journal.close()
        seconds = perf_counter() - begun
        followed = [line.seq for event in read(Path(name), SECRET, RUN) for line in getattr(event, "lines", ())]
        if followed != list(range(1, LINES + 1)) or runs.operations.get_run(RUN) != result:
            raise AssertionError(f"of {LINES} lines {len(followed)} arrived")
    yield "run.output_lines_per_s", LINES / seconds, "lines/s", LINES / bare


async def _bare() -> float:
    """Seconds that asyncio alone takes to read the same lines."""
    begun = perf_counter()
    process = await asyncio.create_subprocess_exec("bash", "-c", SCRIPT, stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    count = 0
    async for _ in process.stdout:
        count += 1
    await process.wait()
    assert count == LINES
    return perf_counter() - begun
