"""What is too old goes, once a day: the only place that takes anything out of an append-only collection by age.

Conversations go as a whole by their last activity, reports from the beginning of their chains; the audit trail never.
Each transaction is bounded, so that nobody who writes meanwhile waits long (spec/storage.md section 12).
"""

from __future__ import annotations

from dataclasses import astuple, dataclass

from escher.contract.alerts import Setting
from escher.settings import Settings
from escher.store.alerts import AlertStore
from escher.store.chat import ChatStore
from escher.store.estate import EstateStore
from escher.store.history import ScanHistory
from escher.store.playbooks import PlaybookStore
from escher.store.reports import TYPES, ReportStore, ReportType
from escher.store.vault import Store

DAY = 86_400
_DONE = Setting(name="last_expiry", value=0)
# What is proof of something is kept as long as audit reports; the others are about money and are superseded.
_PROOFS: frozenset[ReportType] = frozenset({"audit", "compliance", "security"})


@dataclass(frozen=True, slots=True)
class Expired:
    """How many went: conversations, reports, playbooks deleted long ago, duplicates and unseen resources of the estate,
    scans of long ago with the changes that they found.
    """

    chat_history: int = 0
    immutable_reports: int = 0
    user_playbooks: int = 0
    duplicates: int = 0
    unseen: int = 0
    scans: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return sum(astuple(self))


def is_due(store: Store, now: int) -> bool:
    """Whether a day has passed since the last time, or the clock was set back behind it. `now` is Unix seconds."""
    record = store.get("alerts_events", _DONE.key)
    last = record.body["value"] if record else 0
    return not last <= now < last + DAY


def expire(store: Store, now: int, settings: Settings, estate: EstateStore | None = None) -> Expired:
    """Take out what is too old by these settings, and remember when that was. `now` is Unix seconds.

    May be stopped at any moment and begun again. Give the `estate` that is in memory already, if there is one.
    """
    estate = estate or EstateStore(store)
    reports = ReportStore(store)
    expired = Expired(
        chat_history=ChatStore(store).expire(now - settings.chat_days * DAY),
        immutable_reports=sum(reports.expire(type_, now - _days(type_, settings) * DAY) for type_ in TYPES),
        user_playbooks=PlaybookStore(store).expire(now),
        duplicates=estate.cleanup_duplicates(),
        unseen=estate.cleanup_unseen(now),
        scans=ScanHistory(store).forget(now),
    )
    AlertStore(store).add(_DONE.model_copy(update={"value": now}), now)
    return expired


def _days(report_type: ReportType, settings: Settings) -> int:
    return settings.audit_report_days if report_type in _PROOFS else settings.cost_report_days
