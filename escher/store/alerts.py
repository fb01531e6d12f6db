"""Alerts, what led to them and what is set about them, in `alerts_events`.

Alerts, events and their timelines are written once (of an alert, its status may move on); rules, settings and the like
are replaced by who knows their id. Scopes and accounts are in the same collection and belong to the estate.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast, get_args

from pydantic import TypeAdapter

from escher.contract.alerts import (
    Actor,
    Alert,
    AlertRecord,
    AlertStatus,
    Event,
    Recommendation,
    RecommendationStatus,
    RemediationSetting,
    Rule,
    Setting,
    TimelineEntry,
)
from escher.errors import InvalidInput, NotFound, RecordExists
from escher.store.collections import COLLECTIONS, CollectionName
from escher.store.mirror import Mirror
from escher.store.records import Record
from escher.store.transaction import Transaction
from escher.store.vault import Store
from escher.store.withheld import without_secrets

ALERTS: CollectionName = "alerts_events"
KINDS: Mapping[str, type[AlertRecord]] = {
    model.model_fields["kind"].default: model for model in get_args(get_args(AlertRecord)[0])
}
_ONCE = frozenset({"alert", "event", "timeline"})
_MOVES: Mapping[str, frozenset[str]] = {
    "unread": frozenset({"read", "acknowledged", "resolved"}),
    "read": frozenset({"acknowledged", "resolved"}),
    "acknowledged": frozenset({"resolved"}),
    "resolved": frozenset(),
    "pending": frozenset({"applied", "postponed", "dismissed"}),
    "postponed": frozenset({"pending", "applied", "postponed", "dismissed"}),
    "applied": frozenset(),
    "dismissed": frozenset({"pending"}),
}
_ADAPTER: TypeAdapter[AlertRecord] = TypeAdapter(AlertRecord)
T = TypeVar("T")


class AlertStore:
    """Reads and writes alerts and what is kept beside them. `at` is Unix seconds. Safe for threads."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._bodies = Mirror(store, ALERTS, _body)

    def add(self, record: AlertRecord, at: int) -> str:
        """Keep a record; its natural key. A new alert begins its timeline. An event that came before stays as it was.

        Raises RecordExists for an alert or a line of a timeline that is there; other records replace their older form.
        """
        with self._store.transaction() as transaction:
            old = transaction.get(ALERTS, record.key)
            if old is not None and record.kind == "event":
                return record.key
            if old is not None and record.kind in _ONCE:
                raise RecordExists(f"there is a record {record.key}.", hint="Add it under another id.")
            _put(transaction, record, at, created_at=old.body["created_at"] if old else at)
            if isinstance(record, Alert):
                found = _line(record, record.detected_at, "detection", "system", f"{record.title}.")
                _put(transaction, found, at, created_at=at)
        return record.key

    def get(self, key: str) -> AlertRecord:
        """The record with a natural key. Raises NotFound."""
        body = self._bodies.current().get(key)
        if not body:
            raise NotFound(f"there is no record {key!r}.", hint="See: escher alerts")
        return _ADAPTER.validate_python(body)

    def update_status(
        self,
        key: str,
        status: AlertStatus | RecommendationStatus,
        at: int,
        *,
        actor: Actor = "user",
        until: int | None = None,
        description: str = "",
    ) -> AlertRecord:
        """Move an alert or a recommendation on; what it is now. `until` is when a postponed one comes back.

        Raises NotFound, and InvalidInput for a move that does not exist: what is resolved stays resolved.
        """
        with self._store.transaction() as transaction:
            found = transaction.get(ALERTS, key)
            body = _body(found) if found else None
            if not body or "status" not in body:
                raise NotFound(f"there is no alert {key!r}.", hint="See: escher alerts")
            old = cast("Alert | Recommendation", _ADAPTER.validate_python(body))
            new = _moved(old, status, at, until)
            _put(transaction, new, at, created_at=old.created_at)
            if isinstance(new, Alert) and status in ("acknowledged", "resolved"):
                type_ = "resolution" if status == "resolved" else "action_taken"
                line = _line(new, at, type_, actor, description or f"{status.capitalize()} by {actor}.")
                _put(transaction, line, at, created_at=at)
        return new

    def remove(self, key: str) -> None:
        """Take out a rule, a setting or the like; an unknown one is ignored. Raises RecordExists for what is kept."""
        if key.partition(":")[0] not in KINDS.keys() - _ONCE or key.startswith("setting:account:"):
            raise RecordExists(f"{key} is kept as it was written.", hint="Resolve an alert instead of removing it.")
        with self._store.transaction() as transaction:
            transaction.delete(ALERTS, key)

    def query(
        self, *, since: int | None = None, until: int | None = None, limit: int | None = None, **filters: str
    ) -> list[AlertRecord]:
        """The records made from `since` until before `until` that have these fields, the newest first.

        `filters` are fields of the collection: kind, severity, category, status, provider. Raises InvalidInput for
        another one.
        """
        known = COLLECTIONS[ALERTS].filters
        if filters.keys() - known.keys():
            raise InvalidInput(f"alerts have no {', '.join(filters)}.", hint=f"Known: {', '.join(sorted(known))}.")
        found = [
            body
            for body in self._bodies.current().values()
            if body
            and (since is None or body["created_at"] >= since)
            and (until is None or body["created_at"] < until)
            and all(body.get(name) == value for name, value in filters.items())
        ]
        newest_first = sorted(found, key=lambda body: body["created_at"])[::-1][:limit]
        return [_ADAPTER.validate_python(body) for body in newest_first]

    def timeline(self, alert_id: str) -> list[TimelineEntry]:
        """What happened to an alert, in order of time."""
        lines = [line for line in self._all(TimelineEntry) if line.alert_id == alert_id]
        return sorted(lines, key=lambda line: line.at)

    def rules(self) -> list[Rule]:
        """Every rule, also those that are off, in the order in which they were made."""
        return self._all(Rule)

    def remediation(self) -> list[RemediationSetting]:
        """What may be done by itself."""
        return self._all(RemediationSetting)

    def settings(self) -> dict[str, Any]:
        """Every setting by its name."""
        return {setting.name: setting.value for setting in self._all(Setting)}

    def _all(self, model: type[T]) -> list[T]:
        kind = next(kind for kind, known in KINDS.items() if known is model)
        bodies = (body for body in self._bodies.current().values() if body and body["kind"] == kind)
        return [cast("T", _ADAPTER.validate_python(body)) for body in bodies]


def _body(record: Record) -> Mapping[str, Any]:
    """A record's body; of the estate's records in this collection nothing is kept in memory."""
    body = record.body
    return body if body.get("kind") in KINDS and "account" not in body else {}


def _put(transaction: Transaction, record: AlertRecord, at: int, *, created_at: int) -> None:
    body: dict[str, Any] = record.model_dump(mode="json")
    body |= {"created_at": created_at, "updated_at": at}
    if isinstance(record, Event):
        # What a cloud tells of a change can hold what was set: user data, a function's environment.
        body["raw"] = without_secrets(body["raw"])
        body["resource"]["metadata"] = without_secrets(body["resource"]["metadata"])
    transaction.put(ALERTS, Record(record.key, body))


def _moved(
    old: Alert | Recommendation, status: AlertStatus | RecommendationStatus, at: int, until: int | None
) -> Alert | Recommendation:
    if status not in _MOVES[old.status]:
        moves = ", ".join(sorted(_MOVES[old.status])) or "nothing else"
        raise InvalidInput(f"what is {old.status} cannot become {status}.", hint=f"It can become {moves}.")
    changes: dict[str, Any] = {"status": status}
    if isinstance(old, Recommendation):
        changes["until"] = until if status == "postponed" else None
    elif status in ("acknowledged", "resolved"):
        changes[f"{status}_at"] = at
    return type(old).model_validate(old.model_dump() | changes)


def _line(alert: Alert, at: int, type_: Any, actor: Actor, description: str) -> TimelineEntry:
    return TimelineEntry(alert_id=alert.alert_id, at=at, type=type_, actor=actor, description=description)
