"""What the server asks to have counted for an answer about quantities, and how it says what it was told. Pure.

The counts are the client's, rounded down, without groups of fewer than five; exact ones it shows itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from escher.contract.data_requests import OTHER, DataMeasure, DataRequest, DataResult, DataRow, Dimension
from escher.contract.understanding import Filters, Understanding
from escher.contract.vocabulary import Action
from escher_server.composer.wording import nouns

_BY: Mapping[Action, tuple[Dimension, ...]] = {
    "compare": ("environment", "region"),
    "report": ("kind", "region"),
}
_MOST_KINDS = 10
_MOST_SAID = 3
_THINGS: Mapping[DataMeasure, str] = {"public": "public ", "unencrypted": "unencrypted ", "unattached": "unattached "}


def wanted_counts(understanding: Understanding, told: Sequence[DataResult]) -> tuple[DataRequest, ...]:
    """The counts that would help with such a question next time; none where it is not about quantities, or is told."""
    by = _BY.get(understanding.action)
    if by is None or understanding.class_ not in ("query", "report"):
        return ()
    request = _request(understanding, by)
    return () if request in [result.request for result in told] else (request,)


def said_counts(understanding: Understanding, told: Sequence[DataResult]) -> str:
    """`Where most are, at least: 50 in us-east-1, prod; 20 in eu-west-1, dev.` Empty when nothing was told of it."""
    by = _BY.get(understanding.action)
    rows = [row for result in told if by and result.request == _request(understanding, by) for row in result.rows]
    if not rows or by is None:
        return ""
    counted = f"{_THINGS.get(_measure(understanding.filters), '')}{nouns(understanding.kinds, plural=True)}"
    return f"Where most {counted} are, at least: {'; '.join(_said(row) for row in rows[:_MOST_SAID])}."


def _request(understanding: Understanding, by: tuple[Dimension, ...]) -> DataRequest:
    return DataRequest(
        measure=_measure(understanding.filters),
        by=by,
        providers=understanding.providers,
        kinds=understanding.kinds[:_MOST_KINDS],
    )


def _measure(filters: Filters) -> DataMeasure:
    if filters.public:
        return "public"
    if filters.encrypted is False:
        return "unencrypted"
    return "unattached" if filters.attached is False else "resources"


def _said(row: DataRow) -> str:
    places = ", ".join(value.replace("_", " ") for value in row.values if value != OTHER)
    return f"{row.at_least} in {places or 'other places'}"
