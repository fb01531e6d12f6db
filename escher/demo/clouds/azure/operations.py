"""Long-running operations: asked about, each is in progress a few times, then done. One nobody asks about ends by itself."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

from escher.demo.clouds.azure.exchange import Answer, ArmError, Call, Json
from escher.demo.clouds.azure.state import stamp, utc_now


@dataclass(slots=True)
class Operation:
    """A write under way. `finish` makes it so, and gives back the body that its `Location` then answers with."""

    name: str
    resource_id: str
    finish: Callable[[], Json | None]
    polls: int
    started: str
    due: float
    ended: str = ""
    body: Json | None = None
    error: ArmError | None = None

    def end(self) -> None:
        """Finish it now, if it is not finished yet."""
        if self.ended:
            return
        self.ended = stamp(utc_now())
        try:
            self.body = self.finish()
        except ArmError as error:
            self.error = error

    @property
    def status(self) -> str:
        """InProgress, Succeeded or Failed."""
        return "InProgress" if not self.ended else "Failed" if self.error else "Succeeded"


@dataclass
class Operations:
    """Those under way and those done. `polls` is how often a new one is still in progress; `poll_ms` paces its pollers.

    `ends_ms` is when one ends that nobody asks about.
    """

    polls: int = 1
    poll_ms: int = 0
    ends_ms: int = 2000
    known: dict[str, Operation] = field(default_factory=dict)

    def begin(self, call: Call, where: str, resource_id: str, finish: Callable[[], Json | None]) -> dict[str, str]:
        """Start one, after those on the same resource have ended. The headers that lead to it; `where` is a path."""
        self.settle(resource_id)
        name = str(uuid.uuid4())
        due = time.monotonic() + self.ends_ms / 1000
        self.known[name] = Operation(name, resource_id.lower(), finish, self.polls, stamp(utc_now()), due)
        version = call.query.get("api-version", "")
        return {
            "Azure-AsyncOperation": f"{call.base}{where}/operations/{name}?api-version={version}",
            "Location": f"{call.base}{where}/operationResults/{name}?api-version={version}",
            **self.pace,
        }

    @property
    def pace(self) -> dict[str, str]:
        """How soon to ask again."""
        return {"x-ms-retry-after-ms": str(self.poll_ms)} if self.poll_ms else {"Retry-After": "1"}

    def settle(self, resource_id: str = "") -> None:
        """End what is overdue, and what is under way on this resource."""
        now, key = time.monotonic(), resource_id.lower()
        for one in list(self.known.values()):
            if not one.ended and (one.due <= now or one.resource_id == key):
                one.end()

    def status(self, name: str) -> Answer:
        """The answer of an `Azure-AsyncOperation` address."""
        one = self._asked(name)
        body: Json = {"name": one.name, "startTime": one.started, "status": one.status}
        if one.ended:
            body["endTime"] = one.ended
        if one.error:
            body["error"] = one.error.error
        return Answer(200, body, {} if one.ended else self.pace)

    def result(self, call: Call, name: str) -> Answer:
        """The answer of a `Location` address."""
        one = self._asked(name)
        if not one.ended:
            again = f"{call.base}{call.path}?api-version={call.query.get('api-version', '')}"
            return Answer(202, None, {"Location": again, **self.pace})
        if one.error:
            raise one.error
        return Answer(204) if one.body is None else Answer(200, one.body)

    def _asked(self, name: str) -> Operation:
        one = self.known.get(name)
        if one is None:
            raise ArmError(404, "OperationNotFound", f"The operation '{name}' was not found.")
        if one.polls > 0:
            one.polls -= 1
        else:
            one.end()
        return one
