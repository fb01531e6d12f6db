"""The playbooks of the library, or of one tenant, ready to be searched: their purposes are embedded once."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from escher.contract.fitting import Wanted, similarity
from escher.contract.playbook import Metadata, Playbook, Source
from escher.contract.ports import Embedder
from escher.contract.ranking import SEARCHABLE
from escher.vectors.fitting import fitting
from escher.vectors.purposes import Purposes
from escher_server.agents.finding.wanted import names
from escher_server.library.loader import Library
from escher_server.library.standing import as_it_stands
from escher_server.library.tenants import Holding, Key, VersionState

_FROM_EACH = 10
_SHELVES_IN_MEMORY = 32


@dataclass(frozen=True, slots=True)
class Found:
    """A playbook that fits more likely than not: `odds` is the logarithm of how much more."""

    metadata: Metadata
    odds: float
    quality: int
    source: Source

    @property
    def similarity(self) -> float:
        """The odds for the ranking arithmetic, from 0 to 1."""
        return similarity(self.odds)


class Shelf:
    """Playbooks with their quality. Nothing is embedded before the first search. Safe for threads."""

    def __init__(
        self, playbooks: Sequence[Playbook], qualities: Sequence[int], source: Source, embedder: Embedder
    ) -> None:
        self._playbooks, self._qualities = tuple(playbooks), tuple(qualities)
        self._source: Source = source
        self._embedder = embedder
        self._known: Purposes | None = None
        self._lock = threading.Lock()

    @classmethod
    def of_library(cls, library: Library, embedder: Embedder) -> Shelf:
        """All that the library serves."""
        entries = library.entries.values()
        return cls([one.playbook for one in entries], [one.quality.score for one in entries], "library", embedder)

    @classmethod
    def of_tenant(cls, held: Holding, embedder: Embedder) -> Shelf:
        """All that a tenant published."""
        keys = tuple(held.playbooks)
        return cls(
            [held.playbooks[key] for key in keys], [held.states[key].quality for key in keys], "tenant", embedder
        )

    def search(self, asked: Wanted, states: Mapping[Key, VersionState]) -> list[Found]:
        """The ten that fit best, as they stand for whoever has these states; none that fits less likely than not."""
        found = [
            Found(metadata, odds, self._qualities[place], self._source)
            for place, odds in fitting(self._purposes(), self._playbooks, asked).items()
            if (metadata := _standing(self._playbooks[place].metadata, states)).status in SEARCHABLE
        ]
        return sorted(found, key=lambda one: (-one.odds, one.metadata.playbook_id))[:_FROM_EACH]

    def _purposes(self) -> Purposes:
        with self._lock:
            if self._known is None:
                self._known = Purposes([one.metadata for one in self._playbooks], self._embedder, names)
            return self._known


class TenantShelves:
    """The shelves of the tenants that asked last; a tenant's is made anew when what it keeps has changed."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._shelves: OrderedDict[str, tuple[frozenset[str], Shelf]] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, tenant: str, held: Holding) -> Shelf:
        """The shelf of this tenant alone."""
        content = frozenset(state.sha256 for key, state in held.states.items() if key in held.playbooks)
        with self._lock:
            known = self._shelves.pop(tenant, None)
            if known is None or known[0] != content:
                known = content, Shelf.of_tenant(held, self._embedder)
            self._shelves[tenant] = known
            while len(self._shelves) > _SHELVES_IN_MEMORY:
                self._shelves.popitem(last=False)
            return known[1]


def _standing(metadata: Metadata, states: Mapping[Key, VersionState]) -> Metadata:
    state = states.get((metadata.playbook_id, metadata.version))
    return as_it_stands(metadata, state) if state else metadata
