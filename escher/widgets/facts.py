"""What was understood, as a row of figures: action, kind, filters, age and completeness. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Literal

from escher.contract.estate import Completeness
from escher.contract.ui import Cell, Format, Metric, MetricData, MetricProps
from escher.contract.understanding import Filters, Understanding

Tone = Literal["plain", "ok", "warn", "bad"]
_MOST_VALUES = 3
_STEPS = ((60, "s"), (60, "min"), (24, "h"), (float("inf"), "days"))


def metric(name: str, label: str, value: Cell, format_: Format = "text", tone: Tone = "plain") -> Metric:
    """One figure."""
    return Metric(id=name, props=MetricProps(label=label, format=format_, tone=tone), data=MetricData(value=value))


def facts(
    understanding: Understanding, completeness: Completeness, now: datetime, name: str = "fact"
) -> Iterator[Metric]:
    """The facts that hold for a reply; what was not asked for is not mentioned."""
    said = (("understood", _words(understanding.action)), ("kind", _several(map(_words, understanding.kinds))))
    for label, value in (*said, *_conditions(understanding.filters)):
        if value and value != "none":
            yield metric(f"{name}-{label}", label, value)
    if completeness.oldest_scan:
        yield metric(f"{name}-age", "estate read", age(completeness.oldest_scan, now))
    if completeness.scopes:
        value = f"{completeness.complete_scopes} of {completeness.scopes} complete"
        yield metric(f"{name}-scopes", "scopes", value, tone="plain" if completeness.complete else "warn")


def age(moment: str, now: datetime) -> str:
    """`4 min ago` for a time in ISO 8601; `just now` below half a minute."""
    amount = (now - datetime.fromisoformat(moment)).total_seconds()
    if amount < 30:
        return "just now"
    for size, unit in _STEPS:
        if amount < size:
            return f"{round(amount)} {unit} ago"
        amount /= size
    return moment


def _conditions(filters: Filters) -> Iterator[tuple[str, str]]:
    yield "region", _several(filters.regions)
    yield "account", _several(filters.accounts)
    yield "env", _several(filters.environments)
    yield "application", _several(filters.applications)
    yield "owner", _several(filters.owners)
    yield "name", _several(filters.names)
    yield "state", _several(map(_words, filters.states))
    yield "size", _several(filters.sizes)
    for tag in filters.tags:
        yield f"tag {tag.key}", _several(tag.values) or "any"
    yield "without tag", _several(filters.untagged)
    for label in ("attached", "public", "encrypted"):
        answer: bool | None = getattr(filters, label)
        yield label, "" if answer is None else ("yes" if answer else "no")
    for one in filters.comparisons:
        yield _words(one.field), f"{_SIGNS[one.operator]} {one.value:g}"


_SIGNS = {"lt": "<", "le": "≤", "eq": "=", "ge": "≥", "gt": ">"}


def _several(values: Iterable[str]) -> str:
    words = list(values)
    more = f" +{len(words) - _MOST_VALUES}" if len(words) > _MOST_VALUES else ""
    return ", ".join(words[:_MOST_VALUES]) + more


def _words(name: str) -> str:
    return name.replace("_", " ")
