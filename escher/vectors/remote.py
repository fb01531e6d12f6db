"""The index on a Qdrant server of the user's own, by URL: for estates that outgrow one machine. Off by default.

The server holds what `veil` lets it see. Of its answers only point ids, sealed keys and scores are read, and a key
that was not sealed here is no key; who asks looks the rest up in the store.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from math import isfinite
from typing import Any
from urllib.parse import urlsplit

import httpx
from qdrant_client import QdrantClient, models
from qdrant_client.common.client_exceptions import QdrantException
from qdrant_client.http.exceptions import ApiException

from escher.contract.ports import Hit, IndexKind, Point
from escher.errors import ConfigurationError, IndexLost
from escher.vectors.bm25 import document_vector, query_vector
from escher.vectors.scoring import KEY, MEANING, WORDS, candidates, fused, payload, ranked
from escher.vectors.veil import Veil

_PRINT = "print"
_BATCH = 500
_PAGE = 1_000
_ALL_VALUES = 10_000
_SECONDS = 10
_LARGEST_ANSWER = 16 * 1024 * 1024
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Server:
    """Where the server is, and the secret that its eyes are kept out with.

    `full_scan` is the engine's setting: up to so many kilobytes of vectors are looked at one by one.
    """

    url: str
    api_key: str = field(repr=False)
    secret: bytes = field(repr=False)
    full_scan: int = 10_000


class RemoteIndex:
    """A `VectorIndex` on a server. Safe to share between threads. Every method raises IndexLost when it does not answer."""

    kind: IndexKind = "remote"

    def __init__(self, server: Server, name: str, dimension: int) -> None:
        self._veil = Veil(server.secret, dimension)
        self._name = self._veil.collection(f"{name} {dimension}")
        self._client = _client(server)
        self._values: dict[str, dict[str, str]] = {}
        with _answering():
            if not self._client.collection_exists(self._name):
                self._create(dimension, server.full_scan)

    def fill(self, points: Iterable[Point]) -> None:
        """Make these all the points there are; those that the server has already are not sent again."""
        wanted = {self._veil.point_id(point.key): point for point in points}
        held = self._held(len(wanted))
        for point in wanted.values():
            self._learn(point)
        self._send(point for id_, point in wanted.items() if held.get(id_) != self._veil.print_of(point))
        self._drop([id_ for id_ in held if id_ not in wanted])

    def upsert(self, points: Iterable[Point]) -> None:
        """Add points, or replace those with the same key."""
        self._send(points)

    def delete(self, keys: Iterable[str]) -> None:
        """Take points out; unknown keys are ignored."""
        self._drop([self._veil.point_id(key) for key in keys])

    def search(self, vector: bytes | None, words: str, filters: Mapping[str, Sequence[str]], limit: int) -> list[Hit]:
        """The best points that meet all filters, by meaning and words together; without both, by point id."""
        wanted, said = self._filter(filters), query_vector(words)
        queries: dict[str, list[float] | models.SparseVector] = {}
        if vector is not None:
            queries[MEANING] = self._veil.vector(vector)
        if said.indices:
            queries[WORDS] = self._sparse(dict(zip(said.indices, said.values, strict=True)))
        if not queries:
            with _answering():
                records, _ = self._client.scroll(self._name, wanted, limit=limit, with_payload=[KEY])
            return [Hit(key, 1.0) for record in records if (key := self._veil.opened(record.id, _key(record)))][:limit]
        requests = [
            models.QueryRequest(
                query=query, using=name, filter=wanted, limit=candidates(name, limit), with_payload=[KEY]
            )
            for name, query in queries.items()
        ]
        with _answering():
            answers = self._client.query_batch_points(self._name, requests)
        scores = {name: self._scores(answer.points) for name, answer in zip(queries, answers, strict=False)}
        return ranked(fused(scores.get(MEANING), scores.get(WORDS)), limit)

    def facets(self, field: str, filters: Mapping[str, Sequence[str]]) -> dict[str, int]:
        """How many of the points that meet all filters have each value of a field; the most frequent first."""
        known = self._values.get(field, {})
        if not known:
            return {}
        with _answering():
            answer = self._client.facet(
                self._name, self._veil.field(field), self._filter(filters), limit=_ALL_VALUES, exact=True
            )
        return {known[str(hit.value)]: hit.count for hit in answer.hits if str(hit.value) in known and hit.count > 0}

    def count(self) -> int:
        """How many points there are, as the server says."""
        with _answering():
            return self._client.count(self._name, exact=True).count

    def close(self) -> None:
        """Hang up; the points stay on the server."""
        self._client.close()

    def erase(self) -> None:
        """Take the collection off the server."""
        with _answering():
            self._client.delete_collection(self._name)

    def _create(self, dimension: int, full_scan: int) -> None:
        hnsw = models.HnswConfigDiff(m=16, ef_construct=100, full_scan_threshold=full_scan)
        self._client.create_collection(
            self._name,
            vectors_config={MEANING: models.VectorParams(size=dimension, distance=models.Distance.COSINE)},
            sparse_vectors_config={WORDS: models.SparseVectorParams(modifier=models.Modifier.IDF)},
            hnsw_config=hnsw,
        )

    def _held(self, expected: int) -> dict[str, str]:
        """What the server says it has: point id → print. A server without end is asked no further."""
        held: dict[str, str] = {}
        offset: Any = None
        for _ in range(2 * expected // _PAGE + 100):
            with _answering():
                records, offset = self._client.scroll(
                    self._name, limit=_PAGE, offset=offset, with_payload=[_PRINT], with_vectors=False
                )
            held |= {str(record.id): str((record.payload or {}).get(_PRINT)) for record in records}
            if offset is None:
                break
        return held

    def _send(self, points: Iterable[Point]) -> None:
        remaining = iter(points)
        while batch := list(islice(remaining, _BATCH)):
            for point in batch:
                self._learn(point)
            with _answering():
                self._client.upsert(self._name, [self._veiled(point) for point in batch], wait=True)

    def _drop(self, ids: Sequence[str]) -> None:
        for start in range(0, len(ids), _PAGE):
            with _answering():
                self._client.delete(self._name, list(ids[start : start + _PAGE]), wait=True)

    def _learn(self, point: Point) -> None:
        """Remember what the values of a point's fields look like on the server, and have new fields indexed there."""
        for name, values in _fields(point).items():
            if name not in self._values:
                with _answering():
                    self._client.create_payload_index(
                        self._name, self._veil.field(name), models.PayloadSchemaType.KEYWORD
                    )
            known = self._values.setdefault(name, {})
            known |= {self._veil.value(name, value): value for value in values}

    def _veiled(self, point: Point) -> models.PointStruct:
        said = document_vector(point.words)
        vectors: dict[str, Any] = {WORDS: self._sparse(dict(zip(said.indices, said.values, strict=True)))}
        if point.vector is not None:
            vectors[MEANING] = self._veil.vector(point.vector)
        fields = {
            self._veil.field(name): [self._veil.value(name, value) for value in values]
            for name, values in _fields(point).items()
        }
        shown = {KEY: self._veil.sealed(point.key), _PRINT: self._veil.print_of(point)}
        return models.PointStruct(id=self._veil.point_id(point.key), vector=vectors, payload=fields | shown)

    def _sparse(self, weights: Mapping[int, float]) -> models.SparseVector:
        indices, values = self._veil.words(weights)
        return models.SparseVector(indices=indices, values=values)

    def _filter(self, filters: Mapping[str, Sequence[str]]) -> models.Filter | None:
        conditions: list[models.Condition] = [
            models.FieldCondition(
                key=self._veil.field(name),
                match=models.MatchAny(any=[self._veil.value(name, value) for value in values]),
            )
            for name, values in filters.items()
        ]
        return models.Filter(must=conditions) if conditions else None

    def _scores(self, points: Iterable[models.ScoredPoint]) -> dict[str, float]:
        found = ((self._veil.opened(point.id, _key(point)), point.score) for point in points)
        return {key: max(score, 0.0) for key, score in found if key is not None and isfinite(score)}


def _fields(point: Point) -> dict[str, list[str]]:
    found = {name: value for name, value in payload(point).items() if name != KEY}
    return {name: [value] if isinstance(value, str) else value for name, value in found.items()}


def _key(found: models.Record | models.ScoredPoint) -> object:
    return (found.payload or {}).get(KEY)


def _client(server: Server) -> QdrantClient:
    place = urlsplit(server.url)
    if place.scheme not in ("http", "https") or not place.hostname:
        raise ConfigurationError("qdrant_url is no address.", hint="For example: https://qdrant.example.com:6333")
    if place.scheme == "http" and place.hostname not in _LOOPBACK:
        raise ConfigurationError("qdrant_url is not encrypted.", hint="Use https, or http on this machine only.")
    return QdrantClient(
        url=server.url,
        headers={"api-key": server.api_key} if server.api_key else None,
        timeout=_SECONDS,
        check_compatibility=False,
        event_hooks={"response": [_bounded]},
    )


def _bounded(response: httpx.Response) -> None:
    """Let no answer be read that has no end, or that was packed so as to have none."""
    if response.headers.get("content-encoding", "identity") != "identity":
        response.headers["content-encoding"] = "identity"
    if isinstance(response.stream, httpx.SyncByteStream):
        response.stream = _BoundedStream(response.stream)


class _BoundedStream(httpx.SyncByteStream):
    def __init__(self, stream: httpx.SyncByteStream) -> None:
        self._stream = stream

    def __iter__(self) -> Iterator[bytes]:
        read = 0
        for part in self._stream:
            read += len(part)
            if read > _LARGEST_ANSWER:
                raise httpx.DecodingError("the answer has no end")
            yield part

    def close(self) -> None:
        self._stream.close()


@contextmanager
def _answering() -> Generator[None]:
    """Whatever keeps the server from answering is one error."""
    try:
        yield
    except (ApiException, QdrantException, httpx.HTTPError, ValueError) as cause:
        raise IndexLost(
            f"the Qdrant server did not answer as it should ({type(cause).__name__}).",
            hint="Check qdrant_url and qdrant_api_key; until then the index is kept on this machine.",
        ) from cause
