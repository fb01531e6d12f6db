"""Resources whose names are spelt like a word: what to offer when nothing bears it. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz import process
from rapidfuzz.fuzz import ratio

from escher.contract.estate import Resource
from escher.retrieval.request import in_order

_LIMIT = 8
_SIMILAR = 60  # of 100, rapidfuzz's measure


def nearest_names(word: str, resources: Sequence[Resource]) -> list[Resource]:
    """At most eight resources, those whose name or identifier is most like `word` first."""
    bearers: dict[str, list[Resource]] = {}
    for resource in in_order(resources):
        for own in {resource.name, resource.identifier}:
            bearers.setdefault(own.casefold(), []).append(resource)
    similar = process.extract(word.casefold(), bearers.keys(), scorer=ratio, limit=_LIMIT, score_cutoff=_SIMILAR)
    found = {resource.natural_key: resource for own, _, _ in similar for resource in bearers[own]}
    return list(found.values())[:_LIMIT]
