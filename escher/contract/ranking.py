"""The ranking arithmetic of playbooks (spec/playbooks.md section 10), shared so that both sides order alike. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from escher.contract.playbook import Author, Metadata, Status

SEARCHABLE: frozenset[Status] = frozenset({"active", "deprecated", "testing", "review"})

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
    """One candidate a playbook, its best version, by descending points; equal ones in order of their ids."""
    best: dict[str, Candidate] = {}
    for candidate in candidates:
        held = best.get(candidate.metadata.playbook_id)
        if held is None or _version_order(candidate.metadata) > _version_order(held.metadata):
            best[candidate.metadata.playbook_id] = candidate
    return tuple(sorted(best.values(), key=lambda found: (-points(found, today), found.metadata.playbook_id)))


def points(candidate: Candidate, today: date) -> float:
    """What a candidate is worth: similarity up to 100, then author, record, freshness, state and quality."""
    metadata = candidate.metadata
    return (
        100 * candidate.similarity
        + _AUTHOR[metadata.author]
        + 10 * success_rate(metadata)
        + 0.1 * min(metadata.execution_count, _EXECUTIONS_COUNTED)
        + (5 if _age_days(metadata, today) <= _RECENT_DAYS else 0)
        + _STATUS.get(metadata.status, 0)
        + (20 if candidate.quality >= 90 else 0)
    )


def success_rate(metadata: Metadata) -> float:
    """The share of runs that succeeded, from 0 to 1; 0 for a playbook that has not run."""
    return metadata.success_count / metadata.execution_count if metadata.execution_count else 0.0


def _version_order(metadata: Metadata) -> tuple[int, tuple[int, ...], float, str]:
    numbers = tuple(int(number) for number in metadata.version.split("."))
    precedence = -_PRECEDENCE.index(metadata.status) if metadata.status in _PRECEDENCE else -len(_PRECEDENCE)
    return precedence, numbers, success_rate(metadata), metadata.updated_at


def _age_days(metadata: Metadata, today: date) -> int:
    return (today - date.fromisoformat(metadata.updated_at[:10])).days
