"""What the commands about the estate and the policy print with `--json`, command by command. It never leaves the machine.

Times are Unix seconds, ages seconds; None is what is not known. The columns of `escher estate --sql` are the query's own,
and the policies of `escher permissions --policy` the providers': neither is here.
"""

from __future__ import annotations

from typing import Any, Literal

from escher.contract.estate import ScopeStatus
from escher.contract.marks import MarkEffect
from escher.contract.policy import PolicyAnswer, PolicyVersion
from escher.contract.vocabulary import Kind, Provider, State
from escher.contract.wire import Wire

ScanType = Literal["full", "incremental", "quick", "service"]


class EstateRow(Wire):
    """A resource: `escher estate`."""

    provider: Provider
    account_id: str
    region: str
    resource_type: str
    kind: Kind
    resource_id: str
    identifier: str
    name: str
    state: State
    native_state: str
    tags: dict[str, str]


class FoundRow(Wire):
    """A resource in short: `escher search`."""

    name: str
    identifier: str
    resource_type: str
    account_id: str
    region: str
    state: State


class FeltRow(FoundRow):
    """A resource that would feel a change, how many ties away, and the verb of the last tie: `--blast-radius`."""

    distance: int
    through: str


class TieRow(Wire):
    """`source` does `verb` to `target`; both are natural keys."""

    source: str
    verb: str
    target: str


class RelatedDocument(Wire):
    """What a resource is tied to: `escher estate --related`."""

    resource_id: str
    ties: tuple[TieRow, ...]
    related: tuple[FoundRow, ...]


class ChangeRow(Wire):
    """A field that changed (`tags.env`), or a resource that appeared or vanished: `--changes`. `at` is ISO 8601, UTC."""

    at: str
    scan_id: str
    change: Literal["appeared", "changed", "vanished"]
    field: str
    before: Any
    after: Any
    provider: Provider
    account_id: str
    region: str
    resource_type: str
    resource_id: str
    name: str


class ScopeRow(Wire):
    """How whole and how old a scope is: `--coverage`, and the scopes of a scan."""

    provider: Provider
    account_id: str
    region: str
    resource_type: str
    status: ScopeStatus
    count: int
    scanned_at: int
    error: str
    missing_permission: str
    scan_id: str
    age_seconds: int | None


class ScanCounts(Wire):
    """What a scan found, and what was other than before."""

    found: int
    by_type: dict[str, int]
    by_region: dict[str, int]
    by_account: dict[str, int]
    appeared: int
    changed: int
    deleted: int
    kept_scopes: int


class ScanDocument(Wire):
    """How a scan went: `escher scan`. `age_seconds` is the age of its oldest scope."""

    scan_id: str
    scan_type: ScanType
    status: Literal["completed", "cancelled"]
    complete: bool
    started_at: int
    duration_ms: int
    calls: int
    throttled: int
    ignored: int
    counts: ScanCounts
    scopes: tuple[ScopeRow, ...]
    errors: tuple[str, ...]
    age_seconds: int


class ScanRow(Wire):
    """A scan that is remembered: `escher scan --history`. `request` is a digest of what was asked for; 0: not yet."""

    scan_id: str
    scan_type: ScanType
    request: str
    status: Literal["running", "completed", "cancelled", "failed"]
    started_at: int
    ended_at: int
    found: int
    appeared: int
    changed: int
    vanished: int
    scopes: int
    failed: int
    number: int


class MarkRow(Wire):
    """A pattern of resources that are left out, or never changed: `escher ignore`, `escher protect`."""

    effect: MarkEffect
    pattern: str


class PolicyRow(Wire):
    """A version of the policy in short: `escher policy history`. `saved_at` is UTC, ISO 8601."""

    number: int
    version: str
    saved_at: str
    channel: Literal["", "terminal", "page"]
    rules: int
    limits: int
    freezes: int
    approvers: int


class MissingRow(Wire):
    """A permission that an account's scans were refused, and what was not seen for it: `escher permissions`."""

    provider: Provider
    account_id: str
    permission: str
    scopes: tuple[str, ...]


PRINTED: dict[str, Any] = {
    "estate": tuple[EstateRow, ...],
    "estate --blast-radius": tuple[FeltRow, ...],
    "estate --changes": tuple[ChangeRow, ...],
    "estate --coverage": tuple[ScopeRow, ...],
    "estate --facets": dict[str, int],
    "estate --related": RelatedDocument,
    "ignore": tuple[MarkRow, ...],
    "permissions": tuple[MissingRow, ...],
    "policy": PolicyVersion,
    "policy check": PolicyAnswer,
    "policy edit": PolicyVersion,
    "policy history": tuple[PolicyRow, ...],
    "policy restore-version": PolicyVersion,
    "policy set": PolicyVersion,
    "policy show": PolicyVersion,
    "protect": tuple[MarkRow, ...],
    "scan": ScanDocument,
    "scan --history": tuple[ScanRow, ...],
    "search": tuple[FoundRow, ...],
}
"""From a command to the type of its document."""
