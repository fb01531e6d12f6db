"""The index where there is no memory file system with room: `qdrant-client` in this process's own memory.

The client filters in Python, after it has scored every point, and scores sparse vectors one by one: 190 ms at 10 000
points. So filters and words are looked up here, and the client is asked for nearness alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import log
from threading import RLock

import numpy as np
import numpy.typing as npt
from qdrant_client import QdrantClient, models

from escher.contract.ports import Hit, IndexKind, Point
from escher.vectors.bm25 import document_vector, query_vector
from escher.vectors.postings import Postings
from escher.vectors.scoring import KEY, MEANING, WORDS, candidates, fused, payload, point_id, ranked

_COLLECTION = "points"
_FEW = 500  # up to here, scoring the allowed points alone is faster than scoring all
_BATCH = 1_000


class MemoryIndex:
    """A `VectorIndex` in the heap. Safe to share between threads: one at a time is in it."""

    kind: IndexKind = "memory"

    def __init__(self, dimension: int) -> None:
        self._lock = RLock()
        self._words: Postings[int] = Postings()
        self._fields: Postings[tuple[str, str]] = Postings()
        self._client = QdrantClient(":memory:")
        vectors = models.VectorParams(size=dimension, distance=models.Distance.COSINE)
        self._client.create_collection(_COLLECTION, vectors_config=vectors)

    def fill(self, points: Iterable[Point]) -> None:
        """Make these all the points there are."""
        self.upsert(points)

    def upsert(self, points: Iterable[Point]) -> None:
        """Add points, or replace those with the same key."""
        batch = list(points)
        with self._lock:
            self.delete(point.key for point in batch)
            for point in batch:
                said = document_vector(point.words)
                self._words.put(point.key, dict(zip(said.indices, said.values, strict=True)))
                self._fields.put(point.key, dict.fromkeys(_values(point), 1.0))
            embedded = [_client_point(point, point.vector) for point in batch if point.vector is not None]
            for start in range(0, len(embedded), _BATCH):
                self._client.upsert(_COLLECTION, embedded[start : start + _BATCH])

    def delete(self, keys: Iterable[str]) -> None:
        """Take points out; unknown keys are ignored."""
        gone = list(keys)
        with self._lock:
            for key in gone:
                self._words.drop(key)
                self._fields.drop(key)
            if gone:
                self._client.delete(_COLLECTION, [point_id(key) for key in gone])

    def search(self, vector: bytes | None, words: str, filters: Mapping[str, Sequence[str]], limit: int) -> list[Hit]:
        """The best points that meet all filters, by meaning and words together; without both, by key."""
        tokens = query_vector(words).indices
        with self._lock:
            allowed = self._allowed(filters)
            if vector is None and not tokens:
                return ranked(dict.fromkeys(allowed, 1.0), limit)
            meaning = None if vector is None else self._nearest(vector, allowed, candidates(MEANING, limit))
            said = self._saying(tokens, allowed, candidates(WORDS, limit)) if tokens else None
        return ranked(fused(meaning, said), limit)

    def facets(self, field: str, filters: Mapping[str, Sequence[str]]) -> dict[str, int]:
        """How many of the points that meet all filters have each value of a field; the most frequent first."""
        with self._lock:
            allowed = self._allowed(filters)
            bearing = {token[1]: self._fields.bearing(token) for token in self._fields.tokens() if token[0] == field}
            counts = {value: len(allowed & keys.keys()) for value, keys in bearing.items()}
        return {value: counts[value] for value in sorted(counts, key=lambda value: -counts[value]) if counts[value]}

    def count(self) -> int:
        """How many points there are."""
        return len(self._fields)

    def close(self) -> None:
        """Give the memory back."""
        with self._lock:
            self._client.close()

    def _allowed(self, filters: Mapping[str, Sequence[str]]) -> set[str]:
        allowed = self._fields.keys()
        for name, values in filters.items():
            allowed &= {key for value in values for key in self._fields.bearing((name, value))}
        return allowed

    def _saying(self, tokens: Sequence[int], allowed: set[str], count: int) -> dict[str, float]:
        """BM25 scores of the best `count` of the allowed keys."""
        scores: dict[str, float] = {}
        for token in tokens:
            bearing = self._words.bearing(token)
            rarity = log((len(self._words) - len(bearing) + 0.5) / (len(bearing) + 0.5) + 1)
            for key in bearing.keys() & allowed:
                scores[key] = scores.get(key, 0.0) + rarity * bearing[key]
        return {hit: scores[hit] for hit in sorted(scores, key=lambda key: -scores[key])[:count]}

    def _nearest(self, vector: bytes, allowed: set[str], count: int) -> dict[str, float]:
        """Cosines of the best `count` of the allowed keys."""
        query = np.frombuffer(vector, "<f4")
        if len(allowed) <= _FEW:
            records = self._client.retrieve(_COLLECTION, [point_id(key) for key in allowed], with_vectors=True)
            cosines = {
                str((record.payload or {})[KEY]): float(np.dot(query, np.asarray(record.vector, "<f4")))
                for record in records
            }
            return dict(sorted(cosines.items(), key=lambda item: -item[1])[:count])
        return self._nearest_of_many(query, allowed, count)

    def _nearest_of_many(self, query: npt.NDArray[np.float32], allowed: set[str], count: int) -> dict[str, float]:
        """Look at more and more of the nearest until enough of them are allowed."""
        looked_at = 3 * count * len(self._fields) // (2 * len(allowed))
        while True:
            hits = self._client.query_points(_COLLECTION, query=query, limit=looked_at, with_payload=[KEY]).points
            cosines = {str((hit.payload or {})[KEY]): hit.score for hit in hits}
            kept = {key: cosine for key, cosine in cosines.items() if key in allowed}
            if len(kept) >= count or len(hits) < looked_at:
                return dict(list(kept.items())[:count])
            looked_at *= 4


def _values(point: Point) -> list[tuple[str, str]]:
    fields = {name: value for name, value in payload(point).items() if name != KEY}
    return [(name, one) for name, value in fields.items() for one in ([value] if isinstance(value, str) else value)]


def _client_point(point: Point, vector: bytes) -> models.PointStruct:
    numbers = np.frombuffer(vector, "<f4").tolist()
    return models.PointStruct(id=point_id(point.key), vector=numbers, payload={KEY: point.key})
