"""How a running scan looks: a line for each account with its bar, and under it the services that are still read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

BAR = 24
MOST_SERVICES = 6
MOST_ERRORS = 5


@dataclass(slots=True)
class _Row:
    """One account's course."""

    provider: str
    name: str
    total: int = 0
    done: int = 0
    found: int = 0
    failed: int = 0
    kept: int = 0
    open: Counter[str] = field(default_factory=Counter)
    of: dict[str, int] = field(default_factory=dict)


class Board:
    """Takes the events of a scan (spec/scanner.md section 10); can be drawn at any moment."""

    def __init__(self) -> None:
        self._rows: dict[str, _Row] = {}
        self._errors: list[str] = []
        self._task = "finding the regions"
        self._elapsed = 0.0

    def take(self, event: Mapping[str, Any]) -> bool:
        """Take an event; whether it was one of a scan."""
        take = {
            "scan_started": self._started,
            "scan_planned": self._planned,
            "scan_service_complete": self._done,
            "scan_service_kept": self._kept,
            "scan_error": self._error,
            "scan_progress": self._progress,
        }.get(str(event.get("type")))
        if take is not None:
            take(event)
        return take is not None

    @property
    def is_empty(self) -> bool:
        """Whether nothing of a scan was heard yet."""
        return not self._rows

    def __rich__(self) -> RenderableType:
        table = Table(box=None, padding=(0, 1), show_header=False)
        for row in sorted(self._rows.values(), key=lambda row: (row.provider, row.name)):
            table.add_row(
                row.provider, row.name, _bar(row), f"{row.done}/{row.total}", f"{row.found:,} found", _open(row)
            )
        lines: list[RenderableType] = [table]
        lines += [Text(f"  {error}", style="red") for error in self._errors[-MOST_ERRORS:]]
        more = len(self._errors) - MOST_ERRORS
        lines += [Text(f"  and {more} more scopes that were not seen whole")] if more > 0 else []
        lines.append(Text(f"  {self._elapsed:.0f} s · {self._task}", style="dim"))
        return Group(*lines)

    def _started(self, event: Mapping[str, Any]) -> None:
        names = event["account_names"]
        self._rows = {
            account_id: _Row(provider, names.get(account_id) or account_id)
            for account_id, provider in event["providers"].items()
        }

    def _planned(self, event: Mapping[str, Any]) -> None:
        row = self._rows[event["account_id"]]
        row.total += event["scopes"]
        row.open.update(event["by_service"])
        row.of |= event["by_service"]

    def _done(self, event: Mapping[str, Any]) -> None:
        row = self._rows[event["account_id"]]
        row.done += 1
        row.found += event["resources_found"]
        row.failed += not event["success"]
        row.open[event["service"]] -= 1

    def _kept(self, event: Mapping[str, Any]) -> None:
        row = self._rows[event["account_id"]]
        row.done += 1
        row.kept += 1
        row.open[event["service"]] -= 1

    def _error(self, event: Mapping[str, Any]) -> None:
        place = f"{event['account_name'] or event['account_id']} {event['region']} {event['resource_type']}"
        self._errors.append(f"{place}: {event['error']}")

    def _progress(self, event: Mapping[str, Any]) -> None:
        self._task, self._elapsed = event["current_task"], event["elapsed_seconds"]


def _bar(row: _Row) -> Text:
    full = round(BAR * row.done / row.total) if row.total else 0
    return Text("█" * full + "░" * (BAR - full), style="yellow" if row.failed else "cyan")


def _open(row: _Row) -> str:
    if not row.total:
        return "asking who is there"
    still = [(service, left) for service, left in row.open.most_common() if left > 0]
    words = [f"{service} {row.of.get(service, left) - left}/{row.of.get(service, left)}" for service, left in still]
    ended = f"{row.failed} not seen whole" if row.failed else "done"
    return " · ".join(words[:MOST_SERVICES]) + (" …" if len(words) > MOST_SERVICES else "") if words else ended
