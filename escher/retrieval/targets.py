"""Selectors over the stored estate: reads the store once, decides by `match`, suggests by `index`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from time import time

from escher.contract.estate import Resource
from escher.contract.playbook import Targets as Wanted
from escher.contract.ports import Match, Resolver
from escher.contract.understanding import Selector
from escher.contract.vocabulary import Kind
from escher.providers.registry import resource_types
from escher.retrieval.index import EstateIndex
from escher.retrieval.match import find_for_question, match_order, narrowed
from escher.retrieval.nearest import nearest_names
from escher.retrieval.questions import CHOICES
from escher.retrieval.request import Request
from escher.store.estate import EstateStore

_RANKED = 200


class EstateTargets:
    """The port `Targets` over one estate. Without an index, nothing is ranked or suggested by meaning."""

    def __init__(
        self, estate: EstateStore, index: EstateIndex | None = None, *, clock: Callable[[], float] = time
    ) -> None:
        self._estate, self._index, self._clock = estate, index, clock

    def match(self, selector: Selector, resolver: Resolver) -> Match:
        """For an order: exactly the resources a selector means, or the question to ask back."""
        return match_order(self._request(selector, resolver), self._nearest)

    def find(self, selector: Selector, resolver: Resolver) -> Match:
        """For a question: whatever fits, best first; asks back only about a name that nothing bears."""

        def ranked(words: str, resources: Sequence[Resource]) -> list[Resource]:
            allowed = {resource.natural_key for resource in resources}
            return [r for r in self._search(words, _filters(selector), _RANKED) if r.natural_key in allowed]

        return find_for_question(self._request(selector, resolver), self._nearest, ranked)

    def narrow(self, match: Match, wanted: Wanted) -> Match:
        """Of the targets, those a playbook can act on; the others become `skipped`. None left: a question back."""
        return narrowed(match, wanted, self._clock())

    def _request(self, selector: Selector, resolver: Resolver) -> Request:
        resources = [*self._estate.snapshot().resources.values()]
        return Request(selector, resolver, resources, self._estate.scopes(), _kinds(), self._clock())

    def _nearest(self, word: str, resources: Sequence[Resource]) -> list[Resource]:
        """Resources spelt like the word first, then those that mean something like it."""
        allowed = {resource.natural_key for resource in resources}
        spelt = {resource.natural_key: resource for resource in nearest_names(word, resources)}
        meant = {r.natural_key: r for r in self._search(word, {}, CHOICES) if r.natural_key in allowed}
        return [*(spelt | meant).values()][:CHOICES]

    def _search(self, words: str, filters: Mapping[str, Sequence[str]], limit: int) -> list[Resource]:
        return [] if self._index is None else [found for found, _ in self._index.search(words, filters, limit)]


def _filters(selector: Selector) -> dict[str, Sequence[str]]:
    """What the index can filter by of a selector: the closed words, which need no resolving."""
    closed: dict[str, Sequence[str]] = {
        "provider": selector.providers,
        "kind": selector.kinds,
        "resource_type": selector.resource_types,
        "state": selector.filters.states,
    }
    return {name: values for name, values in closed.items() if values}


def _kinds() -> Mapping[str, Kind]:
    return {name: declared.kind for name, declared in resource_types().items()}
