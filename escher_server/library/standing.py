"""How a version stands for a tenant, and what moves and runs make of it. Pure: the moment comes from the caller."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from escher.contract.lifecycle import Change, Move, after_run, move, must_allow, needs_reason
from escher.contract.playbook import Metadata, Playbook, Status
from escher.contract.publication import PublishAnswer, RunOutcome, Standing, StatusMove
from escher.errors import InvalidInput
from escher_server.errors import Conflict
from escher_server.library.tenants import Key, VersionState

_HISTORY = 200


def published(playbook: Playbook, answer: PublishAnswer, first: Move) -> VersionState:
    """How a version stands when it arrives: in the state that its first move leads to, with no run yet."""
    return VersionState(
        sha256=answer.sha256,
        author=playbook.metadata.author,
        status=first.to,
        quality=answer.score,
        updated_at=_iso(first.at),
        history=(first,),
    )


def of_library(metadata: Metadata, quality: int) -> VersionState:
    """How a version of the library stands for a tenant that never moved it, nor ran it."""
    return VersionState(
        sha256="", author=metadata.author, status=metadata.status, quality=quality, updated_at=metadata.updated_at
    )


def moved(state: VersionState, wanted: StatusMove, at: int, by: str) -> VersionState:
    """The state after a move. Raises Conflict for a move that does not exist, or that must say why and does not."""
    if wanted.status == state.status:
        return _flagged(state, wanted)
    try:
        must_allow(state.author, state.status, wanted.status)
    except InvalidInput as refused:
        raise Conflict(refused.message, hint=refused.hint) from refused
    if needs_reason(state.status, wanted.status) and not wanted.why.strip():
        raise Conflict(f"to make it {wanted.status}, say why.", hint='Add "why".')
    return _with(state, wanted.status, Change(at, by, wanted.why))


def replaced(states: Mapping[Key, VersionState], key: Key, at: int) -> dict[Key, VersionState]:
    """What becomes of the other versions when this one is active: of one playbook one version is."""
    playbook_id, version = key
    if states[key].status != "active":
        return {}
    others = (other for other in states if other[0] == playbook_id and other != key)
    change = Change(at, "escher", f"version {version} is active")
    return {
        other: _with(states[other], "deprecated", change, deprecated_by=version)
        for other in others
        if states[other].status == "active"
    }


def counted(state: VersionState, outcome: RunOutcome, at: int) -> VersionState:
    """The state after a run that ended: the third failure in a row ends its use, a failed test does at once."""
    count, failed = state.execution_count + 1, outcome.status in ("failed", "timeout")
    in_row = state.failures_in_row + 1 if failed else 0 if outcome.status == "completed" else state.failures_in_row
    total = (state.avg_duration_seconds or 0) * (count - 1) + outcome.duration_seconds
    after = state.model_copy(
        update={
            "execution_count": count,
            "success_count": state.success_count + (outcome.status == "completed"),
            "avg_duration_seconds": total / count,
            "last_executed": _iso(at),
            "failures_in_row": in_row,
        }
    )
    to = after_run(state.author, state.status, in_row)
    if to == state.status:
        return after
    return _with(after, to, Change(at, "escher", f"{in_row} failed runs in a row"))


def as_it_stands(metadata: Metadata, state: VersionState) -> Metadata:
    """The metadata with this tenant's state and statistics in place of those that it was written with."""
    return metadata.model_copy(
        update={
            "status": state.status,
            "needs_update": state.needs_update,
            "updated_at": state.updated_at,
            "deprecated_by": state.deprecated_by,
            "deprecation_reason": state.deprecation_reason,
            "execution_count": state.execution_count,
            "success_count": state.success_count,
            "avg_duration_seconds": state.avg_duration_seconds,
            "last_executed": state.last_executed,
        }
    )


def standing(key: Key, state: VersionState) -> Standing:
    """What is told of a version to its tenant."""
    count = state.execution_count
    return Standing(
        playbook_id=key[0],
        version=key[1],
        status=state.status,
        needs_update=state.needs_update,
        execution_count=count,
        success_count=state.success_count,
        success_rate=state.success_count / count if count else 0,
        avg_duration_seconds=state.avg_duration_seconds,
        last_executed=state.last_executed,
        history=state.history,
    )


def _with(state: VersionState, to: Status, change: Change, deprecated_by: str | None = None) -> VersionState:
    deprecated = to == "deprecated"
    return state.model_copy(
        update={
            "status": to,
            "needs_update": False,
            "updated_at": _iso(change.at),
            "history": (*state.history, move(state.status, to, change))[-_HISTORY:],
            "deprecated_by": deprecated_by if deprecated else None,
            "deprecation_reason": (change.why or None) if deprecated else None,
            "failures_in_row": 0,
        }
    )


def _flagged(state: VersionState, wanted: StatusMove) -> VersionState:
    """The flag of an active version; the same state again without a flag is no move. Raises Conflict."""
    if wanted.needs_update is None or state.status != "active":
        raise Conflict(f"it is {state.status} already.", hint="Nothing was changed.")
    return state.model_copy(update={"needs_update": wanted.needs_update})


def _iso(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat()
