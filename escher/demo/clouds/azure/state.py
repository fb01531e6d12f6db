"""What exists in the demo's Azure, and what was done to it since it started."""

from __future__ import annotations

import json
import uuid
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TypeVar

from escher.demo.clouds.azure.address import address
from escher.demo.clouds.azure.arm_types import GROUP, arm_type
from escher.demo.clouds.azure.exchange import Json
from escher.demo.clouds.azure.links import relink

T = TypeVar("T")


def stamp(moment: datetime) -> str:
    """A moment as ARM writes it: UTC, seven digits of a second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f") + "0Z"


def utc_now() -> datetime:
    """The moment, in UTC."""
    return datetime.now(UTC)


@dataclass(slots=True)
class Record:
    """A resource or a resource group: its body as ARM gives it, and what only its instance view tells.

    `power` is a virtual machine's state (`running`, `stopped`, `deallocated`, or one on the way); empty for all else.
    """

    body: Json
    created: str
    changed: str
    power: str = ""

    @property
    def id(self) -> str:
        """Its id as ARM spells it."""
        return self.body["id"]

    @property
    def key(self) -> str:
        """Its id in lower case."""
        return self.body["id"].lower()

    @property
    def type(self) -> str:
        """Its type in lower case."""
        return self.body["type"].lower()

    @property
    def tracked(self) -> bool:
        """Whether `/resources` and Resource Graph have it."""
        return arm_type(self.type).tracked and not self.is_group

    @property
    def is_group(self) -> bool:
        """Whether it is a resource group."""
        return self.type == GROUP.lower()


@dataclass(frozen=True, slots=True)
class Change:
    """What one write did to one resource. `before` and `after` are None for what was made, or is gone."""

    at: str
    key: str
    before: Json | None
    after: Json | None
    correlation: str
    operation: str


@dataclass(frozen=True, slots=True)
class Event:
    """A line of the activity log: who wrote what. `action` is the RBAC action."""

    at: str
    action: str
    resource_id: str
    correlation: str
    method: str


@dataclass
class State:
    """All records by id in lower case, the activity log and the changes since the start, oldest first."""

    records: dict[str, Record] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    _seen: dict[str, str] = field(default_factory=dict)

    def get(self, resource_id: str) -> Record | None:
        """The record with this id, in any spelling."""
        return self.records.get(resource_id.lower())

    def under(self, scope: str) -> Iterator[Record]:
        """What lies under a subscription, group or resource, by id; not the scope itself."""
        prefix = scope.lower().rstrip("/") + "/"
        return iter(
            sorted((one for key, one in self.records.items() if key.startswith(prefix)), key=lambda one: one.key)
        )

    def add(self, body: Json, power: str = "", created: str = "") -> Record:
        """Put a body in, new or in place of another with the same id."""
        now = stamp(utc_now())
        old = self.get(body["id"])
        record = Record(
            body, created or (old.created if old else now), created or now, power or (old.power if old else "")
        )
        self.records[record.key] = record
        return record

    def remove(self, resource_id: str) -> None:
        """Take a resource away with all that is under it."""
        key = resource_id.lower()
        for gone in [one for one in self.records if one == key or one.startswith(key + "/")]:
            del self.records[gone]

    def settle_seed(self) -> None:
        """Take what exists now for what was always there: nothing of it is a change."""
        relink(self.records)
        self._seen = self._rows()

    @contextmanager
    def write(self, method: str, action: str, resource_id: str) -> Generator[None]:
        """Make a change; it and all that follows from it are written down when the block ends without an error."""
        yield
        relink(self.records)
        now, correlation = stamp(utc_now()), str(uuid.uuid4())
        self.events.append(Event(now, action, resource_id, correlation, method))
        self._write_down(now, action, correlation)

    def _write_down(self, now: str, action: str, correlation: str) -> None:
        rows = self._rows()
        for key in sorted(self._seen.keys() | rows.keys()):
            before, after = self._seen.get(key), rows.get(key)
            if before == after:
                continue
            if key in self.records:
                self.records[key].changed = now
            told = [json.loads(one) if one else None for one in (before, after)]
            self.changes.append(Change(now, key, told[0], told[1], correlation, action))
        self._seen = rows

    def _rows(self) -> dict[str, str]:
        return {
            key: json.dumps(whole(record), sort_keys=True)
            for key, record in self.records.items()
            if record.tracked or record.is_group
        }


def whole(record: Record) -> Json:
    """The body, with the power state where Resource Graph has it."""
    if not record.power:
        return record.body
    body = dict(record.body)
    body["properties"] = body["properties"] | {"extended": {"instanceView": {"powerState": power_status(record.power)}}}
    return body


def power_status(power: str) -> Json:
    """A power state in ARM's form."""
    return {"code": f"PowerState/{power}", "displayStatus": f"VM {power}", "level": "Info"}


def copied(body: T) -> T:
    """A copy that shares nothing."""
    return deepcopy(body)


def group_of(resource_id: str) -> str:
    """The id of the resource group that a resource is in, in lower case; empty for what is in none."""
    where = address(resource_id)
    return where.scope.lower() if where.group else ""
