"""The ten states of a playbook's version and the moves between them, the same on both sides. Pure (spec/playbooks.md 7)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import Field

from escher.contract.playbook import Status
from escher.contract.wire import Wire
from escher.errors import InvalidInput

MOVES: Mapping[Status, frozenset[Status]] = {
    "draft": frozenset({"ready", "deleted"}),
    "ready": frozenset({"draft", "active", "review", "deleted"}),
    "review": frozenset({"testing", "draft", "ready"}),
    "testing": frozenset({"active", "failed", "review"}),
    "active": frozenset({"deprecated", "suspended", "failed", "archived"}),
    "deprecated": frozenset({"active", "archived"}),
    "failed": frozenset({"draft", "testing", "suspended", "archived"}),
    "suspended": frozenset({"active", "testing", "archived"}),
    "archived": frozenset({"deleted"}),
    "deleted": frozenset(),
}
# What comes with the library is never edited or deleted by who uses it.
_LIBRARY: frozenset[Status] = frozenset({"deprecated", "suspended", "archived"})
PUBLISHED: frozenset[Status] = frozenset({"review", "testing", "active", "deprecated"})
# The states that a search on the client finds, the most useful last; the server has nothing that is only ready.
SEARCHED: tuple[Status, ...] = ("deprecated", "review", "testing", "ready", "active")
# A plan may be made of these; only of the first without a word of warning.
RUNNABLE: frozenset[Status] = frozenset({"active", "deprecated", "testing", "review"})
UNTESTED: frozenset[Status] = frozenset({"testing", "review"})
_IN_USE: frozenset[Status] = frozenset({"active", "testing", "failed", "suspended"})
FAILURES_IN_ROW = 3
TOMBSTONE_DAYS = 30


class Move(Wire):
    """One change of a state: from which to which, when (Unix seconds), by whom, and why."""

    from_: Status = Field(alias="from")
    to: Status
    at: int
    by: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """When a state is changed (Unix seconds), by whom, and why."""

    at: int
    by: str
    why: str = ""


def move(before: Status, to: Status, change: Change) -> Move:
    """The record of a change from one state to another."""
    return Move.model_validate({"from": before, "to": to, "at": change.at, "by": change.by, "why": change.why})


def may_move(author: str, state: Status, to: Status) -> bool:
    """Whether a version of such an author may go from one state to another."""
    return to in MOVES[state] and (author != "escher_library" or to in _LIBRARY)


def next_states(author: str, state: Status) -> tuple[Status, ...]:
    """Where a version may go from here, in alphabetical order."""
    return tuple(sorted(to for to in MOVES[state] if may_move(author, state, to)))


def must_allow(author: str, state: Status, to: Status) -> None:
    """Raises InvalidInput for a move that does not exist."""
    if not may_move(author, state, to):
        moves = ", ".join(next_states(author, state)) or "nothing else"
        raise InvalidInput(f"a playbook that is {state} cannot become {to}.", hint=f"It can become {moves}.")


def way_out(author: str, state: Status) -> tuple[Status, ...]:
    """The shortest way to `deleted` over states in which nothing runs; empty when there is none."""
    ways: list[tuple[Status, ...]] = [(state,)]
    for way in ways:
        if way[-1] == "deleted":
            return way[1:]
        ways.extend(_further(author, way))
    return ()


def _further(author: str, way: tuple[Status, ...]) -> tuple[tuple[Status, ...], ...]:
    return tuple((*way, to) for to in next_states(author, way[-1]) if to not in way and to not in _IN_USE)


def needs_reason(state: Status, to: Status) -> bool:
    """Whether a move must say why: a rejection, and whatever takes a playbook out of use."""
    return (state, to) == ("review", "draft") or to in ("suspended", "failed")


def after_run(author: str, state: Status, failures_in_row: int) -> Status:
    """The state after a run: a failed test fails, and so does what failed three times in a row."""
    enough = 1 if state == "testing" else FAILURES_IN_ROW
    if failures_in_row < enough:
        return state
    if may_move(author, state, "failed"):
        return "failed"
    return "suspended" if may_move(author, state, "suspended") else state


def warning(state: Status) -> str:
    """What to say to whoever uses a playbook in this state; nothing when there is nothing to say."""
    told: Mapping[Status, str] = {
        "deprecated": "A newer version takes its place.",
        "testing": "It is being tested, so each of its runs is approved.",
        "review": "Nobody has reviewed it yet, so each of its runs is approved.",
        "ready": "It is your own and not active yet.",
    }
    return told.get(state, "")
