"""The ten states of a playbook's version and the moves between them. Pure (spec/playbooks.md section 7)."""

from __future__ import annotations

from collections.abc import Mapping

from escher.contract.playbook import Status
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
# What comes with the library is never edited or deleted here.
_LIBRARY: frozenset[Status] = frozenset({"deprecated", "suspended", "archived"})
PUBLISHED: frozenset[Status] = frozenset({"review", "testing", "active", "deprecated"})
# The states that a search on this machine finds, the most useful last.
SEARCHED: tuple[Status, ...] = ("deprecated", "review", "testing", "ready", "active")
FAILURES_IN_ROW = 3


def may_move(author: str, state: Status, to: Status) -> bool:
    """Whether a version of such an author may go from one state to another."""
    return to in MOVES[state] and (author != "escher_library" or to in _LIBRARY)


def must_allow(author: str, state: Status, to: Status) -> None:
    """Raises InvalidInput for a move that does not exist."""
    if not may_move(author, state, to):
        moves = ", ".join(sorted(next_ for next_ in MOVES[state] if may_move(author, state, next_))) or "nothing else"
        raise InvalidInput(f"a playbook that is {state} cannot become {to}.", hint=f"It can become {moves}.")


def after_run(author: str, state: Status, failures_in_row: int) -> Status:
    """The state after a run: a failed test fails, and so does what failed three times in a row."""
    enough = 1 if state == "testing" else FAILURES_IN_ROW
    if failures_in_row < enough:
        return state
    if may_move(author, state, "failed"):
        return "failed"
    return "suspended" if may_move(author, state, "suspended") else state
