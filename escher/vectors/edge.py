"""The index on Qdrant's in-process engine: one shard in a private folder on a memory file system."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice
from pathlib import Path
from threading import RLock
from typing import Self, TypeVar

import numpy as np
import qdrant_edge as engine

from escher.contract.ports import Hit, IndexKind, Point
from escher.errors import IndexLost, StoreError
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

BYTES_PER_POINT = 3 * 1024
ROOM_FOR_EMPTY = 32 * 1024 * 1024
_BATCH = 1_000
_FEW_FOR_WORDS = 20_000  # up to here, scoring the allowed points alone is faster than walking through the postings
_ALL_VALUES = 1_000_000

T = TypeVar("T")


class EdgeIndex:
    """A `VectorIndex` whose files are in memory only. Safe to share between threads."""

    kind: IndexKind = "edge"

    def __init__(self, root: Path, name: str, dimension: int) -> None:
        self._folder = private_part(root, name)
        self._shard = engine.EdgeShard.create(str(self._folder), _configuration(dimension))
        self._fields: set[str] = set()
        self._writing = RLock()

    @classmethod
    def load(cls, root: Path, name: str, unpack: Callable[[Path], object]) -> Self:
        """The index whose files `unpack` puts into a folder, as `pack` read them. Raises what it raises, and StoreError."""
        folder = private_part(root, name)
        try:
            unpack(folder)
            index = cls.__new__(cls)
            index._folder, index._shard, index._writing = folder, _loaded(folder), RLock()
            index._fields = set(index._shard.info().payload_schema)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        return index

    def pack(self, read: Callable[[Path], T]) -> T:
        """What `read` makes of the folder of this index; nothing is written meanwhile, searches go on.

        Raises StoreError when it is closed.
        """
        with self._writing:
            if not self._folder.exists():
                raise StoreError("the index is closed.", hint="Open it again.")
            self._shard.flush()
            return read(self._folder)

    def fill(self, points: Iterable[Point]) -> None:
        """Make these all the points there are. Raises IndexLost when memory runs short."""
        self.upsert(points)

    def upsert(self, points: Iterable[Point]) -> None:
        """Add points, or replace those with the same key. Raises IndexLost when memory runs short."""
        remaining = iter(points)
        while batch := list(islice(remaining, _BATCH)):
            made = [_engine_point(point) for point in batch]
            with self._writing:
                self._check_room(len(batch))
                self._declare({name for point in batch for name in point.fields})
                self._shard.update(engine.UpdateOperation.upsert_points(made))

    def delete(self, keys: Iterable[str]) -> None:
        """Take points out; unknown keys are ignored."""
        gone: list[engine.PointId] = [point_id(key) for key in keys]
        if gone:
            with self._writing:
                self._shard.update(engine.UpdateOperation.delete_points(gone))

    def search(self, vector: bytes | None, words: str, filters: Mapping[str, Sequence[str]], limit: int) -> list[Hit]:
        """The best points that meet all filters, by meaning and words in one query; without both, by point id."""
        wanted = _filter(filters)
        sources = _sources(vector, words, wanted, limit)
        if not sources:
            records, _ = self._shard.scroll(engine.ScrollRequest(limit=limit, filter=wanted, with_payload=[KEY]))
            return [Hit(str((record.payload or {})[KEY]), 1.0) for record in records]
        request = engine.QueryRequest(
            limit, query=_formula(list(sources)), prefetches=list(sources.values()), with_payload=[KEY]
        )
        found = self._shard.query(request)
        return ranked({str((hit.payload or {})[KEY]): hit.score for hit in found}, limit)

    def facets(self, field: str, filters: Mapping[str, Sequence[str]]) -> dict[str, int]:
        """How many of the points that meet all filters have each value of a field; the most frequent first."""
        if field not in self._fields:
            return {}
        # What the engine calls not exact counts in the field's index; that is exact for one segment, and thirty times faster.
        request = engine.FacetRequest(field, limit=_ALL_VALUES, exact=False, filter=_filter(filters))
        return {str(hit.value): hit.count for hit in self._shard.facet(request).hits if hit.count}

    def count(self) -> int:
        """How many points there are."""
        return self._shard.count(engine.CountRequest())

    def close(self) -> None:
        """Give the memory back."""
        with self._writing:
            self._shard.close()
            shutil.rmtree(self._folder, ignore_errors=True)

    def _declare(self, names: set[str]) -> None:
        for name in sorted(names - self._fields):
            keyword = engine.PayloadSchemaType.Keyword
            self._shard.update(engine.UpdateOperation.create_field_index(name, keyword))
        self._fields |= names

    def _check_room(self, points: int) -> None:
        # Writing to a full memory file system would end the process by a signal, not by an error.
        if shutil.disk_usage(self._folder).free < ROOM_FOR_EMPTY + points * BYTES_PER_POINT:
            raise IndexLost("there is no room left in memory for the search index.", hint="Enlarge /dev/shm.")


def _configuration(dimension: int) -> engine.EdgeConfig:
    # Eight bits a number: a quarter of the memory to walk through, and scores that differ by less than 0.001.
    eight_bits = engine.VectorStorageDatatype.Turbo8
    return engine.EdgeConfig(
        vectors={MEANING: engine.EdgeVectorParams(dimension, engine.Distance.Cosine, datatype=eight_bits)},
        sparse_vectors={
            WORDS: engine.EdgeSparseVectorParams(modifier=engine.Modifier.Idf, full_scan_threshold=_FEW_FOR_WORDS)
        },
        # One segment: every search walks through all vectors, and no optimizer ever has a reason to run.
        optimizers=engine.EdgeOptimizersConfig(default_segment_number=1),
        wal_enabled=False,  # the encrypted store is what lasts
    )


def _loaded(folder: Path) -> engine.EdgeShard:
    try:
        return engine.EdgeShard.load(str(folder))
    except Exception as cause:  # the engine raises nothing narrower
        raise StoreError(f"the index cannot be loaded: {cause}.", hint="It is built anew.") from cause


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
        # One value on its own is looked up in half the time.
        engine.FieldCondition(name, engine.MatchValue(values[0]) if len(values) == 1 else engine.MatchAny(list(values)))
        for name, values in filters.items()
    ]
    return engine.Filter(must=conditions) if conditions else None
