"""What a set of role permissions lets somebody do, by Azure's rules. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

from escher.providers.azure.failures import Malformed


@dataclass(frozen=True, slots=True)
class Grant:
    """What one role gives: its actions without its notActions. Another role may give what this one leaves out."""

    actions: tuple[str, ...]
    not_actions: tuple[str, ...] = ()

    def allows(self, action: str) -> bool:
        """Whether an action of the control plane is given. Azure compares without regard to case."""
        return _any(self.actions, action) and not _any(self.not_actions, action)


def allows(grants: Iterable[Grant], action: str) -> bool:
    """Whether any of the roles gives an action."""
    return any(grant.allows(action) for grant in grants)


def reads_all(grants: Sequence[Grant]) -> bool:
    """Whether a role lets everything be read, of whichever type."""
    return any(grant.allows("*/read") and not any(_takes_reads(one) for one in grant.not_actions) for grant in grants)


def grants_of(records: object) -> tuple[Grant, ...]:
    """The grants in an answer of the permissions API, or in a role definition. Raises Malformed."""
    if not isinstance(records, list):
        raise Malformed("there are no permissions in the answer")
    return tuple(_grant(cast("Mapping[str, Any]", one)) for one in cast("list[object]", records))


def _grant(record: Mapping[str, Any]) -> Grant:
    try:
        return Grant(tuple(map(str, record["actions"])), tuple(map(str, record.get("notActions") or ())))
    except (AttributeError, KeyError, TypeError) as cause:
        raise Malformed("a permission has no actions") from cause


def _takes_reads(pattern: str) -> bool:
    return pattern.lower().endswith(("/read", "*"))


def _any(patterns: Iterable[str], action: str) -> bool:
    return any(_pattern(one).fullmatch(action) for one in patterns)


@lru_cache(maxsize=4096)
def _pattern(text: str) -> re.Pattern[str]:
    """A star stands for any text, slashes too."""
    return re.compile(".*".join(map(re.escape, text.split("*"))), re.IGNORECASE)
