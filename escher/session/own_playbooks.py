"""The user's own playbooks beside those that the server ranked: only this machine knows both (spec/playbooks.md section 9)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from escher.contract.filling import fill
from escher.contract.fitting import confidence, similarity, wanted_of
from escher.contract.lifecycle import RUNNABLE
from escher.contract.plan import PlanTemplate
from escher.contract.playbook import Playbook, RankedPlaybook
from escher.contract.quality import assess
from escher.contract.ranking import Candidate, merged, rank, reason
from escher.contract.understanding import Understanding
from escher.vectors.fitting import fitting
from escher.vectors.purposes import Purposes

if TYPE_CHECKING:
    from escher.session.wiring import Parts

_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Offer:
    """What may be done, best first; `template` is a plan's when the best is one of the user's own, else None."""

    playbooks: tuple[RankedPlaybook, ...]
    template: PlanTemplate | None = None


def offer(parts: Parts, question: str, understanding: Understanding, ranked: Sequence[RankedPlaybook]) -> Offer:
    """The server's ranks with the user's own playbooks among them. Nothing leaves for it."""
    own = {_key(playbook): playbook for playbook in parts.playbooks.all() if playbook.metadata.status in RUNNABLE}
    # What was uploaded was ranked by the server already.
    for one in ranked:
        own.pop((one.playbook_id, one.version), None)
    if not own:
        return Offer(tuple(ranked))
    odds = _odds(parts, question, understanding, tuple(own.values()))
    today = datetime.now(UTC).date()
    candidates = [Candidate(own[key].metadata, similarity(of), assess(own[key]).score) for key, of in odds.items()]
    order = [
        one if isinstance(one, RankedPlaybook) else _ranked(one, odds[one.metadata.playbook_id, one.metadata.version])
        for one in merged(rank(candidates, today), ranked, today)
    ][:_SHOWN]
    first = own.get((order[0].playbook_id, order[0].version)) if order and order[0].source == "local" else None
    return Offer(tuple(order), fill(first, understanding) if first else None)


def _odds(
    parts: Parts, question: str, understanding: Understanding, own: Sequence[Playbook]
) -> dict[tuple[str, str], float]:
    asked = wanted_of(understanding, question)
    purposes = Purposes([playbook.metadata for playbook in own], parts.embedder)
    return {_key(own[place]): odds for place, odds in fitting(purposes, own, asked).items()}


def _ranked(candidate: Candidate, odds: float) -> RankedPlaybook:
    metadata = candidate.metadata
    return RankedPlaybook(
        playbook_id=metadata.playbook_id,
        version=metadata.version,
        confidence=round(confidence(odds), 2),
        reason=reason(metadata),
        source="local",
        status=metadata.status,
        quality=candidate.quality,
    )


def _key(playbook: Playbook) -> tuple[str, str]:
    return playbook.metadata.playbook_id, playbook.metadata.version
