"""One step of a run: started, read live, tried again where that is safe, and ended in one result."""

from __future__ import annotations

import asyncio
import random
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Literal

from escher.approval.approvals import Consumed
from escher.contract.plan import Step
from escher.contract.runs import RunEvent, StepResult, StepRetried, StepStatus
from escher.errors import EscherError
from escher.execution.credentials import Credentials
from escher.execution.machine import after_exit
from escher.execution.output import KEEP, HeadAndTail, LineMasker, Output
from escher.execution.process import run_process
from escher.execution.retrying import Again, Ask, Attempt, decide, failure, repeats_underneath, verification
from escher.execution.sandbox.launching import launched

UNKNOWN = "Whether it was done is not known; look before it is repeated."
_SAID_LINES = 40
_KEPT_OF_A_RUN = 16 * KEEP
# botocore's word for how often a request is sent at most; the other clouds' tools have none.
_ONCE = {"AWS_MAX_ATTEMPTS": "1"}
Results = Mapping[str, StepResult]


@dataclass
class _Writing:
    """What a step has written over all its attempts."""

    kept: HeadAndTail
    said: deque[str] = field(default_factory=lambda: deque[str](maxlen=_SAID_LINES))
    error: str = ""


class Stepper:
    """Runs the steps of one run, several at once if need be. `chance` moves the waits between attempts."""

    def __init__(
        self,
        consumed: Consumed,
        credentials: Credentials,
        emit: Callable[[RunEvent], None],
        output: Output,
        *,
        pace: float = 1.0,
    ) -> None:
        self._consumed, self._plan, self._credentials = consumed, consumed.plan, credentials
        self._emit, self._output, self._pace = emit, output, pace
        self._chance = random.Random(consumed.run_id)
        self._keep = min(KEEP, _KEPT_OF_A_RUN // max(len(consumed.plan.steps), 1) // 2)
        self.cancel = asyncio.Event()
        self.protections: dict[str, None] = {}

    async def run(self, step: Step, results: Callable[[], Results]) -> StepResult:
        """Run a step to its end. `results` tells how the others stand, when it is asked."""
        begun = time.monotonic()
        result, asks = await self._attempts(step)
        if asks:
            result = await self._ask(step, result, [one for one in results().values() if one.status == "completed"])
        return result.model_copy(update={"duration_ms": max(1, round((time.monotonic() - begun) * 1000))})

    async def _attempts(self, step: Step) -> tuple[StepResult, bool]:
        """The end of the last attempt, and whether only a verification can tell what became of it."""
        begun, writing = time.monotonic(), _Writing(HeadAndTail(self._keep))
        number, was_unclear = 0, False
        while True:
            number += 1
            left_s = (
                step.timeout_seconds - (time.monotonic() - begun) if step.phase == "verify" else step.timeout_seconds
            )
            status, code = await self._attempt(step, writing, max(left_s, 1.0))
            left_s = step.timeout_seconds - (time.monotonic() - begun)
            attempt = Attempt(number, status, code, "\n".join(writing.said), left_s, was_unclear)
            decision = decide(step, attempt, self._chance, self._pace)
            if not isinstance(decision, Again) or not await self._waited(step, attempt, decision):
                cancelled = isinstance(decision, Again)
                ended = _result(step, "cancelled" if cancelled else status, code, number, writing)
                return ended, isinstance(decision, Ask)
            was_unclear = was_unclear or failure(step, attempt) == "unclear"

    async def _waited(self, step: Step, attempt: Attempt, again: Again) -> bool:
        """Wait before the next attempt; False when the run was cancelled meanwhile."""
        self._emit(
            StepRetried(
                run_id=self._consumed.run_id,
                step_id=step.step_id,
                attempt=attempt.number + 1,
                wait_seconds=round(again.wait_s, 3),
                because=again.because,
                at=datetime.now(UTC).isoformat(),
            )
        )
        with suppress(TimeoutError):
            await asyncio.wait_for(self.cancel.wait(), again.wait_s)
        return not self.cancel.is_set()

    async def _ask(self, step: Step, result: StepResult, done: Sequence[StepResult]) -> StepResult:
        """Let the step's verification say whether it was done after all."""
        verifying = verification(step, self._plan.steps, frozenset(one.step_id for one in done))
        if verifying is None or self.cancel.is_set():
            return result.model_copy(update={"error": f"{result.error} {UNKNOWN}".strip()})
        found, _ = await self._attempts(verifying)
        if found.status == "completed":
            return result.model_copy(
                update={"status": "completed", "error": "", "reason": f"found done after: {result.error}"}
            )
        if found.status == "cancelled":
            return result.model_copy(update={"error": f"{result.error} {UNKNOWN}".strip()})
        return result.model_copy(update={"error": f"{result.error} Its verification did not find it done."})

    async def _attempt(self, step: Step, writing: _Writing, timeout_s: float) -> tuple[StepStatus, int | None]:
        writing.said.clear()
        writing.error = ""
        if self.cancel.is_set():
            return "cancelled", None
        try:
            return await self._process(step, writing, timeout_s)
        except EscherError as cause:
            writing.error = str(cause)
            return "failed", None

    async def _process(self, step: Step, writing: _Writing, timeout_s: float) -> tuple[StepStatus, int | None]:
        approved = self._consumed.approved
        credentials = await self._credentials.for_step(self._plan, step, approved)
        mask = LineMasker(credentials.secrets())

        def on_line(stream: Literal["stdout", "stderr"], text: str) -> None:
            line = mask(text)
            writing.kept.add(line)
            if stream == "stderr" and line.strip():
                writing.said.append(line)
                writing.error = line
            self._output.add(step.step_id, stream, line)

        async with launched(step, step, approved.tools, credentials, notes=partial(on_line, "stderr")) as launch:
            self.protections |= dict.fromkeys(launch.protections)
            once = {} if repeats_underneath(step) else _ONCE
            try:
                ending = await run_process(
                    launch.argv,
                    {**launch.environment, **once},
                    launch.folder,
                    timeout_s=timeout_s,
                    cancel=self.cancel,
                    on_line=on_line,
                    stop=launch.stop,
                )
            finally:
                self._output.flush()
        return after_exit(ending.exit_code, timed_out=ending.timed_out, cancelled=ending.cancelled), ending.exit_code


def _result(step: Step, status: StepStatus, code: int | None, number: int, writing: _Writing) -> StepResult:
    return StepResult(
        step_id=step.step_id,
        title=step.title,
        status=status,
        exit_code=code,
        output=writing.kept.text(),
        error="" if status == "completed" else writing.error,
        attempts=number,
        wave=step.wave,
    )
