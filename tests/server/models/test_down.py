"""A provider that is down, refuses or answers rubbish over HTTP: the rules answer, and nothing is written anywhere."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from typing import Any

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from pydantic_ai import Agent, models
from pydantic_ai.models.instrumented import InstrumentationSettings

from escher.contract.context import Count, EstateSummary
from escher.contract.events import Accepted, Event, Stream
from escher_server.errors import ContentForbidden
from escher_server.models.building import language_model
from escher_server.models.choice import ModelChoice
from escher_server.models.language import LanguageModel
from escher_server.orchestrator import Orchestrator
from tests.server.conftest import context
from tests.server.models.failing_provider import KEY, completion, provider

Advised = Callable[[LanguageModel], Orchestrator]
PROMPT = "how do I reduce the cost of disks of the zebracanary?"
VAGUE = "zebracanary, bitte alles"
CANARIES = ("zebracanary", KEY, "answercanary")


@pytest.fixture(autouse=True)
def _this_machine_only(_no_provider: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models, "ALLOW_MODEL_REQUESTS", True)


async def _heard(orchestrator: Orchestrator, prompt: str) -> list[Event]:
    summary = EstateSummary(regions=(Count(value="us-east-1", count=5),))
    return [event async for event in orchestrator.answer(context(prompt, summary=summary))]


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (401, b'{"error": {"message": "answercanary"}}'),
        (429, b'{"error": {"message": "answercanary"}}'),
        (500, b"answercanary"),
        (200, b"answercanary"),
        (200, b'{"answercanary": true}'),
        (200, completion("answercanary")),
        (200, completion(json.dumps({"class": "answercanary"}))),
        (200, completion("answercanary " * 40_000)),
        (None, b""),
    ],
    ids=["401", "429", "500", "no-json", "no-completion", "rubbish", "wrong-schema", "huge", "hangs"],
)
async def test_a_provider_that_fails_changes_nothing_and_is_not_told_of(
    status: int | None, body: bytes, rules: Orchestrator, advised: Advised, caplog: pytest.LogCaptureFixture
) -> None:
    """The answer is the rules' own; no canary of question, key or answer is in any line, however much is logged."""
    caplog.set_level(logging.DEBUG)
    with provider(status, body) as failing:
        got = await _heard(advised(failing.model(seconds=0.5 if status is None else 5)), VAGUE)
    assert got[1:] == (await _heard(rules, VAGUE))[1:] and failing.bodies
    assert not [record.getMessage() for record in caplog.records if any(one in _whole(record) for one in CANARIES)]


def _whole(record: logging.LogRecord) -> str:
    return f"{record.getMessage()} {record.exc_info} {record.__dict__}"


async def test_nobody_at_the_address(rules: Orchestrator, advised: Advised) -> None:
    """A refused connection is no answer."""
    model = language_model(ModelChoice("openai-compatible", "any", "http://127.0.0.1:9/v1", "", 5))
    got = await _heard(advised(model), VAGUE)
    assert (got[1:], model.rests) == ((await _heard(rules, VAGUE))[1:], True)


@pytest.mark.parametrize(("status", "times"), [(500, 2), (401, 1), (429, 1)])
async def test_only_a_hiccup_is_tried_again(status: int, times: int, advised: Advised) -> None:
    """A failure of the server is asked once more; a refusal is not, and then the model rests."""
    with provider(status, b"{}") as failing:
        model = failing.model()
        await advised(model).intent(context(VAGUE))
    assert (len(failing.bodies), model.rests) == (times, True)


async def test_a_good_answer_comes_through(advised: Advised) -> None:
    """The schema goes along with the request, and what follows it is taken; the estate goes along as quoted data."""
    reading = {"class": "query", "action": "list", "kinds": ["disk"], "readings": 1, "confidence": 0.8}
    with provider(200, completion(json.dumps(reading))) as answering:
        understood, question = await advised(answering.model()).intent(context(VAGUE))
    sent: dict[str, Any] = json.loads(answering.bodies[0])
    assert (understood.kinds, question) == (("disk",), None)
    assert sent["response_format"]["type"] == "json_schema" and "<estate>" in str(sent["messages"][-1])


async def test_a_credential_never_reaches_a_model(advised: Advised) -> None:
    """What looks like a credential is refused before a model is asked."""
    with provider(200, completion("{}")) as asked, pytest.raises(ContentForbidden):
        await _heard(advised(asked.model()), "hm AKIAIOSFODNN7EXAMPLE hm")
    assert asked.bodies == []


async def test_no_trace_holds_what_a_model_was_given(advised: Advised) -> None:
    """Even where a process traces every model, ours are left out."""
    exporter = InMemorySpanExporter()
    tracing = TracerProvider()
    tracing.add_span_processor(SimpleSpanProcessor(exporter))
    Agent.instrument_all(InstrumentationSettings(tracer_provider=tracing))
    try:
        with provider(200, completion(json.dumps({"class": "answercanary"}))) as answering:
            events = await _heard(advised(answering.model()), PROMPT)
    finally:
        Agent.instrument_all(False)
    assert [event for event in events if isinstance(event, Stream)] and isinstance(events[0], Accepted)
    assert [span.to_json() for span in exporter.get_finished_spans()] == []
