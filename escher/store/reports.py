"""Reports in `immutable_reports`, beside the audit trail: written once, and each type of report a hash chain.

A record bears the SHA-256 of its own content and that of the record before it, so a changed or missing report shows.
Types have chains of their own because they expire at different ages: what expires is always the beginning of a chain,
and the hash where the rest goes on stays in the chain's own record, `chain:<type>`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from pydantic_core import from_json, to_json

from escher.contract.audit import GENESIS
from escher.contract.wire import digest
from escher.errors import InvalidInput, NotFound
from escher.store.collections import COLLECTIONS, CollectionName
from escher.store.records import Record
from escher.store.transaction import Transaction
from escher.store.vault import Store

REPORTS: CollectionName = "immutable_reports"
ReportType = Literal["cost", "audit", "compliance", "security", "performance", "morning"]
TYPES: tuple[ReportType, ...] = get_args(ReportType)
# What one transaction expires at most.
BATCH = 500
_REPORT, _CHAIN = "report:", "chain:"


@dataclass(frozen=True, slots=True)
class Report:
    """What was reported on a scope (an account, or `all`) and a period, in which version.

    Times are Unix seconds; the period's end is not part of it. `schema` names the form of `body`.
    """

    report_type: ReportType
    scope: str
    period_start: int
    period_end: int
    generated_at: int
    body: Mapping[str, Any]
    version: int = 1
    schema: str = "1"
    sources: Sequence[str] = ()
    totals: Mapping[str, Any] = field(default_factory=dict[str, Any])
    findings: Sequence[Any] = ()

    @property
    def key(self) -> str:
        """The natural key: type, scope, period and version."""
        period = f"{self.period_start}-{self.period_end}"
        return f"{_REPORT}{self.report_type}:{self.scope}:{period}:{self.version}"


@dataclass(frozen=True, slots=True)
class ChainCheck:
    """What `verify_chain` found: how many reports are in order, and the first place where a chain is broken."""

    ok: bool
    reports: int
    message: str
    first_bad: str = ""


class ReportStore:
    """Adds reports and reads them. Nothing here changes one, and only what is too old goes."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, report: Report) -> str:
        """Keep a report at the end of its type's chain; its natural key. Raises RecordExists, InvalidInput."""
        if report.report_type not in TYPES:
            raise InvalidInput(f"no report is of type {report.report_type!r}.", hint=f"Use one of {', '.join(TYPES)}.")
        with self._store.transaction() as transaction:
            chain = _chain(transaction, report.report_type)
            entries = chain["entries"] + 1
            body = _body(report) | {"entry": entries, "prev_hash": chain["hash"]}
            body["hash"] = digest(body)
            transaction.insert(REPORTS, Record(report.key, body))
            _put_chain(transaction, report.report_type, chain | {"entries": entries, "hash": body["hash"]})
        return report.key

    def get(self, key: str) -> Report:
        """The report with a natural key. Raises NotFound."""
        record = self._store.get(REPORTS, key) if key.startswith(_REPORT) else None
        if record is None:
            raise NotFound(f"there is no report {key!r}.", hint="See: escher report")
        return _report(record.body)

    def query(
        self, *, since: int | None = None, until: int | None = None, limit: int | None = None, **filters: str | int
    ) -> list[Report]:
        """The reports whose period touches the time from `since` to `until`, the last generated first.

        `filters` are fields of the collection, such as `report_type` and `scope`. Raises InvalidInput for another.
        """
        known = COLLECTIONS[REPORTS].filters
        if filters.keys() - known.keys():
            raise InvalidInput(f"reports have no {', '.join(filters)}.", hint=f"Known: {', '.join(sorted(known))}.")
        found = [
            body
            for body in self._bodies()
            if (since is None or body["period_end"] > since)
            and (until is None or body["period_start"] < until)
            and all(body[name] == value for name, value in filters.items())
        ]
        ordered = sorted(found, key=lambda body: (body["generated_at"], body["entry"]))[::-1]
        return [_report(body) for body in ordered[:limit]]

    def verify_chain(self) -> ChainCheck:
        """Whether every report kept is the one that was written, and none is missing but those that expired.

        Raises StoreTampered for what cannot be decrypted at all.
        """
        chains: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for body in self._bodies():
            chains[body["report_type"]].append(body)
        reports = 0
        for type_ in TYPES:
            record = self._store.get(REPORTS, f"{_CHAIN}{type_}")
            bad = _first_break(sorted(chains[type_], key=lambda body: body["entry"]), record and record.body)
            if bad:
                where = f"{type_}:{bad}"
                return ChainCheck(False, reports, f"report {bad} of type {type_} was altered or taken out.", where)
            reports += len(chains[type_])
        return ChainCheck(True, reports, f"{reports} reports, none altered or missing.")

    def expire(self, report_type: ReportType, before: int) -> int:
        """Take out the reports of a type that were generated before then, from the first on; how many.

        What follows a report that is kept is kept too, so that a chain never has a hole.
        """
        oldest_first = sorted(
            (body for body in self._bodies() if body["report_type"] == report_type), key=lambda body: body["entry"]
        )
        expired: list[dict[str, Any]] = []
        for body in oldest_first:
            if body["generated_at"] >= before:
                break
            expired.append(body)
        for start in range(0, len(expired), BATCH):
            self._retire(report_type, expired[start : start + BATCH])
        return len(expired)

    def _retire(self, report_type: ReportType, bodies: Sequence[dict[str, Any]]) -> None:
        with self._store.transaction() as transaction:
            chain = _chain(transaction, report_type)
            last = bodies[-1]
            # Another process may have expired the same ones meanwhile.
            if last["entry"] > chain["retired"]:
                transaction.retire(REPORTS, *(_report(body).key for body in bodies))
                retired = {"retired": last["entry"], "retired_hash": last["hash"]}
                _put_chain(transaction, report_type, chain | retired)

    def _bodies(self) -> Iterable[dict[str, Any]]:
        return (record.body for record in self._store.records(REPORTS) if record.key.startswith(_REPORT))


def take_out(transaction: Transaction, keys: Iterable[str]) -> None:
    """Take out reports wherever they stand, for a purge. Their hashes stay in the chain's record, which bridges the gap."""
    for key in keys:
        record = transaction.get(REPORTS, key)
        if record is not None:
            body = record.body
            chain = _chain(transaction, body["report_type"])
            gaps = chain.get("gaps", {}) | {str(body["entry"]): body["hash"]}
            transaction.retire(REPORTS, key)
            _put_chain(transaction, body["report_type"], chain | {"gaps": gaps})


def _first_break(bodies: Sequence[Mapping[str, Any]], chain: Mapping[str, Any] | None) -> int | None:
    """The number of the first report that is not what its chain says, or None."""
    entry, previous = (chain["retired"], chain["retired_hash"]) if chain else (0, GENESIS)
    gaps = chain.get("gaps", {}) if chain else {}
    for body in bodies:
        entry, previous = _over_gaps(gaps, entry, previous)
        entry += 1
        content = {name: value for name, value in body.items() if name != "hash"}
        if body["entry"] != entry or body["prev_hash"] != previous or digest(content) != body["hash"]:
            return entry
        previous = body["hash"]
    entry, previous = _over_gaps(gaps, entry, previous)
    ends = (chain["entries"], chain["hash"]) if chain else (0, GENESIS)
    return None if ends == (entry, previous) else entry + 1


def _over_gaps(gaps: Mapping[str, str], entry: int, previous: str) -> tuple[int, str]:
    """Go on behind the reports that were taken out on purpose: the last one's number and hash."""
    while (hash_ := gaps.get(str(entry + 1))) is not None:
        entry, previous = entry + 1, hash_
    return entry, previous


def _chain(transaction: Transaction, report_type: ReportType) -> dict[str, Any]:
    record = transaction.get(REPORTS, f"{_CHAIN}{report_type}")
    new = {"entries": 0, "hash": GENESIS, "retired": 0, "retired_hash": GENESIS}
    return new if record is None else record.body


def _put_chain(transaction: Transaction, report_type: ReportType, chain: dict[str, Any]) -> None:
    transaction.put(REPORTS, Record(f"{_CHAIN}{report_type}", chain))


def _body(report: Report) -> dict[str, Any]:
    """The record's body as it will be read again, for its hash to be the same then."""
    return from_json(to_json({name: getattr(report, name) for name in Report.__slots__}))


def _report(body: Mapping[str, Any]) -> Report:
    values: dict[str, Any] = {name: body[name] for name in Report.__slots__}
    values |= {name: tuple(values[name]) for name in ("sources", "findings")}
    return Report(**values)
