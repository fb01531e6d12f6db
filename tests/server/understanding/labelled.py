"""Labelled sentences, and whether the two halves (context and master agent) read one as its label says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from escher.context.aliases import Conversation
from escher.context.build import ContextBuilder
from escher.contract.understanding import Clarification, Conditions, Understanding
from escher_server.agents.master import understand
from tests.fixtures import hard_names

HERE = Path(__file__).parent
FIXTURES = HERE.parents[1] / "fixtures"
_YES = {"yes": True, "no": False}
_FIELDS = {
    "env": "environments", "region": "regions", "name": "names", "id": "ids", "account": "accounts", "owner": "owners",
    "app": "applications", "state": "states", "size": "sizes", "untagged": "untagged",
}  # fmt: skip


@dataclass(frozen=True)
class Sentence:
    """A request with what it should be understood as; `*` and `-` leave a column open."""

    label: str
    class_: str
    action: str
    kind: str
    filters: str
    text: str


def sentences(name: str) -> list[Sentence]:
    """The sentences of one table."""
    lines = (HERE / name).read_text("utf-8").splitlines()
    return [Sentence(*line.split("\t")) for line in lines if line and not line.startswith("#")]


@cache
def builder() -> ContextBuilder:
    """The client half over the estate of hard names."""
    return ContextBuilder(hard_names.estate(), hard_names.accounts(), hard_names.scopes(), now=1_700_003_600)


def read(text: str) -> tuple[Understanding, Clarification | None, Conversation]:
    """A request, through both halves."""
    context, conversation = builder().build(text)
    return *understand(context), conversation


def faults(sentence: Sentence) -> list[str]:
    """What of a sentence was read otherwise than its label says; none when all is right."""
    understood, asked, conversation = read(sentence.text)
    return [*_label(sentence, understood, asked), *_fields(sentence, understood, conversation)]


def _label(sentence: Sentence, understood: Understanding, asked: Clarification | None) -> Iterator[str]:
    orders = understood.class_ == "operation" and asked is None
    if sentence.label == "order" and not orders:
        yield f"no order: {understood.class_}, {asked.question if asked else 'nothing asked'}"
    if sentence.label == "question" and (understood.class_ == "operation" or asked is not None):
        yield f"no question: {understood.class_}, {asked.question if asked else 'nothing asked'}"
    if sentence.label == "vague" and asked is None:
        yield f"not asked back: {understood.class_} {understood.action}"
    if sentence.class_ not in ("*", understood.class_):
        yield f"class {understood.class_}"


def _fields(sentence: Sentence, understood: Understanding, conversation: Conversation) -> Iterator[str]:
    if sentence.action not in ("*", understood.action):
        yield f"action {understood.action}"
    if sentence.kind not in ("*", "-", *understood.kinds) and not (understood.filters.names or understood.filters.ids):
        yield f"kinds {understood.kinds}"
    for wanted in filter(None, sentence.filters.strip("-").split(";")):
        key, _, value = wanted.rpartition("=") if wanted.startswith("tag.") else wanted.partition("=")
        if key == "cmp":
            found = {f"{c.field}{c.operator}{c.value:g}" for c in understood.filters.comparisons}
            signs = {"gt": ">", "ge": ">=", "lt": "<", "le": "<="}
            ok = any(value == f"{c.field}{signs[c.operator]}{c.value:g}" for c in understood.filters.comparisons)
            if not ok:
                yield f"comparisons {found}"
        elif key.startswith("p."):
            parameter = getattr(understood.parameters, key[2:])
            found_value = str(conversation.value(str(parameter.value))).lower() if parameter else None
            if found_value != value.lower():
                yield f"{key} {found_value}"
        elif key == "provider":
            if understood.providers != (value,):
                yield f"providers {understood.providers}"
        elif key.startswith("not."):
            if not any(_has(part, key[4:], value, conversation) for part in understood.filters.exclude):
                yield f"exclude {understood.filters.exclude}"
        elif not _has(understood.filters, key, value, conversation):
            yield f"{key} {understood.filters.model_dump(exclude_defaults=True)}"


def _has(conditions: Conditions, key: str, value: str, conversation: Conversation) -> bool:
    if key in ("attached", "public", "encrypted"):
        return getattr(conditions, key) is _YES[value]
    if key.startswith("tag."):
        return any(tag.key == key[4:] and value in map(conversation.value, tag.values) for tag in conditions.tags)
    found = {conversation.value(word) for word in getattr(conditions, _FIELDS[key])}
    accounts = hard_names.ACCOUNTS
    wanted = {accounts.get(word, word) if key == "account" else word for word in value.split(",")}
    return found == wanted if value != "?" else bool(found)
