"""What is too old goes, and nothing else does."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from escher.contract.audit import AuditEvent
from escher.contract.context import Digest
from escher.contract.estate import Resource
from escher.ledger.ledger import Ledger
from escher.session import retaining
from escher.session.session import Session
from escher.session.wiring import Parts
from escher.settings import Settings
from escher.store.chat import ChatStore
from escher.store.estate import EstateStore
from escher.store.playbooks import PlaybookStore
from escher.store.reports import Report, ReportStore
from escher.store.retention import DAY, Expired, expire, is_due
from escher.store.vault import Store

NOW = 1_700_000_000
EXPIRING = """
import sys
from pathlib import Path
from escher.settings import Settings
from escher.store import reports
from escher.store.retention import expire
from escher.store.vault import Store
reports.BATCH = 1
settings = Settings(home=Path(sys.argv[1]), passphrase_file=Path(sys.argv[2]))
with Store.open(settings) as store:
    expire(store, int(sys.argv[3]), settings)
"""
LIMITS = Settings(home=Path("unused"), chat_days=90, cost_report_days=90, audit_report_days=365)


def _report(report_type: str, age_days: float) -> Report:
    at = NOW - int(age_days * DAY)
    return Report(report_type, "all", at - DAY, at, at, {"lines": []})  # type: ignore[arg-type] the tests use those that exist


def test_each_collection_loses_what_its_limit_says(store: Store, resource: Callable[..., Resource]) -> None:
    """Conversations and cost reports after 90 days, audit reports after a year, the audit trail never."""
    chat, reports, estate, ledger = ChatStore(store), ReportStore(store), EstateStore(store), Ledger(store)
    for name, age in (("old", 90.01), ("young", 89.99)):
        chat.append(name, Digest(role="user", content="hello"), NOW - 200 * DAY)
        chat.append(name, Digest(role="assistant", content="hello"), NOW - int(age * DAY))
    for report in (_report("cost", 91), _report("cost", 89), _report("audit", 366), _report("audit", 364)):
        reports.add(report)
    ledger.append(AuditEvent(type="started", at="2001-01-01T00:00:00Z", actor="ana", subject="run-1"))
    estate.upsert([resource(1, last_synced=NOW), resource(2, last_synced=NOW - 8 * DAY)])
    estate.upsert([resource(1, region="eu-west-1", last_synced=NOW - DAY)])

    assert expire(store, NOW, LIMITS) == Expired(chat_history=1, immutable_reports=2, duplicates=1, unseen=1)

    assert [context["context_id"] for context in chat.contexts()] == ["young"]
    assert len(chat.history("young")) == 2 and store.count("chat_history") == 3
    assert [report.report_type for report in reports.query()] == ["cost", "audit"]
    assert reports.verify_chain().reports == 2 and reports.verify_chain().ok
    assert set(estate.snapshot().resources) == {resource(1).natural_key}
    assert (ledger.verify().status, ledger.verify().entries) == ("ok", 1)
    assert expire(store, NOW, LIMITS).total == 0


def test_an_empty_store_has_nothing_to_lose(store: Store) -> None:
    """Nothing goes, and it is remembered that somebody looked."""
    assert is_due(store, NOW)
    assert expire(store, NOW, LIMITS).total == 0
    assert not is_due(store, NOW) and not is_due(store, NOW + DAY - 1)
    assert is_due(store, NOW + DAY)
    assert is_due(store, NOW - 1), "a clock set back must not put it off for ever"
    assert PlaybookStore(store).versions("any") == []


def test_an_interrupted_expiry_is_taken_up_again(store: Store, settings: Settings) -> None:
    """Killed in the middle: what went is gone, the chain holds where it stands, and the rest goes the next time."""
    reports, many = ReportStore(store), 300
    for age in range(100 + many, 100, -1):
        reports.add(_report("cost", age))
    words = [sys.executable, "-c", EXPIRING, str(settings.home), str(settings.passphrase_file), str(NOW)]
    with subprocess.Popen(words) as expiring:
        while store.count("immutable_reports") > many - 5 and expiring.poll() is None:
            pass
        expiring.kill()
    left = len(reports.query())
    assert 0 < left < many and reports.verify_chain().ok and is_due(store, NOW)
    assert expire(store, NOW, LIMITS).immutable_reports == left
    assert reports.verify_chain().ok


@pytest.fixture
def parts(store: Store, settings: Settings) -> Parts:
    """A session's parts around a store."""
    return Parts(settings, store)


def test_a_session_writes_down_what_went(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the background, after a while, once a day; the audit trail has the counts."""
    ChatStore(parts.store).append("old", Digest(role="user", content="hello"), 1)
    monkeypatch.setattr(retaining, "DELAY_S", 0)
    retention = retaining.Retention(parts)
    retention.begin()
    retention._thread.join(timeout=30)
    [entry] = parts.ledger.entries()
    assert (entry.event.type, entry.event.details["chat_history"]) == ("expired", 1)
    assert ChatStore(parts.store).contexts() == []
    ChatStore(parts.store).append("old", Digest(role="user", content="hello"), 1)
    assert retention.attempt() == Expired() and len(ChatStore(parts.store).contexts()) == 1


def test_a_short_session_expires_nothing(parts: Parts) -> None:
    """A session closed before its time leaves everything, and waits for nothing."""
    ChatStore(parts.store).append("old", Digest(role="user", content="hello"), 1)
    with Session(parts):
        pass
    with Store.open(parts.settings) as again:
        assert len(ChatStore(again).contexts()) == 1


def test_a_closed_store_does_not_disturb_the_session(parts: Parts) -> None:
    """When it cannot be done, nothing is raised where nobody waits for it."""
    parts.store.close()
    assert retaining.Retention(parts).attempt() is None
