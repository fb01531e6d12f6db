"""The ranking arithmetic of playbooks (spec/playbooks.md section 10), shared so that both sides order alike. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from escher.contract.fitting import odds_of, similarity
from escher.contract.playbook import Author, Metadata, RankedPlaybook, Status

SEARCHABLE: frozenset[Status] = frozenset({"active", "deprecated", "testing", "review"})

# A playbook that fits this much worse than the nearest comes after it, whoever wrote it.
REACH = 0.4
_UPDATE_DUE = 20
_AUTHOR: dict[Author, float] = {"user_custom": 100, "escher_library": 50, "ai_generated": 0}
_STATUS: dict[Status, float] = {"active": 50, "deprecated": 10, "testing": 5, "review": 5}
_PRECEDENCE: tuple[Status, ...] = ("active", "deprecated", "testing", "review")
_EXECUTIONS_COUNTED = 100
_RECENT_DAYS = 30


@dataclass(frozen=True, slots=True)
class Candidate:
    """A playbook that was found. `similarity` is from 0 to 1, `quality` from 0 to 100."""

    metadata: Metadata
    similarity: float
    quality: int


def rank(candidates: Iterable[Candidate], today: date) -> tuple[Candidate, ...]:
    """One candidate a playbook, its best version, by descending points; equal ones in order of their ids.

    A user's own stands for the playbook of the library that it was made from. What is far less similar than the
    nearest comes after all that is near.
    """
    found = tuple(candidates)
    made_from = {own.metadata.escher_playbook_id for own in found if own.metadata.author == "user_custom"}
    best: dict[str, Candidate] = {}
    for candidate in found:
        if candidate.metadata.playbook_id in made_from and candidate.metadata.author == "escher_library":
            continue
        held = best.get(candidate.metadata.playbook_id)
        if held is None or _version_order(candidate.metadata) > _version_order(held.metadata):
            best[candidate.metadata.playbook_id] = candidate
    least = max((one.similarity for one in best.values()), default=0.0) - REACH
    return tuple(
        sorted(
            best.values(),
            key=lambda one: (one.similarity < least, -points(one, today), one.metadata.playbook_id),
        )
    )


def points(candidate: Candidate, today: date) -> float:
    """What a candidate is worth: similarity up to 100, then author, record, freshness, state and quality."""
    metadata = candidate.metadata
    return (
        100 * candidate.similarity
        + _AUTHOR[metadata.author]
        + 10 * success_rate(metadata)
        + 0.1 * min(metadata.execution_count, _EXECUTIONS_COUNTED)
        + (5 if _age_days(metadata, today) <= _RECENT_DAYS else 0)
        + (_UPDATE_DUE if _update_due(metadata) else _STATUS.get(metadata.status, 0))
        + (20 if candidate.quality >= 90 else 0)
    )


def merged(
    own: Iterable[Candidate], others: Iterable[RankedPlaybook], today: date
) -> tuple[Candidate | RankedPlaybook, ...]:
    """A user's own candidates among those that the server ranked, which keep their order; best first."""
    worth: list[tuple[float, Candidate | RankedPlaybook]] = [(points(one, today), one) for one in own]
    lowest = math.inf
    for one in others:
        lowest = min(lowest, _points_of(one))
        worth.append((lowest, one))
    return tuple(one for _, one in sorted(worth, key=lambda pair: -pair[0]))


def _points_of(ranked: RankedPlaybook) -> float:
    """What a ranked playbook is worth, as far as its rank tells: without its record and its freshness."""
    author: Author = "escher_library" if ranked.source == "library" else "user_custom"
    quality = 20 if (ranked.quality or 0) >= 90 else 0
    return 100 * similarity(odds_of(ranked.confidence)) + _AUTHOR[author] + _STATUS.get(ranked.status, 0) + quality


def reason(metadata: Metadata) -> str:
    """Why a playbook is offered, in two or three sentences: what it does, how it stands, what is to be weighed."""
    standing = _standing(metadata)
    return f"{metadata.purpose.rstrip('.')}. {standing} {_trade_offs(metadata)}"


def _standing(metadata: Metadata) -> str:
    runs, count = _runs(metadata.execution_count), metadata.execution_count
    record = f"it succeeded in {metadata.success_count} of {runs}" if count else "no runs of it are recorded yet"
    match metadata.status:
        case "active" if not metadata.needs_update:
            return f"{record[0].upper()}{record[1:]}."
        case "active":
            return f"It is active and due for an update; {record}."
        case "deprecated":
            return f"A newer version takes its place; {record}."
        case "review" | "testing":
            return f"It is untested ({metadata.status}), so each of its runs is approved; {record}."
        case _:
            return f"It is {metadata.status}; {record}."


def _runs(count: int) -> str:
    return "1 run" if count == 1 else f"{count} runs"


def _trade_offs(metadata: Metadata) -> str:
    impact = metadata.estimated_impact
    undo = "It can be undone" if impact.reversible else "It cannot be undone"
    pause = (
        f", and its targets are away for about {impact.downtime_minutes:g} minutes" if impact.downtime_minutes else ""
    )
    return f"{undo}{pause}."


def success_rate(metadata: Metadata) -> float:
    """The share of runs that succeeded, from 0 to 1; 0 for a playbook that has not run."""
    return metadata.success_count / metadata.execution_count if metadata.execution_count else 0.0


def _update_due(metadata: Metadata) -> bool:
    return metadata.status == "active" and metadata.needs_update


def _version_order(metadata: Metadata) -> tuple[float, tuple[int, ...], float, str]:
    """State first: active, active but due for an update, deprecated; then version, record and freshness."""
    numbers = tuple(int(number) for number in metadata.version.split("."))
    precedence = -_PRECEDENCE.index(metadata.status) if metadata.status in _PRECEDENCE else -len(_PRECEDENCE)
    return precedence - 0.5 * _update_due(metadata), numbers, success_rate(metadata), metadata.updated_at


def _age_days(metadata: Metadata, today: date) -> int:
    return (today - date.fromisoformat(metadata.updated_at[:10])).days
