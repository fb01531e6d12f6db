"""The latest time that this store has seen, so that setting the clock back revives nothing.

A clock that once ran far ahead must not lock its owner out either: what was seen before something was granted does
not count against it, only what was seen since.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from escher.errors import StaleApproval
from escher.store.operations import OPERATIONS, operation_key
from escher.store.records import Record
from escher.store.transaction import Transaction

SET_BACK = timedelta(minutes=5)
_KEY = operation_key("clock", "latest")


def latest(within: Transaction, now: datetime) -> datetime:
    """The latest time that was ever seen, `now` included; it is kept."""
    record = within.get(OPERATIONS, _KEY)
    before = datetime.fromisoformat(record.body["at"]) if record else now
    if record is None or now > before:
        within.put(OPERATIONS, Record(_KEY, {"record": "clock", "at": now.isoformat()}))
    return max(before, now)


@dataclass(frozen=True, slots=True)
class Span:
    """From when to when something is good; `latest` is the latest time that the store had seen when it began."""

    begins: datetime
    ends: datetime
    latest: datetime

    def must_hold(self, now: datetime, seen: datetime, expired: str) -> None:
        """Raise StaleApproval when it is over by the clock or by what was seen since, or when the clock was set back."""
        if now < self.begins - SET_BACK:
            raise StaleApproval("the clock of this machine was set back.", hint="Set it right, then ask again.")
        # What had been seen before it began says nothing: the clock was ahead then.
        if max(now, seen if seen > self.latest else now) >= self.ends:
            raise StaleApproval(expired, hint="Ask again; plans and approvals are good for minutes.")
