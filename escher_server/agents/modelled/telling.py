"""Put the answer to a question into a few words more, from counts; sentence by sentence, each looked at before it is said."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing

from escher.contract.context import RequestContext
from escher.contract.understanding import Understanding
from escher.contract.wire import Wire
from escher_server.agents.modelled.words import may_be_said, sentences
from escher_server.models.language import LanguageModel
from escher_server.models.prompts import read_prompt
from escher_server.models.quoting import identifier, quoted

MOST_SENTENCES = 4


async def told(
    model: LanguageModel, context: RequestContext, understanding: Understanding, rules: str
) -> AsyncGenerator[str]:
    """What is said: the rules' words, then up to four sentences more, as they come."""
    yield rules
    async with aclosing(_said(model, _source(context, understanding, rules))) as said:
        async for sentence in said:
            yield f" {sentence}"


async def summarised(model: LanguageModel, counts: Wire, rules: str) -> str:
    """A summary of counts: the rules' words, and up to four sentences more."""
    source = f"{quoted('estate', counts.model_dump(mode='json'))}\n{quoted('answer', {'text': rules})}"
    return " ".join([rules, *[sentence async for sentence in _said(model, source)]])


async def _said(model: LanguageModel, source: str) -> AsyncGenerator[str]:
    """A model's sentences; the first that says what it may not, as a figure that is not in `source`, ends them."""
    rest, said = "", 0
    async with aclosing(model.tell(read_prompt("modelled/wording.md"), source)) as pieces:
        async for piece in pieces:
            whole, rest = sentences(rest + piece)
            for sentence in whole:
                if said == MOST_SENTENCES or not may_be_said(sentence, source):
                    return
                said += 1
                yield sentence
    last = rest.strip()
    if said < MOST_SENTENCES and last.endswith((".", "!", "?")) and may_be_said(last, source):
        yield last


def _source(context: RequestContext, understanding: Understanding, rules: str) -> str:
    """What the model is given: the question as it was sent, and of the estate counts by identifiers."""
    summary = context.summary
    counts: dict[str, object] = {
        name: {one.value: one.count for one in found if identifier(one.value)}
        for name, found in (
            ("providers", summary.providers),
            ("resource_types", summary.resource_types),
            ("regions", summary.regions),
            ("environments", summary.environments),
        )
    }
    counts["counted"] = [result.model_dump(mode="json") for result in context.data_result]
    wanted = {"class": understanding.class_, "action": understanding.action, "kinds": understanding.kinds}
    request = quoted("request", {**wanted, "text": context.prompt})
    return f"{request}\n{quoted('estate', counts)}\n{quoted('answer', {'text': rules})}"
