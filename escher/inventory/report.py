"""What a scan found, and how complete that is."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

from escher.contract.estate import Scope


@dataclass(frozen=True, slots=True)
class Counts:
    """How many resources were seen: in all, and by type, region and account with the commonest first."""

    found: int
    by_type: dict[str, int]
    by_region: dict[str, int]
    by_account: dict[str, int]


@dataclass(frozen=True, slots=True)
class ScanReport:
    """One pass over the estate. Times are Unix seconds.

    `scopes` are those that were read, and the `kept` ones that were fresh enough to be left as they are. The counts are
    of what was read. `appeared`, `changed` and `deleted` are against what was known before, in scopes that were seen
    whole before. `ignored` are those that the user wants left
    out. `calls` are the requests that were sent, `throttled` those answered with "slower". `notices` say what
    belongs to no scope, such as a wanted region that is off.
    """

    scan_id: str
    scan_type: Literal["full", "incremental", "quick", "service"]
    status: Literal["completed", "cancelled"]
    started_at: int
    duration_ms: int
    scopes: tuple[Scope, ...]
    counts: Counts
    deleted: int
    kept: int
    appeared: int = 0
    changed: int = 0
    ignored: int = 0
    calls: int = 0
    throttled: int = 0
    notices: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether every scope was seen whole."""
        return self.status == "completed" and all(scope.status == "complete" for scope in self.scopes)

    @property
    def errors(self) -> tuple[str, ...]:
        """What could not be read, a sentence for each cause."""
        return tuple(dict.fromkeys([*self.notices, *(scope.error for scope in self.scopes if scope.error)]))

    def summary(self) -> str:
        """The report for people: what was found, how complete that is, and a line for each cause of a gap."""
        found = f"{self.counts.found:,} resources in {len(self.counts.by_account):,} accounts"
        ended = "Scan cancelled: kept" if self.status == "cancelled" else "Scanned:"
        partial = sum(scope.status != "complete" for scope in self.scopes)
        how = (
            "nothing to see"
            if not self.scopes
            else f"{partial:,} of them not seen whole"
            if partial
            else "all seen whole"
        )
        news = f"{self.appeared:,} new, {self.changed:,} changed, {self.deleted:,} gone"
        kept = f" · {self.kept:,} read before" if self.kept else ""
        return "\n".join(
            [
                f"{ended} {found}, in {self.duration_ms / 1_000:.1f} s and {self.calls:,} calls.",
                f"{len(self.scopes):,} scopes, {how}{kept} · {news}",
                *self.errors,
            ]
        )

    def document(self) -> dict[str, Any]:
        """The report as JSON, with the age of each scope in seconds at the end of the scan."""
        now = self.started_at + self.duration_ms // 1_000
        return {
            "scan_id": self.scan_id,
            "scan_type": self.scan_type,
            "status": self.status,
            "complete": self.complete,
            "started_at": self.started_at,
            "duration_ms": self.duration_ms,
            "calls": self.calls,
            "throttled": self.throttled,
            "ignored": self.ignored,
            "counts": asdict(self.counts)
            | {
                "appeared": self.appeared,
                "changed": self.changed,
                "deleted": self.deleted,
                "kept_scopes": self.kept,
            },
            "scopes": [asdict(scope) | {"age_seconds": _age(scope, now)} for scope in self.scopes],
            "errors": list(self.errors),
            "age_seconds": max((_age(scope, now) or 0 for scope in self.scopes), default=0),
        }


def _age(scope: Scope, now: int) -> int | None:
    return max(0, now - scope.scanned_at) if scope.scanned_at else None
