"""A call as the control plane sees it, its answer, and the error that it answers with."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Call:
    """One request. `base` is scheme and authority; names in `headers` are lower case; `body` is parsed JSON or None."""

    method: str
    path: str
    query: dict[str, str] = field(default_factory=dict)
    body: Any = None
    base: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def given(self) -> Json:
        """The body when it is an object. Raises ArmError for any other."""
        if isinstance(self.body, dict):
            return self.body
        raise ArmError(400, "InvalidRequestContent", "The request content was invalid and could not be deserialized.")


@dataclass(slots=True)
class Answer:
    """What goes back. A body of `str` is sent as it is, None sends none, all else is sent as JSON."""

    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)


class ArmError(Exception):
    """A refusal in ARM's form."""

    def __init__(self, status: int, code: str, message: str, details: tuple[Json, ...] = ()) -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.details = status, code, message, details

    @property
    def error(self) -> Json:
        """The `error` object."""
        more = {"details": list(self.details)} if self.details else {}
        return {"code": self.code, "message": self.message, **more}

    def answer(self, headers: dict[str, str] | None = None) -> Answer:
        """The refusal as an answer."""
        return Answer(self.status, {"error": self.error}, headers or {})
