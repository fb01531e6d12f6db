"""What a check is: a name, a status, a sentence and the next move, with what is the user's own kept apart in it.

A sentence is a template. What fills it is either a fact, which anybody may see (a number, a version, a word of ours),
or private (a path, an address, the text of an error), so that a support case can be written without the latter.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from escher.errors import EscherError
from escher.session.doctor.bounded import Bounded
from escher.settings import Settings

if TYPE_CHECKING:
    from escher.session.wiring import Parts

Status = Literal["ok", "warn", "bad"]
Fact = str | int | float | bool
SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class Check:
    """What was looked at and how it is. `says` and `next` have {places} for `facts` and `private`."""

    name: str
    status: Status
    says: str
    next: str = ""
    facts: Mapping[str, Fact] = field(default_factory=dict[str, Fact])
    private: Mapping[str, object] = field(default_factory=dict[str, object])
    seconds: float = 0.0

    def document(self) -> dict[str, Any]:
        """This check for the person at this machine."""
        return self._document({**self.facts, **self.private})

    def shareable(self) -> dict[str, Any]:
        """This check for anybody: `<place>` stands for whatever is private."""
        return self._document({**self.facts, **{name: f"<{name}>" for name in self.private}})

    def _document(self, values: Mapping[str, object]) -> dict[str, Any]:
        return {
            "name": self.name,
            "status": self.status,
            "message": self.says.format_map(values),
            "next": self.next.format_map(values),
            "facts": dict(self.facts),
            "seconds": round(self.seconds, 3),
        }


def failed(name: str, failure: EscherError, status: Status = "bad") -> Check:
    """The check that met this failure. Its words may name anything, so they are private; its code is not."""
    return Check(
        name, status, "{problem}", "{move}" if failure.hint else "", {"code": failure.code},
        {"problem": failure.message, "move": failure.hint},
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Patient:
    """Who is examined; the store is being opened while the first looks are taken."""

    settings: Settings
    opening: Bounded[Parts]
    deep: bool = False

    @property
    def parts(self) -> Parts:
        """The parts around the open store. Raises what kept it from opening."""
        return self.opening.result()


@dataclass(frozen=True, slots=True)
class Look:
    """One look at a patient, at most `seconds` long; None when there is nothing of the kind here.

    One `inside` is not taken when the store does not open. `when_late` is the next move after its time is over.
    """

    name: str
    at: Callable[[Patient], Check | None]
    seconds: float = SECONDS
    inside: bool = False
    when_late: str = ""
