"""The index on Qdrant's in-process engine: one shard in a private folder on a memory file system."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from threading import Lock

import numpy as np
import qdrant_edge as engine

from escher.contract.ports import Hit, Point
from escher.errors import StoreError
from escher.vectors.bm25 import document_vector, query_vector
from escher.vectors.private_folder import private_part
from escher.vectors.scoring import (
    HALF,
    KEY,
    MEANING,
    MEANING_SHARE,
    WORDS,
    WORDS_SHARE,
    candidates,
    payload,
    point_id,
    ranked,
)

BYTES_PER_POINT = 4 * 1024
ROOM_FOR_EMPTY = 32 * 1024 * 1024
_BATCH = 1_000


class EdgeIndex:
    """A `VectorIndex` whose files are in memory only. Safe to share between threads."""

    def __init__(self, root: Path, name: str, dimension: int) -> None:
        self._folder = private_part(root, name)
        self._shard = engine.EdgeShard.create(str(self._folder), _configuration(dimension))
        self._fields: set[str] = set()
        self._declaring = Lock()

    def upsert(self, points: Iterable[Point]) -> None:
        """Add points, or replace those with the same key. Raises StoreError when memory runs short."""
        batch = list(points)
        self._declare({name for point in batch for name in point.fields})
        for start in range(0, len(batch), _BATCH):
            part = batch[start : start + _BATCH]
            self._check_room(len(part))
            self._shard.update(engine.UpdateOperation.upsert_points([_engine_point(point) for point in part]))

    def delete(self, keys: Iterable[str]) -> None:
        """Take points out; unknown keys are ignored."""
        self._shard.update(engine.UpdateOperation.delete_points([point_id(key) for key in keys]))

    def search(self, vector: bytes | None, words: str, filters: Mapping[str, Sequence[str]], limit: int) -> list[Hit]:
        """The best points that meet all filters, by meaning and words in one query; without both, by key."""
        wanted = _filter(filters)
        sources = _sources(vector, words, wanted, limit)
        if not sources:
            return self._filtered(wanted, limit)
        request = engine.QueryRequest(
            limit, query=_formula(list(sources)), prefetches=list(sources.values()), with_payload=[KEY]
        )
        found = self._shard.query(request)
        return ranked({str((hit.payload or {})[KEY]): hit.score for hit in found}, limit)

    def count(self) -> int:
        """How many points there are."""
        return self._shard.count(engine.CountRequest())

    def close(self) -> None:
        """Give the memory back."""
        self._shard.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _filtered(self, wanted: engine.Filter | None, limit: int) -> list[Hit]:
        records, _ = self._shard.scroll(
            engine.ScrollRequest(limit=max(self.count(), 1), filter=wanted, with_payload=[KEY])
        )
        return ranked({str((record.payload or {})[KEY]): 1.0 for record in records}, limit)

    def _declare(self, names: set[str]) -> None:
        with self._declaring:
            for name in sorted(names - self._fields):
                keyword = engine.PayloadSchemaType.Keyword
                self._shard.update(engine.UpdateOperation.create_field_index(name, keyword))
            self._fields |= names

    def _check_room(self, points: int) -> None:
        # Writing to a full memory file system would end the process by a signal, not by an error.
        if shutil.disk_usage(self._folder).free < ROOM_FOR_EMPTY + points * BYTES_PER_POINT:
            raise StoreError("there is no room left in memory for the search index.", hint="Enlarge /dev/shm.")


def _configuration(dimension: int) -> engine.EdgeConfig:
    return engine.EdgeConfig(
        vectors={MEANING: engine.EdgeVectorParams(dimension, engine.Distance.Cosine)},
        sparse_vectors={WORDS: engine.EdgeSparseVectorParams(modifier=engine.Modifier.Idf)},
        optimizers=engine.EdgeOptimizersConfig(default_segment_number=1),
        wal_enabled=False,  # the encrypted store is what lasts
    )


def _engine_point(point: Point) -> engine.Point:
    vectors: dict[str, engine.NamedVector] = {WORDS: document_vector(point.words)}
    if point.vector is not None:
        vectors[MEANING] = _dense(point.vector)
    return engine.Point(point_id(point.key), vectors, payload(point))


def _sources(vector: bytes | None, words: str, wanted: engine.Filter | None, limit: int) -> dict[str, engine.Prefetch]:
    queries: dict[str, engine.NamedVector] = {}
    if vector is not None:
        queries[MEANING] = _dense(vector)
    terms = query_vector(words)
    if terms.indices:
        queries[WORDS] = terms
    return {
        name: engine.Prefetch(candidates(name, limit), engine.Query.Nearest(query, name), filter=wanted)
        for name, query in queries.items()
    }


def _formula(sources: Sequence[str]) -> engine.Formula:
    """`scoring.fused` in the engine's own terms."""
    expression = engine.Expression
    share = {MEANING: MEANING_SHARE, WORDS: WORDS_SHARE} if len(sources) > 1 else dict.fromkeys(sources, 1.0)
    terms = [
        expression.Mult([expression.Constant(share[name]), _term(name, expression.Variable(f"$score[{place}]"))])
        for place, name in enumerate(sources)
    ]
    return engine.Formula(expression.Sum(terms), {f"$score[{place}]": 0.0 for place in range(len(sources))})


def _term(name: str, score: engine.Expression) -> engine.Expression:
    expression = engine.Expression
    if name == MEANING:
        return expression.Max([score, expression.Constant(0.0)])
    return expression.Div(score, expression.Sum([score, expression.Constant(HALF)]), 0.0)


def _dense(vector: bytes) -> list[float]:
    return np.frombuffer(vector, "<f4").tolist()


def _filter(filters: Mapping[str, Sequence[str]]) -> engine.Filter | None:
    conditions: list[engine.ConditionType] = [
        engine.FieldCondition(name, engine.MatchAny(list(values))) for name, values in filters.items()
    ]
    return engine.Filter(must=conditions) if conditions else None
