"""The events of a running scan (spec/scanner.md section 10), told to whoever watches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from escher.contract.estate import Account, Scope
from escher.contract.ports import Progress
from escher.inventory.reading import Reading
from escher.inventory.report import ScanReport
from escher.providers.source import Unit

INTERVAL_SECONDS = 0.5


class ScanProgress:
    """Counts what is done and tells it: each finished scope at once, the progress at most every half second."""

    def __init__(self, scan_id: str, scan_type: str, tell: Progress, clock: Callable[[], float]) -> None:
        self._facts = {"scan_id": scan_id, "scan_type": scan_type}
        self._tell = tell
        self._clock = clock
        self._started = self._told = clock()
        self._total = self._completed = self._found = 0
        self._type = self._region = self._task = ""

    def started(self, accounts: Sequence[Account], regions: Sequence[str], types: Sequence[str]) -> None:
        """The scan begins; no regions: all that are on."""
        facts = {
            "accounts": [account.account_id for account in accounts],
            "account_names": {account.account_id: account.name for account in accounts},
            "providers": {account.account_id: account.provider for account in accounts},
            "regions": list(regions),
            "services": list(types),
        }
        self._emit("scan_started", **facts, started_at=int(self._started))

    def planned(self, units: Sequence[Unit]) -> None:
        """These scopes are going to be read."""
        self._total += len(units)
        if units:
            account = units[0].account
            by_service = Counter(unit.declared.service for unit in units)
            place = {"provider": account.provider, "account_id": account.account_id, "account_name": account.name}
            self._emit("scan_planned", **place, scopes=len(units), by_service=dict(by_service))

    def unit_started(self, unit: Unit) -> None:
        """The reading of a scope begins."""
        self._type, self._region = unit.declared.name, unit.region
        self._task = f"{self._type} in {self._region}"

    def unit_kept(self, unit: Unit) -> None:
        """A scope was read before this scan was broken off."""
        self._completed += 1
        self._emit("scan_service_kept", **_place(unit))

    def task(self, words: str) -> None:
        """What is done besides reading scopes."""
        self._type, self._region, self._task = "", "", words

    def unit_done(self, reading: Reading, scope: Scope) -> None:
        """A scope was read as far as it could be, and stored."""
        self._completed += 1
        self._found += scope.count
        error, place = scope.error, _place(reading.unit)
        if error:
            self._emit("scan_error", **place, error=error, timestamp=int(self._clock()), continue_scanning=True)
        self._emit(
            "scan_service_complete",
            **place,
            resources_found=scope.count,
            duration_ms=reading.duration_ms,
            success=scope.status == "complete",
            error=error,
        )

    def tick(self) -> None:
        """Tell how far the scan is, if half a second has gone by since it was told."""
        if self._clock() - self._told < INTERVAL_SECONDS:
            return
        now = self._told = self._clock()
        self._emit(
            "scan_progress",
            status="running",
            total_services=self._total,
            completed_services=self._completed,
            current_service=self._type,
            current_region=self._region,
            resources_found=self._found,
            percent_complete=round(100 * self._completed / self._total, 1) if self._total else 0.0,
            current_task=self._task or "finding the regions",
            elapsed_seconds=round(now - self._started, 1),
        )

    def ended(self, report: ScanReport) -> None:
        """The scan is over, or was cancelled."""
        failed = sum(scope.status != "complete" for scope in report.scopes)
        summary = {
            "found": report.counts.found,
            "appeared": report.appeared,
            "updated": report.changed,
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
        "provider": unit.account.provider,
        "account_id": unit.account.account_id,
        "account_name": unit.account.name,
        "region": unit.region,
        "service": unit.declared.service,
        "resource_type": unit.declared.name,
    }
