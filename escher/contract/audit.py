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
    "playbook_published",
    "expired",
    "purged",
    "mark_added",
    "mark_removed",
    "remediated",
    "approval_requested",
    "approval_seconded",
    "preapproval_added",
    "preapproval_removed",
    "policy_changed",
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


class Checkpoint(Wire):
    """A signed statement that a trail had so many entries at a time, and which hash the last of them bears.

    `previous` is the SHA-256 of the checkpoint before, `signature` Ed25519 over the canonical JSON of all other fields,
    in hexadecimal digits.
    """

    store_id: str
    entries: int
    hash: str
    at: str
    previous: str
    signature: str = ""


class Period(Wire):
    """Entries of a trail, from the first to the last, and when they were written."""

    first_entry: int
    last_entry: int
    since: str
    until: str


class Verification(Wire):
    """What `escher audit verify` found. `first_bad_entry` counts from 1.

    `uncovered` are periods that no checkpoint covers in time: more than an hour, or the open end. `key` is the
    fingerprint of the key that signed. `notes` are oddities that prove nothing, such as a clock that was set back.
    """

    status: Literal["ok", "tampered", "truncated", "unverifiable"]
    entries: int
    first_bad_entry: int | None = None
    message: str
    head: str = GENESIS
    checkpoints: int = 0
    signed_entries: int = 0
    uncovered: tuple[Period, ...] = ()
    key: str = ""
    notes: tuple[str, ...] = ()
