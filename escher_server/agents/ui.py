"""Choose how an answer looks: read what it is, take the template that fits, else put one together. It sees no values."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from escher.contract.ui import Layout, Slot
from escher.contract.understanding import Understanding
from escher_server.composer.dynamic import layout_of
from escher_server.composer.templates import MATCHES, Name, template

Answer = Literal["plan", "nothing_fits", "clarification", "information"]
Topic = Literal["things", "cost", "status"]
Intent = Literal[
    "act", "refuse", "choose", "cost", "status", "list", "count", "compare", "report", "explain", "diagnose"
]
Shape = Literal["none", "list", "metric", "hierarchy", "time_series"]
ENOUGH = 0.8

_COST = re.compile(
    r"\b(?:costs?|costing|spend|spends|spending|spent|price[sd]?|pricing|bills?|billing|expensive|cheap(?:er|est)?|usd|dollars?)\b"
    r"|\$",
    re.IGNORECASE,
)
_STATUS = re.compile(
    r"\b(?:status|states?|health|healthy|unhealthy|alive|availability|up and running)\b", re.IGNORECASE
)
_GROUPED = re.compile(r"\b(?:by|per|each|every|across|broken? down)\b", re.IGNORECASE)
_OVER_TIME = re.compile(
    r"\b(?:over time|trend|history|timeline|daily|weekly|monthly|last \w+ (?:days|weeks|months))\b", re.I
)
_INTENTS: Mapping[str, Intent] = {
    "count": "count", "compare": "compare", "report": "report", "diagnose": "diagnose", "explain": "explain",
    "none": "explain", "recommend": "list", "list": "list", "show": "list",
}  # fmt: skip
_SETTLED: Mapping[Answer, Intent] = {"plan": "act", "nothing_fits": "refuse", "clarification": "choose"}
# How well each template shows each intent; what is not here is put together.
_FITS: Mapping[Intent, tuple[Name, float]] = {
    "act": ("resource_action_confirmation", 1.0),
    "refuse": ("error_display", 1.0),
    "choose": ("error_display", 1.0),
    "cost": ("cost_breakdown_dashboard", 0.95),
    "status": ("status_monitor", 0.95),
    "list": ("resource_list_view", 1.0),
}
_COUNTS = Slot(type="table", bind="$counts", title="Counts")
_DYNAMIC: Mapping[Intent, tuple[Slot, ...]] = {
    "count": (_COUNTS, MATCHES),
    "compare": (Slot(type="metric", bind="$counts"), _COUNTS, MATCHES),
    "report": (Slot(type="metric", bind="$counts"), _COUNTS, Slot(type="metric", bind="$costs"), MATCHES),
    "diagnose": (Slot(type="metric", bind="$states"), MATCHES),
    "cost": (Slot(type="metric", bind="$costs"), Slot(type="table", bind="$costs"), MATCHES),
    "status": (Slot(type="metric", bind="$states"), Slot(type="table", bind="$states"), MATCHES),
    "list": (MATCHES,),
}
_FEW_KINDS = 2
# How much less a template fits what has groups, a time line or many kinds.
_MIXED = 0.8


@dataclass(frozen=True, slots=True)
class Analysis:
    """What an answer is. `entities` is how many kinds of things it names; `confidence` that it was understood."""

    intent: Intent
    shape: Shape
    entities: int
    volume: Literal["none", "one", "many"]
    confidence: float


def arrange(answer: Answer, understanding: Understanding, prompt: str = "") -> Layout:
    """The layout of an answer of this sort; `prompt` is what was asked, as far as words matter."""
    read = analyse(answer, understanding, prompt)
    name, match = _best(read)
    return template(name) if match > ENOUGH else layout_of(_dynamic(read))


def analyse(answer: Answer, understanding: Understanding, prompt: str = "") -> Analysis:
    """Read an answer by rules."""
    intent = _intent(answer, understanding, prompt)
    named = understanding.quantity == "one" or understanding.limit == 1
    return Analysis(
        intent=intent,
        shape=_shape(intent, prompt),
        entities=len(understanding.kinds),
        volume="none" if intent in ("act", "refuse", "choose", "explain") else "one" if named else "many",
        confidence=understanding.confidence,
    )


def _best(read: Analysis) -> tuple[Name, float]:
    """The template for an answer, and how well it fits, from 0 to 1."""
    name, fit = _FITS.get(read.intent, ("resource_list_view", 0.0))
    if read.volume == "none":
        return name, fit
    plain = read.shape == "list" and read.entities <= _FEW_KINDS
    return name, fit * read.confidence * (1 if plain else _MIXED)


def _dynamic(read: Analysis) -> Iterator[Slot]:
    """Components by rules: places for groups, counts where there are several kinds, then what the intent shows."""
    if read.shape == "hierarchy":
        yield Slot(type="list", bind="$summary", title="Where")
    if read.entities > _FEW_KINDS:
        yield Slot(type="metric", bind="$counts")
    for slot in _DYNAMIC.get(read.intent, ()):
        if slot.bind != "$counts" or read.volume == "many":
            yield slot


def _intent(answer: Answer, understanding: Understanding, prompt: str) -> Intent:
    if answer != "information":
        return _SETTLED[answer]
    if understanding.action in ("explain", "none") and not understanding.kinds:
        return "explain"
    topic = _topic(understanding, prompt)
    if topic != "things" and understanding.action in ("list", "show", "explain", "report", "compare"):
        return topic
    return _INTENTS.get(understanding.action, "list")


def _topic(understanding: Understanding, prompt: str) -> Topic:
    """What is asked of the things: what they cost, how they are, or just which they are."""
    filters = understanding.filters
    if _COST.search(prompt) and not any(one.field == "monthly_cost_usd" for one in filters.comparisons):
        return "cost"
    return "status" if _STATUS.search(prompt) and not filters.states else "things"


def _shape(intent: Intent, prompt: str) -> Shape:
    if intent in ("refuse", "choose", "explain"):
        return "none"
    if _OVER_TIME.search(prompt):
        return "time_series"
    if intent in ("count", "compare", "report") and _GROUPED.search(prompt):
        return "hierarchy"
    return "metric" if intent == "count" else "list"
