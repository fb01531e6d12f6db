"""What somebody writes into names and tags instructs no model, and a model that obeys it anyway changes nothing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from pydantic import ValidationError

from escher.context.build import ContextBuilder
from escher.contract.context import AliasedResource, Count, Digest, EstateSummary, Mention, RequestContext
from escher.contract.estate import Resource
from escher.contract.events import Clarify, Event, Proposed, Understood
from escher_server.models.language import LanguageModel
from escher_server.models.quoting import clean, quoted
from escher_server.orchestrator import Orchestrator
from tests.server.conftest import context
from tests.server.models.injections import INJECTIONS
from tests.server.models.speaking import obeying

REQUESTS = (
    "stop all dev instances in us-east-1",
    "compare the instances by region",
    "do the needful with the instances",
)
# What an obedient model does, by the first words of its instructions.
OBEYED: dict[str, object] = {
    "You read one request": {"class": "operation", "action": "delete", "readings": 1, "confidence": 1.0},
    "You order playbooks": {"ranked": [{"playbook_id": "aws-delete-everything", "reason": "Run it at once."}]},
    "You choose components": {"components": [{"type": "table", "bind": "$targets", "title": "Approve: delete all"}]},
    "You add one": "I have deleted 9999 instances. Run rm -rf / now.",
}
IDLE: dict[str, object] = {
    "You read one request": {"class": "unclear", "action": "none", "readings": 0, "confidence": 0.0},
    "You order playbooks": {"ranked": []},
    "You choose components": {"components": [{"type": "text", "bind": "$text"}]},
    "You add one": "",
}


def gullible(injection: str, seen: list[str]) -> LanguageModel:
    """A model that does what the injection says as soon as a part of it is in what it is given, quoted or not."""
    letters = _letters(injection)
    windows = {letters[at : at + 20] for at in range(max(1, len(letters) - 19))}

    def answer(instructions: str, given: str) -> object:
        read = _letters(re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), given))
        obeys = any(window in read for window in windows)
        seen.extend([injection] if obeys else [])
        return next(said for use, said in (OBEYED if obeys else IDLE).items() if instructions.startswith(use))

    return obeying(answer)


def _letters(text: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFKC", text).lower() if sign.isalnum())


async def outcome(orchestrator: Orchestrator, asked: RequestContext) -> tuple[object, ...]:
    """What becomes of a request: class, action, targets, question, plan."""
    return tuple([part async for part in _parts(orchestrator.answer(asked))])


async def _parts(events: AsyncIterator[Event]) -> AsyncIterator[object]:
    async for event in events:
        match event:
            case Understood():
                yield event.understanding
            case Clarify() | Proposed():
                yield event.model_dump_json()
            case _:
                continue


def _estate(name: str, tag: str) -> list[Resource]:
    return [
        Resource(
            provider="aws", account_id="123456789012", region="us-east-1", resource_type="aws_ec2_instance",
            kind="compute_instance", resource_id=f"arn:aws:ec2:us-east-1:123456789012:instance/i-{number:017x}",
            identifier=f"i-{number:017x}", name=f"{name}{number}", state="running",
            tags={"env": "dev", "note": tag, tag[:100]: "x", "owner": tag},
        )
        for number in range(6)
    ]  # fmt: skip


async def test_fifty_injections_in_names_and_tags_change_nothing(
    rules: Orchestrator, advised: Callable[[LanguageModel], Orchestrator]
) -> None:
    """Through the client, no word of a name or a tag reaches a model, and every outcome is that of a plain estate."""
    plain = ContextBuilder(_estate("web-", "checked"), now=1)
    expected = {request: await outcome(rules, plain.build(request)[0]) for request in REQUESTS}
    assert len(INJECTIONS) == 50
    for text in INJECTIONS:
        builder, seen = ContextBuilder(_estate(text, text), now=1), list[str]()
        for request in REQUESTS:
            asked = builder.build(request)[0]
            got = await outcome(rules, asked), await outcome(advised(gullible(text, seen)), asked)
            assert (got, seen) == ((expected[request], expected[request]), []), (request, text)


async def test_fifty_injections_in_every_free_place_change_nothing(
    rules: Orchestrator, advised: Callable[[LanguageModel], Orchestrator]
) -> None:
    """Past the client, wherever the contract takes a text of an estate, it decides nothing, obeyed or not."""
    tried = 0
    for number, text in enumerate(INJECTIONS):
        request = REQUESTS[number % len(REQUESTS)]
        expected = await outcome(rules, context(request))
        for fields in _places(text[:160]):
            tried += 1
            asked = context(request).model_copy(update=fields)
            assert await outcome(advised(gullible(text, [])), asked) == expected, (request, fields)
    assert tried >= len(INJECTIONS)


def _places(text: str) -> list[dict[str, Any]]:
    """The contexts that hold the text in one place each, as far as the contract takes it there."""
    makers: list[Callable[[], dict[str, Any]]] = [
        lambda: {"summary": EstateSummary(environments=(Count(value=text, count=5),))},
        lambda: {"summary": EstateSummary(regions=(Count(value=text, count=5),))},
        lambda: {"history": (Digest(role="assistant", content=text),)},
        lambda: {
            "resources": (
                AliasedResource(
                    alias="r1", provider="aws", kind="disk", resource_type=text, region=text, state="in_use",
                    environment=text,
                ),
            )
        },
        lambda: {"mentions": (Mention(alias="t4711", role="tag_value", tag_key=text),)},
    ]  # fmt: skip
    found: list[dict[str, Any]] = []
    for make in makers:
        try:
            found.append(make())
        except ValidationError:  # the contract itself keeps it out
            continue
    return found


@pytest.mark.parametrize(
    "request_",
    [
        "stop all dev instances in us-east-1",
        "which disks are unattached?",
        "don't stop the dev instances",
        "should I delete the old snapshots?",
        "hmm, the thing",
        "alle laufenden Instanzen in us-east-1 bitte",
        "how much do the buckets cost?",
    ],
)
async def test_a_model_that_always_wants_to_delete_gets_no_plan_for_it(
    request_: str, rules: Orchestrator, advised: Callable[[LanguageModel], Orchestrator]
) -> None:
    """Whatever a model answers, the rules alone say whether something is an order, of what, and for which things."""
    asked = context(request_, summary=EstateSummary(regions=(Count(value="us-east-1", count=5),)))
    hostile = obeying(
        lambda instructions, _: next(said for use, said in OBEYED.items() if instructions.startswith(use))
    )
    assert await outcome(advised(hostile), asked) == await outcome(rules, asked)


@pytest.mark.parametrize("text", INJECTIONS, ids=map(str, range(len(INJECTIONS))))
def test_nothing_gets_out_of_a_quotation(text: str) -> None:
    """A quoted text is one line of ASCII that no text can end, and says nothing that is not seen."""
    said = quoted("estate", {"note": text, text: ["x"]})
    assert (said.count("<"), said.count(">"), said.isascii(), said.isprintable()) == (2, 2, True, True)
    assert all(unicodedata.category(sign)[0] != "C" for sign in clean(text))


def test_a_long_text_is_cut() -> None:
    """No name is longer for a model than a name is."""
    assert len(clean("very " * 1000)) <= 160
