"""Ask a language model within bounds: a schema, one repair, a time limit; what fails is no answer, never an error.

What is sent and what comes back is written nowhere: of a failure only its type is told.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel

from escher_server.models.prompts import Prompt
from escher_server.runtime.request_log import LOG

if TYPE_CHECKING:
    from pydantic_ai import Agent
    from pydantic_ai.models import Model

REST_S = 30.0
MOST_CHARACTERS = 4_000
_MOST_TOKENS = 2_000
_TEMPERATURE = 0.2
Answer = TypeVar("Answer", bound=BaseModel)
T = TypeVar("T")


class LanguageModel:
    """One model. `seen_by` says who sees what it is given; `seconds` is the limit of one use.

    After it was down or too slow it rests for half a minute, so that not every request waits for it. `native`: it
    answers by a schema of its own accord, else by calling a tool that has it.
    """

    def __init__(
        self,
        model: Model,
        seen_by: str,
        seconds: float = 10,
        *,
        native: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._model = model
        self.seen_by = seen_by
        self._seconds = seconds
        self._native = native
        self._clock = clock
        self._resting_until = float("-inf")

    @property
    def rests(self) -> bool:
        """Whether it failed a moment ago, so that it is not asked."""
        return self._clock() < self._resting_until

    async def ask(self, prompt: Prompt, data: str, answer: type[Answer]) -> Answer | None:
        """The answer in the form that is wanted, repaired once if need be; None when there is none in time."""
        if self.rests:
            return None
        task = _begin(self._answered(prompt, data, answer))
        try:
            await asyncio.wait({task}, timeout=self._seconds)
            return task.result() if self._came_well(task) else None
        finally:
            task.cancel()  # and not waited for: a thread of an SDK may go on until its own time is over

    async def tell(self, prompt: Prompt, data: str) -> AsyncGenerator[str]:
        """The answer in words, piece by piece as it comes; it ends where the model fails or its time is over."""
        if self.rests:
            return
        pieces: asyncio.Queue[str | None] = asyncio.Queue()
        task = _begin(self._told(prompt, data, pieces), lambda: pieces.put_nowait(None))
        until = asyncio.get_running_loop().time() + self._seconds
        try:
            with suppress(TimeoutError):
                while (piece := await _next(pieces, until)) is not None:
                    yield piece
            self._came_well(task)
        finally:
            task.cancel()

    async def _answered(self, prompt: Prompt, data: str, answer: type[Answer]) -> Answer:
        from pydantic_ai import NativeOutput
        from pydantic_ai.exceptions import ModelConnectionError, ModelServerError

        agent = self._agent(prompt, NativeOutput(answer) if self._native else answer)
        try:
            return await _output_of(agent, data)
        except (ModelConnectionError, ModelServerError):  # a hiccup; twice is none
            return await _output_of(agent, data)

    async def _told(self, prompt: Prompt, data: str, pieces: asyncio.Queue[str | None]) -> None:
        length = 0
        async with self._agent(prompt, str).run_stream(data) as stream:
            async for piece in stream.stream_text(delta=True):
                length += len(piece)
                if length > MOST_CHARACTERS:
                    return
                pieces.put_nowait(piece)

    def _agent(self, prompt: Prompt, output: Any) -> Agent[object, Any]:
        from pydantic_ai import Agent

        settings: Any = {"max_tokens": _MOST_TOKENS, "temperature": _TEMPERATURE}
        agent: Agent[object, Any] = Agent(
            self._model, output_type=output, instructions=prompt.text, model_settings=settings, retries=1
        )
        agent.instrument = False  # whatever the process has turned on for others
        return agent

    def _came_well(self, task: asyncio.Task[Any]) -> bool:
        """Whether there is an answer. What is down or slow rests; what answers rubbish may do better the next time."""
        failure = TimeoutError() if not task.done() else task.exception()
        if failure is None:
            return True
        from pydantic_ai.exceptions import UnexpectedModelBehavior

        if not isinstance(failure, UnexpectedModelBehavior):
            self._resting_until = self._clock() + REST_S
        LOG.warning("%s", json.dumps({"event": "model_failure", "type": type(failure).__name__}))
        return False


async def _output_of(agent: Agent[object, Any], data: str) -> Any:
    from pydantic_ai.usage import UsageLimits

    run = await agent.run(data, usage_limits=UsageLimits(request_limit=2))
    return run.output


async def _next(pieces: asyncio.Queue[str | None], until: float) -> str | None:
    async with asyncio.timeout_at(until):
        return await pieces.get()


def _begin(work: Coroutine[Any, Any, T], ended: Callable[[], None] = lambda: None) -> asyncio.Task[T]:
    """A task whose failure is never written down by the loop, as that would hold what the model was given."""

    def _end(task: asyncio.Task[T]) -> None:
        if not task.cancelled():
            task.exception()
        ended()

    task = asyncio.create_task(work)
    task.add_done_callback(_end)
    return task
