"""Ask or act: 400 requests labelled by hand, and more that were written when the rules were there already."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import pytest

from escher.contract.context import RequestContext
from escher.contract.understanding import Clarification, Understanding
from escher_server.agents.master import understand
from tests.server.understanding.labelled import FIXTURES

RIGHT = 0.95
LABELS = {"order": 200, "question": 120, "vague": 80}
TABLES = ("requests.tsv", "more_requests.tsv")


@dataclass(frozen=True)
class Labelled:
    """A request, what should come of it, and what it is about; `*` leaves a column open."""

    label: str
    family: str
    cloud: str
    action: str
    kind: str
    text: str


def labelled(table: str) -> list[Labelled]:
    """The requests of a table."""
    lines = (FIXTURES / table).read_text("utf-8").splitlines()
    return [Labelled(*line.split("\t")) for line in lines if not line.startswith("#")]


def read(text: str) -> tuple[Understanding, Clarification | None]:
    """A request by itself: no estate, no history."""
    return understand(RequestContext(message_id="m1", client_version="1", prompt=text))


def outcome(text: str) -> str:
    """What comes of it: `order`, `question` or `vague` (asked back about)."""
    understood, asked = read(text)
    return "vague" if asked else "order" if understood.class_ == "operation" else "question"


@pytest.mark.parametrize("label", LABELS)
@pytest.mark.parametrize("table", TABLES)
def test_each_class_is_read_right(table: str, label: str) -> None:
    """At least 95 % of the orders, of the questions and of what is too vague, each by itself."""
    asked = [one.text for one in labelled(table) if one.label == label]
    wrong = [text for text in asked if outcome(text) != label]
    assert 1 - len(wrong) / len(asked) >= RIGHT, wrong


@pytest.mark.parametrize("table", TABLES)
def test_no_question_becomes_a_plan(table: str) -> None:
    """Not one, and nothing that is too vague either."""
    assert [one.text for one in labelled(table) if one.label != "order" and outcome(one.text) == "order"] == []


def test_action_kind_and_cloud_of_what_is_understood() -> None:
    """What is not asked back about has the action and the kind of its label, in nine of ten; a cloud is never mistaken."""
    found = [(one, *read(one.text)) for one in labelled(TABLES[0]) if one.label != "vague"]
    clear = [(one, understood) for one, understood, asked in found if asked is None]
    wrong = [
        one.text
        for one, understood in clear
        if one.action not in ("*", understood.action) or (understood.kinds and one.kind not in ("*", *understood.kinds))
    ]
    assert len(wrong) / len(clear) <= 0.1, wrong
    assert [
        one.text
        for one, understood in clear
        if one.cloud != "any" and understood.providers and understood.providers != (one.cloud,)
    ] == []


def test_the_labels_are_balanced() -> None:
    """200 orders, 120 questions, 80 too vague, over three clouds and all families of operations."""
    table = labelled(TABLES[0])
    assert Counter(one.label for one in table) == LABELS
    clouds = Counter(one.cloud for one in table)
    assert min(clouds[cloud] for cloud in ("aws", "azure", "gcp")) >= 70
    families = {
        "resources",
        "cost",
        "reports",
        "automation",
        "security",
        "accounts",
        "collaboration",
        "assisted",
        "alerts",
    }
    assert {one.family for one in table} == families
