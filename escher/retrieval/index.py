"""Search over the estate by meaning and words, in step with the store; vectors are made in the background."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from threading import RLock
from typing import TYPE_CHECKING

from escher.contract.estate import Resource
from escher.contract.ports import Embedder, Hit, IndexKind, Point, Progress, VectorIndex
from escher.errors import StoreError
from escher.providers.registry import resource_types
from escher.retrieval.background import Background
from escher.retrieval.embedding import Embedding
from escher.retrieval.lookup import Lookup
from escher.retrieval.places import MovingIndex, expected
from escher.retrieval.points import meets, point_of
from escher.store.entries import Entry, EstateSnapshot
from escher.store.estate import EstateStore
from escher.vectors.canonical import canonical_text

if TYPE_CHECKING:
    from escher.retrieval.kept import KeptImage
    from escher.vectors.remote import Server

_NEARLY = 0.999  # 1 is for what bears the very name or id
_SECONDS_TO_CLOSE = 0.8
_POINTS_A_CLOSE_CAN_KEEP = 40_000


@dataclass(frozen=True, slots=True)
class IndexState:
    """Where the index lives (None: not opened), what it holds, and `note`: why search is not all it could be, or empty."""

    kind: IndexKind | None
    points: int
    without_vectors: int
    embedding: bool
    note: str


class EstateIndex:
    """The estate, searchable. Safe to share between threads.

    Hits under `keep` of the best score are dropped (0 keeps all); words that are like a service's name to `similar`
    of 100 are taken for it (over 100 none is). Searching never embeds resources: call `embed_soon` after a scan.
    With an `image` it opens fast; with a `server` it lives there as long as that answers.
    """

    def __init__(
        self,
        estate: EstateStore,
        embedder: Embedder,
        *,
        keep: float = 0.85,
        similar: float = 80,
        name: str = "estate",
        image: KeptImage | None = None,
        server: Server | None = None,
    ) -> None:
        self._estate, self._embedder = estate, embedder
        self._keep, self._similar, self._name = keep, similar, name
        self._image = None if server else image
        self._embedding = Embedding(estate, embedder)
        self._background = Background(self._work)
        self._lock = RLock()
        self._index = MovingIndex(name, embedder.dimension, lambda: [*self._snapshot.entries], self._point, server)
        self._forget()

    # -- searching -----------------------------------------------------------------------------------------

    def search(self, text: str, filters: Mapping[str, Sequence[str]], limit: int) -> list[tuple[Resource, float]]:
        """At most `limit` resources that meet all filters, with scores from 0 to 1, best first.

        What bears the text, or a word of it, as its name or id comes first, with score 1.
        """
        with self._lock:
            self._in_step()
            corrected = self._lookup.corrected(text, self._similar)
        vector = self._embedding.query(canonical_text(corrected) or corrected)
        with self._lock:
            known = self._in_step().entries
            exact = self._lookup.exact(text)
            hits = self._index.search(vector, corrected, filters, limit)
        # What an index says is looked up here: it may be a server's, and behind the store.
        near = self._near([hit for hit in hits if hit.key in known and meets(known[hit.key].resource, filters)])
        scores = {hit.key: min(hit.score, _NEARLY) for hit in near} | dict.fromkeys(exact, 1.0)
        ordered = [*(key for key in exact if meets(known[key].resource, filters)), *(hit.key for hit in near)]
        return [(known[key].resource, scores[key]) for key in dict.fromkeys(ordered)][:limit]

    def facets(self, field: str, filters: Mapping[str, Sequence[str]] | None = None) -> dict[str, int]:
        """How many of the resources that meet all filters have each value of a field; the most frequent first."""
        with self._lock:
            self._in_step()
            return self._index.facets(field, filters or {})

    def state(self) -> IndexState:
        """How the index is, without opening it."""
        with self._lock:
            kind, points, lost = self._index.kind, len(self._indexed), self._index.lost
        pending = self._embedding.pending()
        return IndexState(kind, points, pending, self._background.busy, self._note(pending, lost))

    # -- embedding -----------------------------------------------------------------------------------------

    def embed_soon(self) -> None:
        """Have every resource embedded and indexed in the background; until then words and filters find it."""
        self._background.start()

    def embed_pending(self, progress: Progress | None = None) -> int:
        """Give every resource its vector now. Each distinct text is embedded once, ever; returns how many were.

        `progress` hears `{"type": "embedding", "done", "total"}`, counted in texts.
        """
        self._background.stop()
        return self._embedding.run(progress)

    def settle(self, progress: Progress | None = None) -> None:
        """Embed, index and keep the image now, and come back when that is done."""
        self.embed_pending(progress)
        with suppress(StoreError):  # without an image the next opening takes longer, and that is all
            self._work(lambda: True)

    def close(self) -> None:
        """Give the index's memory back, its image kept if that takes no second; a later search opens it anew."""
        until = time.monotonic() + _SECONDS_TO_CLOSE
        self._background.stop(_SECONDS_TO_CLOSE)
        with self._lock:
            if len(self._indexed) <= _POINTS_A_CLOSE_CAN_KEEP:
                with suppress(StoreError):
                    self._keep_image(lambda: time.monotonic() < until)
            self._index.close()
            self._forget()

    def _work(self, go_on: Callable[[], bool]) -> None:
        self._embedding.run(go_on=go_on)
        if self._image is not None and go_on():
            with self._lock:
                self._in_step()
            self._keep_image(go_on)

    # -- inside --------------------------------------------------------------------------------------------

    def _forget(self) -> None:
        self._snapshot = EstateSnapshot({})
        self._indexed: Mapping[str, Entry] = {}
        self._imaged: Mapping[str, Entry] = self._indexed
        self._as_of = 0
        self._lookup = Lookup()

    def _in_step(self) -> EstateSnapshot:
        """Bring index and lookup to where the store is."""
        as_of = self._image.sequence() if self._image is not None else 0
        snapshot = self._snapshot = self._estate.snapshot()
        if self._index.kind is None:
            self._open(snapshot.entries)
        old, new = self._indexed, snapshot.entries
        if old is not new:
            gone, changed = _difference(old, new)
            self._index.change(gone, changed)
            self._lookup.drop([old[key].resource for key in (*gone, *changed) if key in old])
            self._lookup.put([new[key].resource for key in changed])
            self._indexed = new
        self._as_of = as_of
        return snapshot

    def _open(self, entries: Mapping[str, Entry]) -> None:
        """Open the image and trust it in what the store has not changed since, or fill a new index."""
        index, changed = self._opened(entries)
        self._index.open(index)
        self._indexed = {key: entry for key, entry in entries.items() if key not in changed} if changed else entries
        if index is not None and not changed:
            self._imaged = entries
        self._lookup = Lookup(resource_types())
        self._lookup.put([entry.resource for entry in self._indexed.values()])

    def _opened(self, entries: Mapping[str, Entry]) -> tuple[VectorIndex | None, set[str]]:
        """The index out of the image without what the store has changed since, or None when there is no good image."""
        if self._image is None:
            return None, set()
        try:
            index, changed = self._image.load(self._name, self._embedder, expected(len(entries)))
        except StoreError:
            return None, set()
        index.delete(changed)
        if index.count() != len(entries.keys() - changed):
            index.close()
            return None, set()
        return index, changed

    def _keep_image(self, go_on: Callable[[], bool]) -> None:
        """Write the image of what is indexed, unless it is there. Raises StoreError."""
        with self._lock:
            index, indexed, as_of = self._index.current(), self._indexed, self._as_of
        if self._image is None or indexed is self._imaged:
            return
        if self._image.save(index, self._embedder, as_of, go_on):
            self._imaged = indexed

    def _point(self, key: str) -> Point:
        entry = self._snapshot.entries[key]
        return point_of(entry.resource, self._embedding.vector_of(entry))

    def _near(self, hits: Sequence[Hit]) -> list[Hit]:
        return [hit for hit in hits if hit.score >= self._keep * hits[0].score]

    def _note(self, pending: int, lost: str) -> str:
        if not self._embedding.possible:
            return f"The embedding model is missing: search goes by words and filters, {pending} resources wait for it."
        if lost:
            return f"The index moved to where it is: {lost}"
        if self._background.problem:
            return f"Work in the background failed: {self._background.problem}"
        return f"{pending} resources are found by words and filters only, until they are embedded." if pending else ""


def _difference(old: Mapping[str, Entry], new: Mapping[str, Entry]) -> tuple[list[str], list[str]]:
    """The keys that are gone, and those that an index must hold in another way; a new time of seeing it is no reason."""
    touched = [key for key, entry in new.items() if old.get(key) is not entry]
    added = sum(key not in old for key in touched)
    gone = [] if len(old) + added == len(new) else [key for key in old if key not in new]
    return gone, [key for key in touched if key not in old or old[key].indexed_as != new[key].indexed_as]
