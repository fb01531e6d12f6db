"""The user's playbooks in `user_playbooks`: one record a version, with its scripts, its state and how its runs went.

What is in a version never changes once it was published, that is under review, tested or active. States move as
`lifecycle` allows, and every move is kept with who made it, when and why (spec/playbooks.md sections 7, 10 and 14).
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from operator import mul
from typing import Any

from escher.contract.lifecycle import PUBLISHED, SEARCHED, TOMBSTONE_DAYS, after_run, must_allow
from escher.contract.playbook import Metadata, Playbook, Status, StorageStrategy
from escher.contract.publication import content_hash
from escher.contract.runs import RunStatus
from escher.errors import InvalidInput, NotFound, RecordExists
from escher.store.collections import COLLECTIONS, CollectionName
from escher.store.mirror import Mirror
from escher.store.playbook_body import body_of, embedded_text, order_of
from escher.store.records import Record
from escher.store.transaction import Transaction
from escher.store.vault import Store

PLAYBOOKS: CollectionName = "user_playbooks"
_DAY = 86_400


@dataclass(frozen=True, slots=True)
class _Move:
    """To which state, when, who and why."""

    to: Status
    at: int
    by: str
    why: str


class PlaybookStore:
    """Reads and writes playbooks. `at` is Unix seconds. Safe for threads."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._records = Mirror(store, PLAYBOOKS, lambda record: record, lambda record: record.body["playbook_id"])

    # -- reading -------------------------------------------------------------------------------------------

    def get(self, playbook_id: str, version: str) -> Playbook:
        """One version, with its state and statistics as they are now. Raises NotFound."""
        record = self._records.current().get(playbook_key(playbook_id, version))
        if record is None:
            raise _unknown(playbook_id, version)
        return _playbook(record)

    def latest(self, playbook_id: str) -> Playbook:
        """The highest version that was not deleted. Raises NotFound."""
        kept = [record for record in self._versions(playbook_id) if record.body["status"] != "deleted"]
        if not kept:
            raise _unknown(playbook_id)
        return _playbook(kept[-1])

    def versions(self, playbook_id: str) -> list[str]:
        """Every version that is kept, the lowest first; none for an unknown playbook."""
        return [record.body["version"] for record in self._versions(playbook_id)]

    def all(self) -> list[Playbook]:
        """Every version that is kept and was not deleted, by id and version."""
        kept = [record for record in self._records.current().values() if record.body["status"] != "deleted"]
        ordered = sorted(kept, key=lambda record: (record.body["playbook_id"], order_of(record.body)[1]))
        return [_playbook(record) for record in ordered]

    def history(self, playbook_id: str, version: str) -> list[dict[str, Any]]:
        """Every move of a version's state: `at`, `by`, `why`, `from`, `to`. Raises NotFound."""
        return list(self._found(playbook_id, version).body["history"])

    def scripts(self, playbook_id: str, version: str) -> list[dict[str, Any]]:
        """The files of a version: `script`, `language`, `size` in bytes, `sha256`. Raises NotFound."""
        return list(self._found(playbook_id, version).body["scripts"])

    def search(
        self, words: str, vector: bytes | None = None, limit: int = 10, **filters: str
    ) -> list[tuple[Playbook, float]]:
        """The playbooks that fit, of each the best version, with scores from 0 to 1, the best first.

        `vector` is the embedded question; without it words alone count. `filters` are fields of the collection; those
        states that are out of search are found only when asked for. Raises InvalidInput for another field.
        """
        known = COLLECTIONS[PLAYBOOKS].filters
        if filters.keys() - known.keys():
            raise InvalidInput(f"playbooks have no {', '.join(filters)}.", hint=f"Known: {', '.join(sorted(known))}.")
        best: dict[str, Record] = {}
        for record in self._records.current().values():
            if _wanted(record, filters):
                other = best.get(record.body["playbook_id"])
                if other is None or order_of(record.body) > order_of(other.body):
                    best[record.body["playbook_id"]] = record
        scored = [(record, _score(record, words.casefold().split(), vector)) for record in best.values()]
        found = sorted((pair for pair in scored if pair[1] > 0), key=lambda pair: (-pair[1], pair[0].key))
        return [(_playbook(record), score) for record, score in found[:limit]]

    # -- writing -------------------------------------------------------------------------------------------

    def put(self, playbook: Playbook, at: int) -> str:
        """Keep a version, new or in place of what was not published yet; its natural key.

        State and statistics of a version that is there stay. The same content again changes nothing. Raises
        RecordExists for other content under a published version.
        """
        with self._store.transaction() as transaction:
            key = playbook_key(playbook.metadata.playbook_id, playbook.metadata.version)
            old = transaction.get(PLAYBOOKS, key)
            if old is None:
                published = at if playbook.metadata.status in PUBLISHED else None
                body = body_of(playbook) | {"history": [], "published_at": published, "failures_in_row": 0}
                transaction.put(PLAYBOOKS, Record(key, body))
                self._deprecate_others(transaction, body, at)
            elif old.body["content_hash"] != content_hash(playbook):
                if old.body["published_at"] is not None:
                    raise RecordExists(f"{key} was published and stays as it is.", hint="Give it another version.")
                kept = {name: getattr(_playbook(old).metadata, name) for name in ("status", "storage_strategy")}
                edited = _with(playbook, **kept, updated_at=_iso(at))
                vector = old.vector if embedded_text(edited) == embedded_text(_playbook(old)) else None
                transaction.put(PLAYBOOKS, Record(key, old.body | body_of(edited), vector))
        return key

    def set_status(
        self,
        playbook_id: str,
        version: str,
        status: Status,
        at: int,
        *,
        by: str,
        why: str = "",
        deprecated_by: str = "",
    ) -> Playbook:
        """Move a version to another state; what it is now. A version that becomes active deprecates the others.

        Raises NotFound, and InvalidInput for a move that does not exist.
        """
        with self._store.transaction() as transaction:
            record = _read(transaction, playbook_id, version)
            must_allow(record.body["author"], record.body["status"], status)
            moved = _moved(record, _Move(status, at, by, why), deprecated_by)
            transaction.put(PLAYBOOKS, moved)
            self._deprecate_others(transaction, moved.body, at)
        return _playbook(moved)

    def set_strategy(self, playbook_id: str, version: str, strategy: StorageStrategy, at: int) -> None:
        """Note where a version is kept besides here. Raises NotFound."""
        with self._store.transaction() as transaction:
            record = _read(transaction, playbook_id, version)
            noted = _with(_playbook(record), storage_strategy=strategy, updated_at=_iso(at))
            transaction.put(PLAYBOOKS, Record(record.key, record.body | body_of(noted), record.vector))

    def record_run(self, playbook_id: str, version: str, status: RunStatus, at: int, seconds: float) -> Playbook:
        """Count a run that ended; what the version is now. A failed test, or the third failure in a row, ends its use.

        Raises NotFound.
        """
        with self._store.transaction() as transaction:
            record = _read(transaction, playbook_id, version)
            before = _playbook(record).metadata
            count = before.execution_count + 1
            counted = _with(
                _playbook(record),
                execution_count=count,
                success_count=before.success_count + (status == "completed"),
                last_executed=_iso(at),
                avg_duration_seconds=((before.avg_duration_seconds or 0) * (count - 1) + seconds) / count,
            )
            body = record.body | body_of(counted)
            if status in ("failed", "timeout"):
                body["failures_in_row"] += 1
            elif status == "completed":
                body["failures_in_row"] = 0
            record = Record(record.key, body, record.vector)
            state = after_run(body["author"], before.status, body["failures_in_row"])
            if state != before.status:
                why = f"{body['failures_in_row']} failed runs in a row"
                record = _moved(record, _Move(state, at, "escher", why))
            transaction.put(PLAYBOOKS, record)
        return _playbook(record)

    def expire(self, now: int) -> int:
        """Remove what was deleted 30 days ago or earlier; how many versions."""
        before = now - TOMBSTONE_DAYS * _DAY
        with self._store.transaction() as transaction:
            gone = [key for key, record in self._records.current().items() if _deleted_at(record, now) <= before]
            transaction.delete(PLAYBOOKS, *gone)
        return len(gone)

    # -- meaning -------------------------------------------------------------------------------------------

    def without_vectors(self) -> dict[str, str]:
        """The text to embed by natural key, of those versions that have no vector yet."""
        records = self._records.current()
        return {key: embedded_text(_playbook(record)) for key, record in records.items() if record.vector is None}

    def set_vectors(self, vectors: Mapping[str, bytes]) -> None:
        """Keep embedded vectors by natural key; versions that are gone are skipped."""
        with self._store.transaction() as transaction:
            for key, vector in vectors.items():
                record = transaction.get(PLAYBOOKS, key)
                if record is not None:
                    transaction.put(PLAYBOOKS, Record(key, record.body, vector))

    # -- inside --------------------------------------------------------------------------------------------

    def _versions(self, playbook_id: str) -> list[Record]:
        return sorted(self._records.members(playbook_id).values(), key=lambda record: order_of(record.body)[1])

    def _found(self, playbook_id: str, version: str) -> Record:
        record = self._records.current().get(playbook_key(playbook_id, version))
        if record is None:
            raise _unknown(playbook_id, version)
        return record

    def _deprecate_others(self, transaction: Transaction, body: Mapping[str, Any], at: int) -> None:
        """Of one playbook one version is active."""
        if body["status"] != "active":
            return
        for other in self._records.members(body["playbook_id"]).values():
            if other.body["version"] != body["version"] and other.body["status"] == "active":
                move = _Move("deprecated", at, "escher", f"version {body['version']} is active")
                transaction.put(PLAYBOOKS, _moved(other, move, body["version"]))


def playbook_key(playbook_id: str, version: str) -> str:
    """The natural key of a version."""
    return f"{playbook_id}:v{version}"


def _read(transaction: Transaction, playbook_id: str, version: str) -> Record:
    record = transaction.get(PLAYBOOKS, playbook_key(playbook_id, version))
    if record is None:
        raise _unknown(playbook_id, version)
    return record


def _moved(record: Record, move: _Move, deprecated_by: str = "") -> Record:
    deprecated = move.to == "deprecated"
    playbook = _with(
        _playbook(record),
        status=move.to,
        updated_at=_iso(move.at),
        deprecated_by=(deprecated_by or None) if deprecated else None,
        deprecation_reason=(move.why or None) if deprecated else None,
    )
    history = [*record.body["history"], {"from": record.body["status"], **asdict(move)}]
    body = record.body | body_of(playbook) | {"history": history, "failures_in_row": 0}
    if move.to in PUBLISHED and body["published_at"] is None:
        body["published_at"] = move.at
    return Record(record.key, body, record.vector)


def _playbook(record: Record) -> Playbook:
    return Playbook.model_validate(record.body["playbook"])


def _with(playbook: Playbook, **values: Any) -> Playbook:
    metadata = Metadata.model_validate(playbook.metadata.model_dump() | values)
    return playbook.model_copy(update={"metadata": metadata})


def _wanted(record: Record, filters: Mapping[str, str]) -> bool:
    if "status" not in filters and record.body["status"] not in SEARCHED:
        return False
    return all(_holds(record.body[name], wanted) for name, wanted in filters.items())


def _holds(value: Any, wanted: str) -> bool:
    return wanted in value if isinstance(value, list) else value == wanted


def _score(record: Record, words: Sequence[str], vector: bytes | None) -> float:
    text = embedded_text(_playbook(record)).casefold()
    said = sum(word in text for word in words) / len(words) if words else 0.0
    if vector is None or record.vector is None:
        return said
    return 0.5 * max(0.0, min(1.0, _dot(vector, record.vector))) + 0.5 * said


def _dot(one: bytes, other: bytes) -> float:
    return sum(map(mul, array("f", one), array("f", other)))


def _deleted_at(record: Record, otherwise: int) -> int:
    if record.body["status"] != "deleted":
        return otherwise
    moves: Iterable[Mapping[str, Any]] = reversed(record.body["history"])
    return next((move["at"] for move in moves if move["to"] == "deleted"), otherwise)


def _iso(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat()


def _unknown(playbook_id: str, version: str = "") -> NotFound:
    return NotFound(f"there is no playbook {playbook_id} {version}".rstrip() + ".", hint="See: escher playbook list")
