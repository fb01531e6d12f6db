"""Campaigns of language: requests drawn from a grammar over an estate's own names, through both halves."""

from __future__ import annotations

import json
import os
import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from escher.contract.context import RequestContext
from escher_server.agents.master import understand
from escher_server.agents.understanding.verb_forms import BASE
from tests.fixtures import frames, hard_names, language
from tests.server.understanding.labelled import read, sentences
from tests.server.understanding.test_sentences import TABLES


@pytest.mark.campaign
def test_no_shape_of_question_ever_becomes_an_operation(campaign: Callable[[int], int]) -> None:
    """Fifty shapes, any verb, any name."""
    assert len(language.QUESTION_SHAPES) >= 25
    for request in language.questions(hard_names.estate(), campaign(5_000), seed=11):
        assert read(request.text)[0].class_ != "operation", request.text


@pytest.mark.campaign
def test_every_shape_of_order_names_its_one_thing(campaign: Callable[[int], int]) -> None:
    """Clear, ambiguous or unknown: the order is about exactly the name that was said, and about one thing."""
    assert len(language.ORDER_SHAPES) >= 20
    for request in language.orders(hard_names.estate(), campaign(5_000), seed=12):
        understood, asked, talk = read(request.text)
        assert (understood.class_, asked) == ("operation", None), request.text
        assert [talk.value(name) for name in understood.filters.names] == [request.name], request.text
        assert understood.quantity == "one", request.text
        bearers = {len(talk.names(name)) for name in understood.filters.names}
        assert bearers == {"clear": {1}, "ambiguous": {2}, "unknown": {0}}[request.target], request.text


@pytest.mark.campaign
def test_orders_about_a_group_come_down_to_its_filters(campaign: Callable[[int], int]) -> None:
    """Environment, region and kind, and nothing else."""
    for text, environment, region in language.selections(hard_names.estate(), campaign(1_000), seed=13):
        understood, asked, _ = read(text)
        found = (
            understood.class_,
            asked,
            understood.filters.environments,
            understood.filters.regions,
            understood.kinds,
        )
        assert found == ("operation", None, (environment,), (region,), ("compute_instance",)), text


def _bare_orders() -> list[str]:
    """The labelled orders that begin with their verb, and are one plain sentence."""
    texts = [one.text for table in TABLES for one in sentences(table) if one.label == "order"]
    plain = [text[0].lower() + text[1:] for text in texts if not set(text) & set(".!:?")]
    return [text for text in plain if BASE.match(text.split(), 0, len(text.split()))]


def _framed(frames: tuple[str, ...], number: int, seed: int) -> Iterator[tuple[str, str]]:
    """So many orders, each in a frame, every frame in turn."""
    chance, bare = random.Random(seed), _bare_orders()
    for count in range(number):
        order = chance.choice(bare)
        yield order, frames[count % len(frames)].format(order=order)


@pytest.mark.campaign
def test_an_order_in_the_frame_of_a_question_is_none(campaign: Callable[[int], int]) -> None:
    """Asked, forbidden, supposed, reported, quoted: sixty frames around orders of every kind."""
    for _, text in _framed(frames.QUESTIONS, campaign(10_000), seed=14):
        understood, asked, _ = read(text)
        assert understood.class_ != "operation" or asked is not None, text


@pytest.mark.campaign
def test_politeness_changes_nothing_about_an_order(campaign: Callable[[int], int]) -> None:
    """The same action on the same things with the same values, however kindly it is put."""
    for order, text in _framed(frames.POLITE, campaign(5_000), seed=15):
        assert _meaning(text) == _meaning(order), text


def _meaning(text: str) -> str:
    """What a request comes down to, its aliases put back, as one text to compare."""
    understood, asked, talk = read(text)
    document = understood.model_dump_json(exclude={"confidence"})
    return f"{asked is None} {re.sub(r'[rat][0-9]{4,}', lambda alias: talk.value(alias[0]), document)}".lower()


# By how a tool is called: the kinds that its requests are about, the longest name first.
_AZURE = {
    "compute_vmss": {"scaling_group"}, "compute_vm": {"compute_instance"}, "compute_disk": {"disk"},
    "storage_table": {"nosql_table"}, "storage_": {"object_storage"}, "mysql_": {"database_instance"},
    "postgres_": {"database_instance"}, "sql_server_firewall": {"firewall"}, "sql_": {"database_instance"},
    "cosmos_": {"nosql_table", "database_instance"}, "functionapp_": {"function"}, "aks_cluster": {"container_cluster"},
    "aks_nodepool": {"scaling_group"}, "acr_": {"container_registry"}, "appservice_webapp": {"app"},
}  # fmt: skip
_ACTIONS = {
    "get": {"list", "show", "explain", "count"}, "list": {"list", "show", "count"}, "query": {"list", "show"},
    "create": {"create"}, "delete": {"delete"}, "set": {"update", "enable"}, "upload": {"update"},
    "update": {"update", "resize", "scale", "tag", "enable", "disable"}, "get-appsettings": {"list", "show"},
    "update-appsettings": {"update"},
}  # fmt: skip
_READING = ("get", "list", "query", "get-appsettings")


def _azure() -> list[tuple[str, str, str]]:
    """Prompt, tool and handling of every request people typed about Azure."""
    folder = os.environ.get("ESCHER_REAL_DATA")
    if not folder:
        pytest.skip("ESCHER_REAL_DATA does not name the folder with azure_prompts.jsonl")
    rows = [json.loads(line) for line in (Path(folder) / "azure_prompts.jsonl").read_text("utf-8").splitlines()]
    return [(row["prompt"], row["tool"], row["handling"]) for row in rows]


def test_requests_that_people_type_about_azure_are_understood() -> None:
    """Action and kind are right for 90 % of the real prompts about compute, storage, databases and networks."""
    judged = [(prompt, *_expected(tool)) for prompt, tool, _ in _azure()]
    told = [(prompt, kinds, _ACTIONS[verb]) for prompt, kinds, verb in judged if kinds and verb in _ACTIONS]
    wrong = [prompt for prompt, kinds, actions in told if not _fits(prompt, kinds, actions)]
    print(f"action and kind right: {1 - len(wrong) / len(told):.1%} of {len(told)}")
    assert len(told) > 140
    assert len(wrong) / len(told) <= 0.1, wrong


def test_reading_azure_never_changes_it_and_changing_it_is_understood() -> None:
    """No prompt whose tool reads becomes an order; 95 % of those that may act without a question become one."""
    outcomes = [(prompt, tool.rsplit("_", 1)[1], handling, _outcome(prompt)) for prompt, tool, handling in _azure()]
    assert [prompt for prompt, verb, _, outcome in outcomes if verb in _READING and outcome == "order"] == []
    acting = [
        outcome
        for _, verb, handling, outcome in outcomes
        if handling == "none" and verb in _ACTIONS and verb not in _READING
    ]
    print(f"acted on: {acting.count('order')} of {len(acting)}")
    assert acting.count("order") / len(acting) >= 0.95


def _expected(tool: str) -> tuple[set[str], str]:
    kinds = next((kinds for prefix, kinds in _AZURE.items() if tool.startswith(prefix)), set[str]())
    return kinds, tool.rsplit("_", 1)[1]


def _outcome(prompt: str) -> str:
    understood, asked = understand(RequestContext(message_id="m", client_version="1", prompt=prompt))
    return "asked" if asked else "order" if understood.class_ == "operation" else "question"


def _fits(prompt: str, kinds: set[str], actions: set[str]) -> bool:
    understood, _ = understand(RequestContext(message_id="m", client_version="1", prompt=prompt))
    return understood.action in actions and bool(kinds & set(understood.kinds))
