"""The demo's AWS behind faults as clouds have them: throttled, broken off or failing before or after the fact, and stale."""

from __future__ import annotations

import random
import re
import threading
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from werkzeug.test import run_wsgi_app
from werkzeug.wrappers import Response

from escher.demo.clouds.aws.answer import Refused, refusal
from escher.demo.clouds.aws.call import Call, read_call
from escher.demo.clouds.aws.front import Front

Kind = Literal["throttled", "reset", "reset after", "500", "500 after", "stale"]
KINDS: tuple[Kind, ...] = ("throttled", "reset", "reset after", "500", "500 after", "stale")
READS = re.compile(r"Describe|List|Get|Head|Lookup|Search")
_THROTTLED = ("Throttling", "RequestLimitExceeded", "ThrottlingException", "TooManyRequestsException")


@dataclass
class Trouble:
    """One fault: it meets the `first` call of those that it concerns, and so many after it."""

    kind: Kind
    on: Literal["reads", "writes"]
    first: int
    times: int


def some_trouble(chance: random.Random) -> Trouble:
    """A fault of any kind on any call; some last longer than an SDK is patient by itself."""
    kind = chance.choice(KINDS)
    on = "reads" if kind == "stale" else chance.choice(("reads", "writes"))
    return Trouble(kind, on, chance.randint(1, 2 if on == "reads" else 1), chance.choice((1, 1, 2, 4)))


class FaultyAws:
    """The demo's AWS as a WSGI application, in trouble once a test says so. `done` counts changes that were made."""

    def __init__(self) -> None:
        self._front = Front()
        self._lock = threading.Lock()
        self.begin(None)

    def begin(self, trouble: Trouble | None) -> None:
        """From now on with this trouble; what was counted is forgotten."""
        self._trouble, self._met, self.struck = trouble, 0, 0
        self.done: Counter[tuple[str, str]] = Counter()
        self._before: dict[tuple[str, bytes], Response] = {}

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer a request, or fail as a cloud does."""
        call = read_call(environ)
        if call is None:
            return self._front(environ, start_response)
        struck = self._strikes(call)
        if struck == "throttled":
            return refusal(call, Refused(_THROTTLED[self.struck % 4], "Rate exceeded", 400))(environ, start_response)
        if struck == "500":
            return refusal(call, Refused("InternalError", "An internal error has occurred", 500))(
                environ, start_response
            )
        if struck == "reset":
            raise ConnectionResetError
        answer = self._answer(call, environ, stale=struck == "stale")
        if struck == "reset after":
            raise ConnectionResetError
        if struck == "500 after":
            return refusal(call, Refused("InternalError", "An internal error has occurred", 500))(
                environ, start_response
            )
        return answer(environ, start_response)

    def _strikes(self, call: Call) -> Kind | None:
        with self._lock:
            trouble = self._trouble
            if trouble is None or (READS.match(call.operation) is not None) != (trouble.on == "reads"):
                return None
            if trouble.kind == "stale" and not self.done:
                return None
            self._met += 1
            due = trouble.first <= self._met < trouble.first + trouble.times
            self.struck += due
            return trouble.kind if due else None

    def _answer(self, call: Call, environ: dict[str, Any], *, stale: bool) -> Response:
        """The answer; a stale one is what the same question was answered with before anything changed."""
        asked = (call.operation, call.request.get_data())
        if stale and asked in self._before:
            return self._before[asked]
        body, status, headers = run_wsgi_app(self._front, environ, buffered=True)
        code = int(status.split()[0])
        answer = Response(b"".join(body), code, headers)
        with self._lock:
            if READS.match(call.operation):
                if not self.done:
                    self._before[asked] = answer
            elif code < 300:
                self.done[call.operation, repr(sorted(call.parameters.items()))] += 1
        return answer
