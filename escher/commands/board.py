"""How far a running scan is: a row for each account, with the services that are still read. Drawn elsewhere."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

RowState = Literal["pending", "running", "completed", "failed", "cancelled"]
Stage = Literal["running", "cancelling", "completed", "cancelled"]
_LAST: Mapping[str, Stage] = {"scan_complete": "completed", "scan_cancelled": "cancelled"}


@dataclass(slots=True)
class Row:
    """One account's course: scopes in all, done, and not seen whole; resources found; scopes left by service."""

    provider: str
    name: str
    total: int = 0
    done: int = 0
    found: int = 0
    failed: int = 0
    cancelled: bool = False
    open: Counter[str] = field(default_factory=Counter)
    of: dict[str, int] = field(default_factory=dict)

    @property
    def state(self) -> RowState:
        """How it stands; failed says that it is done, and that something of it was not seen whole."""
        if self.total and self.done >= self.total:
            return "failed" if self.failed else "completed"
        if self.cancelled:
            return "cancelled"
        return "running" if self.total else "pending"

    @property
    def services(self) -> list[str]:
        """The services that are still read, each with how many of its scopes are done: `ec2 3/9`."""
        still = [(service, left) for service, left in self.open.most_common() if left > 0]
        wholes = [(service, left, self.of.get(service, left)) for service, left in still]
        return [f"{service} {whole - left}/{whole}" for service, left, whole in wholes]


@dataclass(frozen=True, slots=True)
class Standing:
    """The board at one moment: rows by cloud and name, what could not be read, and what is done besides."""

    rows: tuple[Row, ...]
    errors: tuple[str, ...]
    stage: Stage
    task: str
    elapsed_s: float
    embedded: tuple[int, int] | None
    closed: bool

    @property
    def share(self) -> float:
        """How much of the scopes is done, 0 to 1."""
        total = sum(row.total for row in self.rows)
        return sum(row.done for row in self.rows) / total if total else 0.0


class Board:
    """Takes the events of a scan (spec/scanner.md section 10). Safe for threads: one tells, another draws."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rows: dict[str, Row] = {}
        self._errors: list[str] = []
        self._stage: Stage = "running"
        self._task, self._elapsed = "finding the regions", 0.0
        self._embedded: tuple[int, int] | None = None
        self._closed = False

    def take(self, event: Mapping[str, Any]) -> bool:
        """Take an event; whether it belongs on the board."""
        take = {
            "scan_started": self._started,
            "scan_planned": self._planned,
            "scan_service_complete": self._done,
            "scan_service_kept": self._done,
            "scan_error": self._error,
            "scan_progress": self._progress,
            "scan_cancelling": self._cancelling,
            "scan_complete": self._ended,
            "scan_cancelled": self._ended,
            "embedding": self._embed,
        }.get(str(event.get("type")))
        if take is None:
            return False
        with self._lock:
            take(event)
        return True

    def close(self) -> None:
        """Nothing more comes: what was done besides has ended."""
        with self._lock:
            self._closed = True

    @property
    def is_empty(self) -> bool:
        """Whether nothing of a scan was heard yet."""
        return not self._rows

    def standing(self) -> Standing:
        """How everything stands now."""
        with self._lock:
            rows = [replace(row, open=row.open.copy()) for row in self._rows.values()]
            rows.sort(key=lambda row: (row.provider, row.name))
            return Standing(
                tuple(rows), tuple(self._errors), self._stage, self._task, self._elapsed, self._embedded, self._closed
            )

    def _started(self, event: Mapping[str, Any]) -> None:
        names = event["account_names"]
        self._rows = {
            account_id: Row(provider, names.get(account_id) or account_id)
            for account_id, provider in event["providers"].items()
        }

    def _planned(self, event: Mapping[str, Any]) -> None:
        row = self._rows[event["account_id"]]
        row.total += event["scopes"]
        row.open.update(event["by_service"])
        for service, scopes in event["by_service"].items():
            row.of[service] = row.of.get(service, 0) + scopes

    def _done(self, event: Mapping[str, Any]) -> None:
        row = self._rows[event["account_id"]]
        row.done += 1
        row.found += event.get("resources_found", 0)
        row.failed += not event.get("success", True)
        row.open[event["service"]] -= 1

    def _error(self, event: Mapping[str, Any]) -> None:
        place = f"{event['account_name'] or event['account_id']} {event['region']} {event['resource_type']}"
        self._errors.append(f"{place}: {event['error']}")

    def _progress(self, event: Mapping[str, Any]) -> None:
        self._task, self._elapsed = event["current_task"], event["elapsed_seconds"]

    def _cancelling(self, event: Mapping[str, Any]) -> None:
        self._stage = "cancelling"

    def _ended(self, event: Mapping[str, Any]) -> None:
        self._stage = _LAST[event["type"]]
        for row in self._rows.values():
            row.cancelled = self._stage == "cancelled"

    def _embed(self, event: Mapping[str, Any]) -> None:
        self._embedded = (event["done"], event["total"])
