"""The audit trail's entries: a chain in which each bears the hash of the one before."""

from __future__ import annotations

from typing import Any, Literal

from escher.contract.wire import Wire

AuditType = Literal[
    "store_created",
    "account_added",
    "scan_completed",
    "plan_shown",
    "approved",
    "approval_refused",
    "started",
    "step_completed",
    "completed",
    "failed",
    "cancelled",
    "timeout",
    "interrupted",
    "store_migrated",
    "store_unlocked",
    "keys_rotated",
    "key_exported",
    "key_imported",
    "passphrase_changed",
    "backup_created",
    "restored",
    "expired",
    "purged",
]
GENESIS = "0" * 64


class AuditEvent(Wire):
    """What happened. `actor` is the local user, `at` UTC in ISO 8601, `subject` a plan, run or account id."""

    type: AuditType
    at: str
    actor: str
    subject: str
    details: dict[str, Any] = {}


class AuditEntry(Wire):
    """An event in its place: `hash` is the SHA-256 of the canonical JSON of all other fields."""

    entry: int
    event: AuditEvent
    previous: str
    hash: str


class Verification(Wire):
    """What `escher audit verify` found. `first_bad_entry` counts from 1."""

    status: Literal["ok", "tampered", "truncated", "unverifiable"]
    entries: int
    first_bad_entry: int | None = None
    message: str
    head: str = GENESIS
