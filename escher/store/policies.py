"""The user's policy in the store: every version that was ever saved, in `alerts_events` beside marks and settings.

Versions are counted from 1 without gaps and never change; the highest is the one in force, in every process at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from escher.contract.policy import Policy, PolicyVersion
from escher.errors import NotFound, RecordExists, StoreTampered
from escher.store.collections import CollectionName
from escher.store.records import Record
from escher.store.transaction import Transaction
from escher.store.vault import Store

POLICIES: CollectionName = "alerts_events"
BUILT_IN = PolicyVersion(version=Policy().version)


class PolicyStore:
    """Reads and adds versions. Safe for threads, and follows what other processes save."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known = (-1, BUILT_IN)

    def current(self) -> PolicyVersion:
        """The version in force; the built-in one, number 0, while none was saved. Raises StoreTampered."""
        sequence, known = self._store.sequence, self._known[1]
        if self._known[0] != sequence:
            known = _newest(self._store, known if self._found(known) else BUILT_IN)
            self._known = (sequence, known)
        return known

    def version(self, number: int) -> PolicyVersion:
        """The version of this number. Raises NotFound."""
        record = self._store.get(POLICIES, policy_key(number)) if number else None
        if number and record is None:
            raise NotFound(f"there is no version {number} of the policy.", hint="See: escher policy history")
        return _version(record) if record else BUILT_IN

    def versions(self) -> list[PolicyVersion]:
        """Every version that was saved, the newest first."""
        return [self.version(number) for number in range(self.current().number, 0, -1)]

    def _found(self, known: PolicyVersion) -> bool:
        """Whether what was known is still what is stored: another store may have been restored over it."""
        record = self._store.get(POLICIES, policy_key(known.number)) if known.number else None
        return record is not None and _version(record) == known


def add(
    within: Transaction, policy: Policy, *, based_on: int | None, saved_at: str, at: int, channel: Any
) -> PolicyVersion:
    """Save the next version; `at` is Unix seconds, `saved_at` the same in ISO 8601.

    `based_on` is the number of the version that was changed. Raises RecordExists when another one was saved since.
    """
    newest = _newest(within, BUILT_IN)
    if based_on is not None and based_on != newest.number:
        raise RecordExists(
            f"the policy was changed meanwhile: version {newest.number} is in force, yours is made from {based_on}.",
            hint="Look at the new one and make your change again: escher policy show",
        )
    new = PolicyVersion(
        number=newest.number + 1, version=policy.version, saved_at=saved_at, channel=channel, policy=policy
    )
    body: Mapping[str, Any] = {"kind": "policy", "created_at": at, "updated_at": at} | new.model_dump(mode="json")
    within.put(POLICIES, Record(policy_key(new.number), dict(body)))
    return new


def policy_key(number: int) -> str:
    """The natural key of a version."""
    return f"policy:{number}"


def _newest(where: Store | Transaction, known: PolicyVersion) -> PolicyVersion:
    while record := where.get(POLICIES, policy_key(known.number + 1)):
        known = _version(record)
    return known


def _version(record: Record) -> PolicyVersion:
    fields = {name: value for name, value in record.body.items() if name in PolicyVersion.model_fields}
    try:
        return PolicyVersion.model_validate(fields)
    except ValidationError as cause:
        raise StoreTampered("a version of the policy is not what was written.", hint="Run: escher doctor") from cause
