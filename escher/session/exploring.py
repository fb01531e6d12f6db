"""What is known of an estate besides its rows: how complete it is, what changed, how things hang together."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from escher.contract.changes import Change
from escher.contract.estate import Resource
from escher.contract.marks import FIELDS, Mark, MarkEffect, mark
from escher.contract.relations import Affected, Graph
from escher.errors import InvalidInput, NotFound

if TYPE_CHECKING:
    from escher.inventory.frame import EstateFrame
    from escher.session.wiring import Parts
    from escher.store.history import ScanHistory, ScanRun

_SPAN = re.compile(r"(\d+)\s*([mhdw])")
_DIGITS_OF_A_SCAN = 12
_SECONDS = {"m": 60, "h": 3_600, "d": 86_400, "w": 604_800}


class OwnedResource:
    """One resource, with its ties. Its fields are those of `Resource`."""

    def __init__(self, resource: Resource, graph: Graph) -> None:
        self.resource, self._graph = resource, graph

    def __getattr__(self, name: str) -> Any:
        return getattr(self.resource, name)

    def related(self, depth: int = 1) -> EstateFrame:
        """What it is tied to, in either direction, up to so many ties away."""
        return _frame(self._graph.related(self.resource, depth))

    def ties(self) -> list[dict[str, str]]:
        """Each tie as `source`, `verb`, `target`, by natural key."""
        return [asdict(tie) for tie in self._graph.ties(self.resource)]

    def blast_radius(self) -> EstateFrame:
        """All that would feel a change of it, the nearest first."""
        return _frame([one.resource for one in self._graph.blast_radius([self.resource])])

    def __repr__(self) -> str:
        return f"OwnedResource({self.resource.resource_type})"


class Exploring:
    """Looks around in what is stored; asks no cloud."""

    def __init__(self, parts: Parts) -> None:
        self._parts, self._estate = parts, parts.estate

    def resource(self, word: str) -> OwnedResource:
        """The resource with this id, identifier or name. Raises NotFound, and InvalidInput when several have it."""
        known = self._estate.snapshot().resources.values()
        found = [one for one in known if word in (one.resource_id, one.natural_key)]
        found = found or [one for one in known if word == one.identifier]
        found = found or [one for one in known if word == one.name]
        if not found:
            raise NotFound(f"there is no resource {word!r}.", hint="See: escher search")
        if len(found) > 1:
            ids = ", ".join(one.resource_id for one in found[:5])
            raise InvalidInput(f"{len(found)} resources are called {word!r}.", hint=f"Say which: {ids}")
        return OwnedResource(found[0], Graph(known))

    def blast_radius(self, words: Sequence[str]) -> list[Affected]:
        """All that would feel a change of these resources, the nearest first. Raises NotFound, InvalidInput."""
        targets = [self.resource(word).resource for word in words]
        return Graph(self._estate.snapshot().resources.values()).blast_radius(targets)

    def changes(self, since: str | int = "7d", until: str | int | None = None) -> EstateFrame:
        """What scans found changed: a row for each field that did, and for each resource that appeared or vanished.

        Both ends are a span back from now (`90m`, `12h`, `7d`), a moment (ISO 8601 or Unix seconds) or a scan's id; a
        scan stands for the state that it found. Columns: at, scan_id, change, field, before, after, and whose it is.
        """
        start, end = self._moment(since), None if until is None else self._moment(until)
        end = end + 1 if isinstance(end, int) else end
        rows = [
            row for found in self._history.changes(start, end) for row in _rows(found.at, found.scan_id, found.change)
        ]
        from escher.inventory.frame import EstateFrame

        frame = EstateFrame(rows, columns=list(CHANGE_COLUMNS))
        frame["at"] = frame["at"].astype("datetime64[s]")
        return frame

    def scans(self) -> list[dict[str, Any]]:
        """Every scan that is remembered, the newest first."""
        return [asdict(run) for run in self._history.runs()]

    def coverage(self) -> list[dict[str, Any]]:
        """Each scope: status, count, age in seconds (None: never seen whole) and what stood in the way."""
        now = int(time.time())
        rows = [asdict(scope) for scope in self._estate.scopes()]
        for row in rows:
            row["age_seconds"] = max(0, now - row["scanned_at"]) if row["scanned_at"] else None
        return sorted(rows, key=lambda row: (row["status"] == "complete", row["provider"], row["account_id"]))

    def facets(self, field: str) -> dict[str, int]:
        """How many resources have each value of a column or a tag (`tags.env`). Raises InvalidInput for another field."""
        column, _, tag = field.partition(".")
        if (column != "tags" or not tag) and (field not in Resource.__slots__ or field in _UNCOUNTABLE):
            raise InvalidInput(f"nothing can be counted by {field!r}.", hint="Try kind, region, state or tags.env.")
        from collections import Counter

        known = self._estate.snapshot().resources.values()
        values = (one.tags.get(tag) if tag else getattr(one, field) for one in known)
        return dict(Counter(str(value) for value in values if value is not None).most_common())

    def marks(self) -> list[Mark]:
        """The lists of what is left out and of what is protected."""
        return self._estate.marks()

    def add_mark(self, effect: MarkEffect, pattern: str) -> Mark:
        """Put a pattern on a list; it holds from now on. Raises InvalidInput."""
        new = mark(effect, pattern)
        self._estate.put_mark(new)
        self._parts.record("mark_added", f"{effect}:{pattern.partition(':')[0]}")
        return new

    def remove_mark(self, effect: MarkEffect, pattern: str) -> Mark:
        """Take a pattern off a list. Raises NotFound, InvalidInput."""
        old = mark(effect, pattern)
        if not self._estate.remove_mark(old):
            raise NotFound(f"{pattern!r} is not on the list.", hint=f"Fields: {', '.join(FIELDS)}.")
        self._parts.record("mark_removed", f"{effect}:{pattern.partition(':')[0]}")
        return old

    @property
    def _history(self) -> ScanHistory:
        from escher.store.history import ScanHistory

        return ScanHistory(self._parts.store)

    def _scan(self, word: str) -> ScanRun | None:
        """The scan with this id, or with an id that begins like this."""
        found = [run for run in self._history.runs() if run.scan_id.startswith(word)]
        return found[0] if len(found) == 1 and len(word) >= _DIGITS_OF_A_SCAN else None

    def _moment(self, when: str | int) -> int | ScanRun:
        if isinstance(when, int):
            return when
        span = _SPAN.fullmatch(when.strip())
        if span:
            return int(time.time()) - int(span[1]) * _SECONDS[span[2]]
        run = self._scan(when)
        if run:
            return run
        try:
            moment = datetime.fromisoformat(when)
        except ValueError:
            raise InvalidInput(f"{when!r} is no moment.", hint="Write 12h, 7d, 2026-01-31 or a scan's id.") from None
        return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())


CHANGE_COLUMNS = (
    "at", "scan_id", "change", "field", "before", "after", "provider", "account_id", "region", "resource_type",
    "resource_id", "name",
)  # fmt: skip
_UNCOUNTABLE = frozenset({"tags", "attributes", "constraints", "iam", "relations"})


def _rows(at: int, scan_id: str, change: Change) -> list[dict[str, Any]]:
    whose = {name: getattr(change, name) for name in CHANGE_COLUMNS[6:]}
    what = {"at": at, "scan_id": scan_id, "change": change.what}
    none = {"field": "", "before": None, "after": None}
    fields = [{"field": one.name, "before": one.before, "after": one.after} for one in change.fields] or [none]
    return [what | one | whose for one in fields]


def _frame(resources: Sequence[Resource]) -> EstateFrame:
    from escher.inventory import frame

    return frame.frame(resources)
