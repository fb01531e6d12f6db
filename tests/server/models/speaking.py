"""Language models that say what a test wants, standing where a provider's would; and the faces of a failing one."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any

from pydantic import BaseModel
from pydantic_ai.messages import ModelMessage, ModelRequest, ModelResponse, TextPart, UserPromptPart
from pydantic_ai.models.function import AgentInfo, FunctionModel

from escher_server.agents.modelled.arranging import Arrangement
from escher_server.agents.modelled.ordering import Order
from escher_server.agents.modelled.reading import Reading
from escher_server.models.language import LanguageModel

# The form of each use's answer, and one that it allows.
FORMS: dict[type[BaseModel], dict[str, Any]] = {
    Reading: {"class": "query", "action": "list", "kinds": ["disk"], "readings": 1, "confidence": 0.9},
    Order: {"ranked": [{"playbook_id": "some-playbook", "reason": "It can be undone."}]},
    Arrangement: {"components": [{"type": "text", "bind": "$text", "title": ""}]},
}
PROMPTS = {Reading: "master.md", Order: "playbook.md", Arrangement: "ui.md"}


def speaking(*answers: object, words: Sequence[str] = (), seconds: float = 5) -> LanguageModel:
    """A model that answers one thing after another, the last one for ever; texts as they are, the rest as JSON."""
    left = list(answers)

    def answer(messages: list[ModelMessage], info: AgentInfo) -> ModelResponse:
        one = left.pop(0) if len(left) > 1 else left[0]
        return ModelResponse(parts=[TextPart(one if isinstance(one, str) else json.dumps(one))])

    async def stream(messages: list[ModelMessage], info: AgentInfo) -> AsyncIterator[str]:
        for word in words or ("",):
            yield word
            await asyncio.sleep(0)

    return LanguageModel(FunctionModel(answer, stream_function=stream), "nobody", seconds, native=True)


def hanging(seconds: float = 0.1, clock: Callable[[], float] = time.monotonic) -> LanguageModel:
    """A model that never answers."""

    async def answer(messages: list[ModelMessage], info: AgentInfo) -> ModelResponse:
        await asyncio.sleep(3600)
        return ModelResponse(parts=[])

    async def stream(messages: list[ModelMessage], info: AgentInfo) -> AsyncIterator[str]:
        await asyncio.sleep(3600)
        yield ""

    return LanguageModel(FunctionModel(answer, stream_function=stream), "nobody", seconds, native=True, clock=clock)


def obeying(answer_to: Callable[[str, str], object], seconds: float = 5) -> LanguageModel:
    """A model whose answer to (instructions, what it is given) is made by a function; texts are streamed whole."""

    def answer(messages: list[ModelMessage], info: AgentInfo) -> ModelResponse:
        said = answer_to(*_given(messages))
        return ModelResponse(parts=[TextPart(said if isinstance(said, str) else json.dumps(said))])

    async def stream(messages: list[ModelMessage], info: AgentInfo) -> AsyncIterator[str]:
        yield str(answer_to(*_given(messages)))

    return LanguageModel(FunctionModel(answer, stream_function=stream), "nobody", seconds, native=True)


def _given(messages: list[ModelMessage]) -> tuple[str, str]:
    requests = [one for one in messages if isinstance(one, ModelRequest)]
    parts = [part.content for one in requests for part in one.parts if isinstance(part, UserPromptPart)]
    return requests[0].instructions or "", "\n".join(str(part) for part in parts)
