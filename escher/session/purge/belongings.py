"""Which records belong to an account, in all six collections: what goes, what is changed, and what stays and names it.

The audit trail stays: what happened must remain provable. Other accounts' resources stay too, also those that refer to
this one. A conversation, and an operation with its approval and runs, goes as a whole. Of what a person has set (rules,
policies and the like) only the items of lists that name the account go, so that nothing else loses its protection.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from escher.contract.estate import Account
from escher.session.purge.mentions import Mentions
from escher.store.collections import COLLECTIONS, CollectionName
from escher.store.estate import ESTATE
from escher.store.records import Record, pack
from escher.store.vault import Store

ALERTS: CollectionName = "alerts_events"
CHAT: CollectionName = "chat_history"
REPORTS: CollectionName = "immutable_reports"
MARKER = "purge:"
_CHAINS = ("audit:", "chain:", "checkpoint:")
_SET_BY_PEOPLE = frozenset(
    {"rule", "policy", "setting", "schedule", "budget", "remediation_setting", "report_template"}
)
# Records that belong together bear the same value in one of these.
_TIES: Mapping[CollectionName, tuple[str, ...]] = {
    "chat_history": ("context_id",),
    "executed_operations": ("plan_id",),
    "alerts_events": ("alert_id",),
}


@dataclass(frozen=True, slots=True)
class Digest:
    """A number of records, and the SHA-256 over all of them whatever their order."""

    records: int
    sha256: str


@dataclass(frozen=True, slots=True)
class _Seen:
    """What is remembered of a record: its bodies together would not fit into memory."""

    key: str
    hash: bytes
    belongs: bool
    stays: bool
    ties: frozenset[tuple[str, str]] = frozenset()


@dataclass(slots=True)
class Belongings:
    """What was found. `kept` digests what neither goes nor is changed, by collection."""

    gone: dict[CollectionName, list[str]] = field(default_factory=dict[CollectionName, list[str]])
    changed: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])
    before: dict[CollectionName, Digest] = field(default_factory=dict[CollectionName, Digest])
    kept: dict[CollectionName, Digest] = field(default_factory=dict[CollectionName, Digest])
    audit_entries: int = 0
    references: int = 0

    @property
    def counts(self) -> dict[str, int]:
        """How many records go, by collection."""
        return {name: len(keys) for name, keys in self.gone.items()}

    @property
    def total(self) -> int:
        """How many records go or are changed."""
        return sum(self.counts.values()) + len(self.changed)


def find(store: Store, account: Account, mentions: Mentions, not_kept: Iterable[str] = ()) -> Belongings:
    """Read every record and tell those that belong to the account. Raises StoreTampered.

    `not_kept` are keys in `alerts_events` that were changed before and so are left out of what is kept.
    """
    found = Belongings()
    for name in COLLECTIONS:
        records = (record for record in store.records(name) if not record.key.startswith(MARKER))
        if name == ESTATE:
            seen = [_resource(record, account, found) for record in records]
        else:
            seen = [_other(name, record, mentions, found) for record in records]
        gone = found.gone[name] = _with_ties(seen)
        out = {*gone, *((*found.changed, *not_kept) if name == ALERTS else ())}
        found.before[name] = _digest(seen)
        found.kept[name] = _digest(one for one in seen if one.key not in out and not one.stays)
    for key in found.gone[ALERTS]:
        found.changed.pop(key, None)
    return found


def _resource(record: Record, account: Account, found: Belongings) -> _Seen:
    frame, body = pack(record), record.body
    belongs = (body["provider"], body["account_id"]) == (account.provider, account.account_id)
    found.references += not belongs and account.account_id.encode() in frame
    return _Seen(record.key, sha256(frame).digest(), belongs, stays=False)


def _other(name: CollectionName, record: Record, mentions: Mentions, found: Belongings) -> _Seen:
    stays, names_it = record.key.startswith(_CHAINS), mentions.has([record.key, record.body])
    found.audit_entries += names_it and record.key.startswith("audit:")
    belongs = names_it and not stays
    if belongs and (pruned := _pruned(record, mentions)) is not None:
        found.changed[record.key], belongs = pruned, False
    return _Seen(record.key, sha256(pack(record)).digest(), belongs, stays, _ties(record, _TIES.get(name, ())))


def _pruned(record: Record, mentions: Mentions) -> dict[str, Any] | None:
    """The body of a record that can do without what names the account; None when it cannot, and goes."""
    if record.body.get("kind") not in _SET_BY_PEOPLE or mentions.has(record.key):
        return None
    if isinstance(record.body.get("policy"), Mapping):
        return record.body | {"policy": _pruned_policy(record.body["policy"], mentions)}
    return mentions.pruned(record.body) if mentions.can_do_without(record.body) else None


def _pruned_policy(policy: Mapping[str, Any], mentions: Mentions) -> dict[str, Any]:
    """A version of the policy never goes whole, or an older one would be in force; approvers are people, not things."""
    kept = dict(policy)
    for name, items in policy.items():
        if isinstance(items, list) and name != "approvers":
            kept[name] = [mentions.pruned(item) for item in items if mentions.can_do_without(item)]
    return kept


def _ties(record: Record, fields: Iterable[str]) -> frozenset[tuple[str, str]]:
    # A run of an older version has its plan's id in its result alone, a plan and its approval in their keys.
    bodies = [record.body, record.body.get("result") or {}]
    named = {(field, str(body[field])) for body in bodies for field in fields if body.get(field)}
    kind, _, id_ = record.key.partition(":")
    return frozenset(named | ({("plan_id", id_)} if kind in ("plan", "approval") else set()))


def _with_ties(seen: Iterable[_Seen]) -> list[str]:
    """The keys of what belongs, and of what is tied to that, in the order of the records."""
    records = list(seen)
    ties = {tie for one in records if one.belongs for tie in one.ties}
    return [one.key for one in records if one.belongs or ties & one.ties]


def _digest(seen: Iterable[_Seen]) -> Digest:
    hashes = sorted(one.hash for one in seen)
    return Digest(len(hashes), sha256(b"".join(hashes)).hexdigest())
