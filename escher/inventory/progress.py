"""The events of a running scan (spec/scanner.md section 10), told to whoever watches."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from escher.contract.ports import Progress
from escher.inventory.plan import Unit
from escher.inventory.reading import Reading
from escher.inventory.report import ScanReport

INTERVAL_SECONDS = 0.5


class ScanProgress:
    """Counts what is done and tells it: each finished scope at once, the progress at most every half second."""

    def __init__(self, scan_id: str, scan_type: str, tell: Progress, clock: Callable[[], float]) -> None:
        self._facts = {"scan_id": scan_id, "scan_type": scan_type}
        self._tell = tell
        self._clock = clock
        self._started = self._told = clock()
        self._total = self._completed = self._found = 0
        self._latest: Unit | None = None

    def started(self, accounts: Sequence[str], regions: Sequence[str], types: Sequence[str]) -> None:
        """The scan begins; no regions: all that are on."""
        facts = {"accounts": list(accounts), "regions": list(regions), "services": list(types)}
        self._emit("scan_started", **facts, started_at=int(self._started))

    def planned(self, units: int) -> None:
        """That many more scopes are going to be read."""
        self._total += units

    def unit_started(self, unit: Unit) -> None:
        """The reading of a scope begins."""
        self._latest = unit

    def unit_done(self, reading: Reading, error: str) -> None:
        """A scope was read as far as it could be."""
        self._completed += 1
        self._found += len(reading.resources)
        place = _place(reading.unit)
        if error:
            self._emit("scan_error", **place, error=error, timestamp=int(self._clock()), continue_scanning=True)
        self._emit(
            "scan_service_complete",
            **place,
            resources_found=len(reading.resources),
            duration_ms=reading.duration_ms,
            success=reading.complete,
            error=error,
        )

    def is_due(self) -> bool:
        """Whether half a second has gone by since the progress was told."""
        return self._clock() - self._told >= INTERVAL_SECONDS

    def tick(self) -> None:
        """Tell how far the scan is, if that is due."""
        if not self.is_due():
            return
        now = self._told = self._clock()
        type_, region = (self._latest.declared.name, self._latest.region) if self._latest else ("", "")
        self._emit(
            "scan_progress",
            status="running",
            total_services=self._total,
            completed_services=self._completed,
            current_service=type_,
            current_region=region,
            resources_found=self._found,
            percent_complete=round(100 * self._completed / self._total, 1) if self._total else 0.0,
            current_task=f"{type_} in {region}" if self._latest else "finding the regions",
            elapsed_seconds=round(now - self._started, 1),
        )

    def ended(self, report: ScanReport) -> None:
        """The scan is over, or was cancelled."""
        failed = sum(scope.status != "complete" for scope in report.scopes)
        summary = {
            "found": report.counts.found,
            "deleted": report.deleted,
            "scopes": len(report.scopes),
            "failed": failed,
        }
        if report.status == "cancelled":
            self._emit("scan_cancelled", reason="cancelled by the user", summary=summary)
            return
        self._emit(
            "scan_complete",
            status=report.status,
            started_at=report.started_at,
            duration_ms=report.duration_ms,
            summary=summary,
            errors=list(report.errors),
        )

    def _emit(self, event: str, **facts: Any) -> None:
        self._tell({"type": event, **self._facts, **facts})


def _place(unit: Unit) -> Mapping[str, str]:
    return {
        "account_id": unit.account.account_id,
        "account_name": unit.account.name,
        "region": unit.region,
        "service": unit.declared.service,
        "resource_type": unit.declared.name,
    }
