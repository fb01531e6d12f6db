"""Search over the estate by meaning and words, in step with the store; vectors are made in the background."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from threading import RLock

from escher.contract.environments import APPLICATION_KEYS, environment_of, tag_value
from escher.contract.estate import Resource
from escher.contract.ports import Embedder, Hit, Point, Progress, VectorIndex
from escher.providers.registry import resource_types
from escher.retrieval.lookup import Lookup, lookup
from escher.store.estate import Entry, EstateSnapshot, EstateStore
from escher.vectors.canonical import canonical_text
from escher.vectors.index import open_index

_FIELDS = ("provider", "resource_type", "kind", "account_id", "account_name", "region", "service", "state")
_TEXTS_AT_ONCE = 256


class EstateIndex:
    """The estate, searchable. Safe to share between threads.

    Hits under `keep` of the best score are dropped (0 keeps all); words that are like a service's name to `similar`
    of 100 are taken for it (over 100 none is). Searching never embeds resources: call `embed_pending` after a scan.
    """

    def __init__(
        self, estate: EstateStore, embedder: Embedder, *, keep: float = 0.85, similar: float = 80, name: str = "estate"
    ) -> None:
        self._estate, self._embedder = estate, embedder
        self._keep, self._similar, self._name = keep, similar, name
        self._lock = RLock()
        self._index: VectorIndex | None = None
        self._indexed: Mapping[str, Entry] = {}
        self._lookup: Lookup = lookup(())

    def search(self, text: str, filters: Mapping[str, Sequence[str]], limit: int) -> list[tuple[Resource, float]]:
        """At most `limit` resources that meet all filters, with scores from 0 to 1, best first.

        What bears the text, or a word of it, as its name or id comes first, with score 1.
        """
        with self._lock:
            index, snapshot = self._in_step()
            lookup = self._lookup
        exact = [key for key in lookup.exact(text) if _meets(snapshot.resources[key], filters)]
        corrected = lookup.corrected(text, self._similar)
        [vector] = self._embedder.embed([canonical_text(corrected) or corrected])
        near = self._near(index.search(vector, corrected, filters, limit))
        scores = {hit.key: hit.score for hit in near if hit.key in snapshot.resources} | dict.fromkeys(exact, 1.0)
        ordered = dict.fromkeys([*exact, *scores])
        return [(snapshot.resources[key], scores[key]) for key in ordered][:limit]

    def embed_pending(self, progress: Progress | None = None) -> int:
        """Give every resource its vector. Each distinct text is embedded once, ever; returns how many were.

        `progress` hears `{"type": "embedding", "done", "total"}`, counted in texts.
        """
        snapshot = self._estate.snapshot()
        known = {entry.text_hash: entry.vector for entry in snapshot.entries.values() if self._is_current(entry)}
        pending: dict[str, list[str]] = {}
        for key, entry in snapshot.entries.items():
            if not self._is_current(entry):
                pending.setdefault(embedded_text(entry.resource), []).append(key)
        self._share(pending, known)
        missing = [text for text in pending if self._hash(text) not in known]
        for start in range(0, len(missing), _TEXTS_AT_ONCE):
            texts = missing[start : start + _TEXTS_AT_ONCE]
            self._keep_vectors(pending, dict(zip(texts, self._embedder.embed(texts), strict=True)))
            if progress is not None:
                progress({"type": "embedding", "done": start + len(texts), "total": len(missing)})
        return len(missing)

    def close(self) -> None:
        """Give the index's memory back; a later search opens it anew."""
        with self._lock:
            if self._index is not None:
                self._index.close()
            self._index, self._indexed = None, {}

    def _in_step(self) -> tuple[VectorIndex, EstateSnapshot]:
        snapshot = self._estate.snapshot()
        if self._index is None:
            self._index = open_index(
                self._name, self._embedder.dimension, expected_points=2 * len(snapshot.entries) + 10_000
            )
        if snapshot.entries is not self._indexed:
            new, old = snapshot.entries, self._indexed
            self._index.delete([key for key in old if key not in new])
            self._index.upsert(self._point(key, entry) for key, entry in new.items() if old.get(key) is not entry)
            self._lookup = lookup(snapshot.resources.values(), resource_types())
            self._indexed = new
        return self._index, snapshot

    def _point(self, key: str, entry: Entry) -> Point:
        vector = entry.vector if self._is_current(entry) else None
        return Point(key, vector, _words(entry.resource), _fields(entry.resource))

    def _near(self, hits: Sequence[Hit]) -> list[Hit]:
        return [hit for hit in hits if hit.score >= self._keep * hits[0].score]

    def _is_current(self, entry: Entry) -> bool:
        """Whether there is a vector, made by this very embedder: vectors of two models do not compare."""
        return entry.vector is not None and entry.text_hash.startswith(f"{self._embedder.name}:")

    def _hash(self, text: str) -> str:
        return f"{self._embedder.name}:{hashlib.sha256(text.encode()).hexdigest()}"

    def _share(self, pending: Mapping[str, list[str]], known: Mapping[str, bytes | None]) -> None:
        vectors = {text: vector for text in pending if (vector := known.get(self._hash(text))) is not None}
        self._keep_vectors(pending, vectors)

    def _keep_vectors(self, pending: Mapping[str, list[str]], vectors: Mapping[str, bytes]) -> None:
        stored = {key: (self._hash(text), vector) for text, vector in vectors.items() for key in pending[text]}
        if stored:
            self._estate.set_vectors(stored)


def embedded_text(resource: Resource) -> str:
    """What is embedded of a resource: type, name and tags, without ids and running numbers."""
    tags = (text for tag in sorted(resource.tags.items()) for text in tag)
    return canonical_text(resource.kind.replace("_", " "), resource.service, resource.name, *tags)


def _words(resource: Resource) -> str:
    own = (resource.name, resource.identifier, resource.kind, resource.service, resource.region)
    return " ".join((*own, *(text for tag in resource.tags.items() for text in tag)))


def _fields(resource: Resource) -> dict[str, str]:
    fields = {name: str(getattr(resource, name)) for name in _FIELDS}
    named = {
        "environment": environment_of(resource.tags),
        "application": tag_value(resource.tags, APPLICATION_KEYS),
    }
    return fields | {name: value for name, value in named.items() if value}


def _meets(resource: Resource, filters: Mapping[str, Iterable[str]]) -> bool:
    fields = _fields(resource)
    return all(name in fields and fields[name] in values for name, values in filters.items())
