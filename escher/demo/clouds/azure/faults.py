"""What goes wrong on demand, how slowly all goes, and which calls were made: `/_demo/…`, which is no part of Azure."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field

from escher.demo.clouds.azure.cloud import Cloud
from escher.demo.clouds.azure.exchange import Answer, ArmError, Call, Json

_CODES = {401: "AuthenticationFailed", 403: "AuthorizationFailed", 404: "ResourceNotFound", 429: "TooManyRequests"}


@dataclass
class Fault:
    """A rule: calls whose path with query matches, and perhaps the method, fail; `times` None means always."""

    match: re.Pattern[str]
    status: int = 500
    code: str = ""
    times: int | None = None
    share: float = 1.0
    retry_after: int | None = None
    method: str = ""
    body: str | None = None

    def applies(self, call: Call, chance: random.Random) -> bool:
        """Whether it strikes now; one that does has one time less."""
        if self.times == 0 or (self.method and self.method.upper() != call.method):
            return False
        target = call.path + "?" + "&".join(f"{name}={value}" for name, value in call.query.items())
        if not self.match.search(target) or chance.random() >= self.share:
            return False
        if self.times is not None:
            self.times -= 1
        return True

    def answer(self) -> Answer:
        """What the call gets in place of an answer. Throttled ones say when to come again."""
        wait = self.retry_after if self.retry_after is not None else 1 if self.status == 429 else None
        headers = {} if wait is None else {"Retry-After": str(wait)}
        if self.body is not None:
            return Answer(self.status, self.body, headers)
        code = self.code or _CODES.get(self.status, "InternalServerError")
        return ArmError(self.status, code, f"The demo was told to answer with {self.status}.").answer(headers)


@dataclass
class Faults:
    """The rules, the delay of every answer in milliseconds, and the calls since the last reset as (method, path)."""

    rules: list[Fault] = field(default_factory=list)
    delay_ms: int = 0
    calls: list[Json] = field(default_factory=list)
    chance: random.Random = field(default_factory=lambda: random.Random(7))

    def struck(self, call: Call) -> Answer | None:
        """Note the call; the answer of the first rule that applies, if one does."""
        self.calls.append({"method": call.method, "path": call.path, "query": call.query})
        return next((rule.answer() for rule in self.rules if rule.applies(call, self.chance)), None)

    def steer(self, cloud: Cloud, call: Call) -> Answer:
        """Answer a call on `/_demo/…`."""
        what = call.path.rstrip("/").rsplit("/", 1)[-1]
        if what == "calls":
            return self._calls(call)
        if what == "faults":
            return self._faults(call)
        if what == "delay" and call.method == "POST":
            self.delay_ms = int(call.given.get("ms", self.delay_ms))
            cloud.operations.poll_ms = int(call.given.get("poll_ms", cloud.operations.poll_ms))
            cloud.operations.polls = int(call.given.get("polls", cloud.operations.polls))
            cloud.operations.ends_ms = int(call.given.get("ends_ms", cloud.operations.ends_ms))
            cloud.page_size = int(call.given.get("page_size", cloud.page_size))
            return Answer(204)
        raise ArmError(404, "NotFound", f"There is no {call.method} {call.path}.")

    def _calls(self, call: Call) -> Answer:
        if call.method == "DELETE":
            self.calls.clear()
            return Answer(204)
        return Answer(200, {"calls": self.calls})

    def _faults(self, call: Call) -> Answer:
        if call.method == "DELETE":
            self.rules.clear()
            return Answer(204)
        given = call.body if isinstance(call.body, list) else [call.given]
        try:
            self.rules += [_fault(dict(rule)) for rule in given]
        except (TypeError, KeyError, re.error) as cause:
            raise ArmError(400, "InvalidFault", f"A fault needs a match and known fields: {cause}") from cause
        self.chance.seed(7)
        return Answer(200, {"faults": len(self.rules)})


def _fault(rule: Json) -> Fault:
    pattern = re.compile(rule.pop("match"), re.IGNORECASE)
    return Fault(pattern, **rule)
