"""What the demo's GCP does wrong on demand, how slowly it answers, and which calls it has seen."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field
from typing import Any

from escher.demo.clouds.gcp.errors import ApiError

_MESSAGES = {
    403: "Permission denied on this call, by a rule of the demo.",
    429: "Quota exceeded for quota metric 'Read requests' and limit 'Read requests per minute'.",
}


@dataclass(slots=True)
class Rule:
    """A fault in calls whose path (with its query) matches: `times` of them, or all; of those a `share` from 0 to 1."""

    match: re.Pattern[str]
    status: int
    reason: str = ""
    times: int | None = None
    share: float = 1.0

    def strikes(self, path: str, chance: random.Random) -> bool:
        """Whether this call fails; counts."""
        if self.times == 0 or not self.match.search(path) or chance.random() >= self.share:
            return False
        if self.times is not None:
            self.times -= 1
        return True


@dataclass(slots=True)
class Faults:
    """Rules, delay in milliseconds, and the calls since the last reset. The same rules give the same faults again."""

    rules: list[Rule] = field(default_factory=list)
    delay_ms: int = 0
    calls: list[dict[str, str]] = field(default_factory=list)
    _chance: random.Random = field(default_factory=lambda: random.Random(4))

    def seen(self, method: str, path: str) -> None:
        """Keep a call."""
        self.calls.append({"method": method, "path": path})

    def check(self, path: str) -> None:
        """Raise ApiError if a rule makes this call fail."""
        for rule in self.rules:
            if rule.strikes(path, self._chance):
                raise ApiError(rule.status, _MESSAGES.get(rule.status, "Fault of the demo."), rule.reason)

    def add(self, rules: list[dict[str, Any]]) -> None:
        """Add rules as JSON gives them."""
        self.rules += [_rule(**rule) for rule in rules]

    def clear(self) -> None:
        """Forget all rules; chance begins anew."""
        self.rules.clear()
        self._chance.seed(4)


def _rule(match: str, status: int, reason: str = "", times: int | None = None, share: float = 1.0) -> Rule:
    return Rule(re.compile(match), int(status), reason, times, share)
