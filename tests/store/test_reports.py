"""Reports are written once, chained, and expire from the beginning only."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from escher.contract.audit import AuditEvent
from escher.errors import InvalidInput, NotFound, RecordExists
from escher.ledger.ledger import Ledger
from escher.store.collections import COLLECTIONS
from escher.store.records import Record
from escher.store.reports import REPORTS, Report, ReportStore
from escher.store.vault import Store

DAY = 86_400
COST = Report(
    "cost", "all", 0, DAY, 2 * DAY, {"lines": [{"ServiceName": "EC2", "BilledCost": 12.5}]},
    sources=("ce",), totals={"BilledCost": 12.5}, findings=("idle",),
)  # fmt: skip


@pytest.fixture
def reports(store: Store) -> ReportStore:
    """No reports yet."""
    return ReportStore(store)


def _daily(number: int, report_type: str = "cost") -> Report:
    return replace(
        COST,
        report_type=report_type,  # type: ignore[arg-type] the tests use those that exist
        period_start=number * DAY,
        period_end=(number + 1) * DAY,
        generated_at=(number + 1) * DAY,
    )


def test_a_report_comes_back_as_it_was(reports: ReportStore, store: Store) -> None:
    """By its natural key, with every declared field filled."""
    key = reports.add(COST)
    assert key == f"report:cost:all:0-{DAY}:1" and reports.get(key) == COST
    record = store.get(REPORTS, key)
    assert record is not None
    assert [name for name in COLLECTIONS[REPORTS].fields if record.body[name] in (None, "", [], {})] == []


def test_a_report_is_never_written_twice(reports: ReportStore, store: Store) -> None:
    """Type, scope, period and version are one report; another version is another one. There is no way to change it."""
    key = reports.add(COST)
    with pytest.raises(RecordExists):
        reports.add(replace(COST, body={"lines": []}))
    with pytest.raises(RecordExists), store.transaction() as transaction:
        transaction.put(REPORTS, Record(key, {}))
    with pytest.raises(RecordExists), store.transaction() as transaction:
        transaction.delete(REPORTS, key)
    reports.add(replace(COST, version=2))
    assert [report.version for report in reports.query(scope="all")] == [2, 1]
    assert reports.verify_chain().ok


def test_reports_are_found_by_type_scope_and_period(reports: ReportStore) -> None:
    """The last generated comes first; a period counts when it touches the time asked for."""
    for number in range(5):
        reports.add(_daily(number))
    reports.add(_daily(1, "security"))
    assert [report.period_start // DAY for report in reports.query(report_type="cost")] == [4, 3, 2, 1, 0]
    assert [report.period_start // DAY for report in reports.query(since=2 * DAY, until=4 * DAY)] == [3, 2]
    assert len(reports.query(limit=2)) == 2 and reports.query(scope="123") == []
    with pytest.raises(InvalidInput, match="no colour"):
        reports.query(colour="red")
    with pytest.raises(InvalidInput, match="'gossip'"):
        reports.add(_daily(1, "gossip"))
    with pytest.raises(NotFound):
        reports.get("report:cost:all:1-2:1")


@pytest.mark.parametrize("number", [1, 3, 5])
def test_a_changed_report_is_named(reports: ReportStore, store: Store, number: int) -> None:
    """Whoever has the keys and writes another body under the same key is found out, wherever in the chain."""
    keys = [reports.add(_daily(day)) for day in range(5)]
    record = store.get(REPORTS, keys[number - 1])
    assert record is not None and reports.verify_chain().ok
    with store.transaction() as transaction:
        transaction.retire(REPORTS, record.key)
        transaction.insert(REPORTS, Record(record.key, record.body | {"totals": {"BilledCost": 1.0}}))
    check = reports.verify_chain()
    assert (check.ok, check.first_bad) == (False, f"cost:{number}")


@pytest.mark.parametrize("number", [1, 3, 5])
def test_a_missing_report_is_named(reports: ReportStore, store: Store, number: int) -> None:
    """The first, one in the middle, the last: none can be taken out unseen."""
    keys = [reports.add(_daily(day)) for day in range(5)]
    with store.transaction() as transaction:
        transaction.retire(REPORTS, keys[number - 1])
    check = reports.verify_chain()
    assert (check.ok, check.first_bad) == (False, f"cost:{number}")


def test_what_expired_is_the_beginning_and_the_rest_still_holds(
    reports: ReportStore, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The chain is anchored where it goes on; also in several transactions, and down to nothing."""
    monkeypatch.setattr("escher.store.reports.BATCH", 2)
    for number in range(7):
        reports.add(_daily(number))
        reports.add(_daily(number, "audit"))
    assert reports.expire("cost", before=6 * DAY) == 5
    assert [report.period_start // DAY for report in reports.query(report_type="cost")] == [6, 5]
    assert reports.verify_chain().reports == 9
    assert reports.expire("cost", before=100 * DAY) == 2
    reports.add(_daily(9))
    check = reports.verify_chain()
    assert (check.ok, check.reports) == (True, 8)
    [last] = reports.query(report_type="cost")
    with store.transaction() as transaction:
        transaction.retire(REPORTS, last.key)
    assert not reports.verify_chain().ok


def test_a_report_that_is_kept_keeps_what_follows_it(reports: ReportStore) -> None:
    """A clock set back makes no hole: an old report behind a young one stays until both may go."""
    reports.add(_daily(50))
    reports.add(_daily(1))
    assert reports.expire("cost", before=10 * DAY) == 0
    assert reports.verify_chain() == replace(reports.verify_chain(), ok=True, reports=2)


def test_reports_and_the_audit_trail_share_a_collection_unmixed(reports: ReportStore, store: Store) -> None:
    """An audit report is no entry of the trail, and an entry no report."""
    ledger = Ledger(store)
    for number in range(3):
        ledger.append(AuditEvent(type="started", at="2026-01-02T03:04:05Z", actor="ana", subject=f"run-{number}"))
        reports.add(_daily(number, "audit"))
    assert ledger.verify().entries == 3 and ledger.verify().status == "ok"
    assert len(reports.query(report_type="audit")) == 3 and reports.verify_chain().ok
    assert reports.expire("audit", before=100 * DAY) == 3
    assert ledger.verify().entries == 3 and ledger.verify().status == "ok"


def test_threads_extend_one_chain(reports: ReportStore) -> None:
    """Those who add at once continue each other's reports."""

    def add(scope: str) -> None:
        for number in range(10):
            reports.add(replace(_daily(number), scope=scope))

    threads = [threading.Thread(target=add, args=(scope,)) for scope in ("a", "b", "c")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    check = reports.verify_chain()
    assert (check.ok, check.reports) == (True, 30)
