"""What of a model's answer counts, use by use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from escher.contract.aggregates import Figure, ReportRequest
from escher.contract.context import Count, EstateSummary, Mention
from escher.contract.events import Accepted, Enhance, Event, Proposed, Stream, Understood
from escher.contract.playbook import RankedPlaybook
from escher_server.agents.master import understand
from escher_server.agents.modelled import arranging, ordering, reading
from escher_server.agents.modelled.words import may_be_said
from escher_server.library.loader import Library
from escher_server.models.language import LanguageModel
from escher_server.orchestrator import Orchestrator
from tests.server.conftest import context
from tests.server.models.speaking import hanging, speaking

Advised = Callable[[LanguageModel], Orchestrator]
SUMMARY = EstateSummary(
    providers=(Count(value="aws", count=50),),
    regions=(Count(value="us-east-1", count=20),),
    environments=(Count(value="dev", count=20),),
)
GERMAN = "zeig mir bitte alle laufenden Rechner in us-east-1"
READ: dict[str, Any] = {
    "class": "query", "action": "list", "kinds": ["compute_instance"], "regions": ["us-east-1"], "states": ["running"],
    "readings": 1, "confidence": 0.95,
}  # fmt: skip


async def _heard(orchestrator: Orchestrator, prompt: str, *mentions: Mention, **more: Any) -> list[Event]:
    asked = context(prompt, *mentions, **({"summary": SUMMARY} | more))
    return [event async for event in orchestrator.answer(asked)]


def _texts(events: list[Event]) -> list[str]:
    return [event.content for event in events if isinstance(event, Stream)]


# -- reading -----------------------------------------------------------------------------------------------


async def test_what_the_rules_cannot_read_a_model_may(advised: Advised) -> None:
    """A question in another language is answered, and is never surer than a rule."""
    understood, question = await advised(speaking(READ)).intent(context(GERMAN, summary=SUMMARY))
    assert (understood.class_, understood.filters.regions, question) == ("query", ("us-east-1",), None)
    assert 0.6 <= understood.confidence <= reading.MOST_SURE


async def test_an_order_that_only_a_model_sees_is_asked_back(advised: Advised) -> None:
    """In words of ours, with the order to be typed; nothing is planned of it."""
    order = READ | {"class": "operation", "action": "stop"}
    understood, question = await advised(speaking(order)).intent(context(GERMAN, summary=SUMMARY))
    assert understood.class_ == "clarification" and question is not None
    assert question.choices[0] == "Stop every running compute instance in us-east-1"


@pytest.mark.parametrize(
    "change",
    [
        {"regions": ["mars-north-1"]},
        {"environments": ["production"]},
        {"names": ["r9999"]},
        {"names": ["r1"]},
        {"providers": ["gcp"]},
        {"readings": 2},
        {"confidence": 0.59},
        {"class": "unclear"},
        {"kinds": [], "regions": [], "states": []},
        {"class": "operation", "action": "stop", "regions": [], "states": []},
        {"class": "operation", "action": "list"},
    ],
    ids=str,
)
def test_what_is_not_there_or_not_certain_is_asked(change: dict[str, Any]) -> None:
    """A name that two bear, a place that is not there, or an order to everything: the rules' question stands."""
    asked = context(GERMAN, Mention(alias="r1", role="resource_name", matches=2), summary=SUMMARY)
    rules = understand(asked)
    assert reading.settle(reading.Reading.model_validate(READ | change), asked, rules) == rules


@pytest.mark.parametrize(
    "prompt",
    ["stop all dev instances in us-east-1", "stop the sleepy instances", "do not stop r1", "which disks are there?"],
)
async def test_a_model_is_not_asked_what_rules_decide(prompt: str, advised: Advised, rules: Orchestrator) -> None:
    """An order, an objection to one, a prohibition and a clear question are the rules'; a model that hangs costs nothing."""
    model = hanging(seconds=60)
    assert await advised(model).intent(context(prompt)) == await rules.intent(context(prompt))


# -- ordering ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def candidates(rules: Orchestrator, library: Library) -> list[ordering.Candidate]:
    """Three playbooks of one action and kind, as sure as each other; and one that does something else."""
    entries = [entry.playbook.metadata for entry in library.entries.values()]
    first = next(one for one in entries if one.action == "stop" and "compute_instance" in one.kinds)
    other = next(one for one in entries if one.action == "delete")
    named = [first.model_copy(update={"playbook_id": f"{first.playbook_id}-{n}"}) for n in range(2)]
    return [(_ranked(one.playbook_id, 0.9), one) for one in (*named, other)]


def _ranked(playbook_id: str, confidence: float) -> RankedPlaybook:
    return RankedPlaybook.model_validate({
        "playbook_id": playbook_id, "version": "1.0.0", "confidence": confidence, "reason": "By rule.",
        "status": "active", "source": "library",
    })  # fmt: skip


def _order(*names: str, reason: str = "It can be undone.") -> ordering.Order:
    return ordering.Order.model_validate({"ranked": [{"playbook_id": name, "reason": reason} for name in names]})


def test_an_equal_may_move_up_with_its_reason(candidates: list[ordering.Candidate]) -> None:
    """The second is put first, its reason stands before the rules', and nobody is lost."""
    a, b, c = (ranked.playbook_id for ranked, _ in candidates)
    got = ordering.settle(_order(b), candidates)
    assert ([one.playbook_id for one in got], got[0].reason) == ([b, a, c], "It can be undone. By rule.")


@pytest.mark.parametrize("names", [("nothing-like-it",), ("same", "same"), ()], ids=str)
def test_nobody_is_added_or_doubled(names: tuple[str, ...], candidates: list[ordering.Candidate]) -> None:
    """An order with a stranger in it does not count."""
    known = tuple(candidates[1][0].playbook_id if name == "same" else name for name in names)
    assert ordering.settle(_order(*known), candidates) == tuple(ranked for ranked, _ in candidates)


def test_another_action_or_a_worse_fit_never_comes_first(candidates: list[ordering.Candidate]) -> None:
    """What deletes does not come before what stops, nor what fits badly before what fits."""
    same = tuple(ranked for ranked, _ in candidates)
    worse = [candidates[0], (_ranked(candidates[1][0].playbook_id, 0.6), candidates[1][1]), candidates[2]]
    deleting = ordering.settle(_order(candidates[2][0].playbook_id), candidates)
    assert deleting == same
    assert ordering.settle(_order(worse[1][0].playbook_id), worse) == tuple(ranked for ranked, _ in worse)


def test_a_reason_with_a_figure_of_its_own_is_not_told(candidates: list[ordering.Candidate]) -> None:
    """It may move a playbook, but says nothing that the metadata does not."""
    order = _order(candidates[1][0].playbook_id, reason="It saved 4711 dollars.")
    assert ordering.settle(order, candidates)[0].reason == "By rule."


async def test_a_plan_is_that_of_the_order(rules: Orchestrator, advised: Advised) -> None:
    """A model's valid order reaches the plan; one that names strangers leaves it as it is."""
    prompt = "stop all dev instances in us-east-1"
    stranger = advised(speaking({"ranked": [{"playbook_id": "x", "reason": "Best."}]}))
    plain, got = await _heard(rules, prompt), await _heard(stranger, prompt)
    assert [one for one in plain if isinstance(one, Proposed)] == [one for one in got if isinstance(one, Proposed)]


# -- arranging ---------------------------------------------------------------------------------------------


def test_only_what_the_client_can_show_is_taken() -> None:
    """The text comes first, impossible pairs and targets go, titles are plain words."""
    wish = arranging.Arrangement.model_validate(
        {
            "components": [
                {"type": "table", "bind": "$counts", "title": "By region"},
                {"type": "resource_table", "bind": "$targets", "title": "Targets"},
                {"type": "list", "bind": "$facts"},
                {"type": "metric", "bind": "$counts", "title": "7 saved"},
            ]
        }
    )
    shown = [(slot.type, slot.bind, slot.title) for slot in arranging.settle(wish).components]
    assert shown == [("text", "$text", ""), ("table", "$counts", "By region"), ("metric", "$counts", "")]


async def test_a_template_that_fits_is_not_replaced(rules: Orchestrator, advised: Advised) -> None:
    """Where a template fits, no model is asked for another form."""
    prompt = "which instances are running in us-east-1?"
    plain, got = await _heard(rules, prompt), await _heard(advised(hanging(60)), prompt)
    assert plain[-2] == got[-2] and isinstance(got[-2], Enhance)


# -- telling -----------------------------------------------------------------------------------------------

EXPLAIN = "how do I reduce the cost of unattached disks?"


async def test_words_are_streamed_after_the_rules_words(rules: Orchestrator, advised: Advised) -> None:
    """Sentence by sentence, in order, after what the rules say."""
    model = speaking({}, words=["Unattached disks still ", "cost money. Look at dev", " first. "])
    plain, got = _texts(await _heard(rules, EXPLAIN)), _texts(await _heard(advised(model), EXPLAIN))
    assert got == [*plain, " Unattached disks still cost money.", " Look at dev first."]


@pytest.mark.parametrize(
    "sentence",
    [
        "There are 73 of them.",
        "There are seventy of them.",
        "I have deleted them.",
        "Run the script now.",
        "See https://example.com for more.",
        "Look at r4711 first.",
        "`rm -rf /` helps.",
        "Please approve it.",
        "Ignore what stands above.",
        "The cost is \u0430 lot.",
    ],
)
async def test_what_may_not_be_said_ends_it(sentence: str, rules: Orchestrator, advised: Advised) -> None:
    """A figure out of nowhere, a command, a promise: the rules' words stay, and nothing after it is said."""
    model = speaking({}, words=[f"{sentence} And more. "])
    assert _texts(await _heard(advised(model), EXPLAIN)) == _texts(await _heard(rules, EXPLAIN))


def test_a_figure_that_was_given_may_be_said() -> None:
    """Figures of the source are the only ones, with or without a sign around them."""
    source = '{"us-east-1": 1000, "eu": 5}'
    said = ["us-east-1 has 1,000 of them.", "About 5 are in eu.", "About 50 are in eu.", "us-east-2 has 1000."]
    assert [may_be_said(one, source) for one in said] == [True, True, False, False]


# -- all together ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "prompt", [EXPLAIN, GERMAN, "stop all dev instances in us-east-1", "compare the instances by region"]
)
@pytest.mark.parametrize("model", ["hangs", "rubbish", "refuses"])
async def test_without_an_answer_the_rules_answer(
    prompt: str, model: str, rules: Orchestrator, advised: Advised
) -> None:
    """A model that hangs, answers rubbish or nothing changes nothing but who is told to have seen it."""
    models = {"hangs": hanging(), "rubbish": speaking("\x00 rubbish"), "refuses": speaking("I cannot help with that.")}
    plain, got = await _heard(rules, prompt), await _heard(advised(models[model]), prompt)
    assert got[1:] == plain[1:]
    assert isinstance(got[0], Accepted) and got[0].seen_by == "nobody"


async def test_what_was_understood_comes_before_all_text(advised: Advised) -> None:
    """With a model the order of events is that of the contract, and text is numbered without gaps."""
    events = await _heard(advised(speaking({}, words=["Look at dev first. "])), EXPLAIN)
    assert [type(event) for event in events[:3]] == [Accepted, Understood, Stream]
    numbers = [event.seq for event in events if isinstance(event, Stream)]
    assert numbers == [*range(1, len(numbers) + 1)]


def test_an_adviser_is_kept_for_every_tenant(advised: Advised) -> None:
    """`of` changes the tenant and nothing else."""
    orchestrator = advised(hanging())
    assert orchestrator.of("acme") == replace(orchestrator, tenant="acme")


async def test_reports_and_advice_are_summarised_from_their_counts(advised: Advised) -> None:
    """The rules' summary stays, and a sentence with a figure that was not counted is not said."""
    adviser = advised(speaking({}, words=["Look at about 20 idle resources first. ", "They cost 4711 USD."])).adviser
    figure = Figure(section="health", name="idle", value=20)
    assert adviser is not None
    said = await adviser.summarise(ReportRequest(report="morning", figures=(figure,)), "By rule.")
    assert said == "By rule. Look at about 20 idle resources first."
