"""The order of the playbooks that fit, as a language model sees it: it may move one up among equals, and say why.

It adds none, drops none, and never puts another action, a higher risk or a much worse fit in the first place.
"""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict, Field

from escher.contract.context import RequestContext
from escher.contract.playbook import Metadata, RankedPlaybook
from escher.contract.risk import RISKS
from escher.contract.understanding import Understanding
from escher_server.agents.modelled.words import may_be_said
from escher_server.models.language import LanguageModel
from escher_server.models.prompts import read_prompt
from escher_server.models.quoting import clean, quoted

MOST_WORSE = 0.15


class Placed(BaseModel):
    """One playbook and why it has its place."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    playbook_id: str = Field(max_length=200)
    reason: str = Field(max_length=400)


class Order(BaseModel):
    """Playbooks, the best first."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    ranked: tuple[Placed, ...] = Field(max_length=3)


Candidate = tuple[RankedPlaybook, Metadata]


async def ordered(
    model: LanguageModel, context: RequestContext, understanding: Understanding, candidates: Sequence[Candidate]
) -> tuple[RankedPlaybook, ...]:
    """The same playbooks, in the rules' order or in a better one."""
    rules = tuple(ranked for ranked, _ in candidates)
    if len(rules) < 2:
        return rules
    order = await model.ask(read_prompt("playbook.md"), _told(context, understanding, candidates), Order)
    return rules if order is None else settle(order, candidates)


def settle(order: Order, candidates: Sequence[Candidate]) -> tuple[RankedPlaybook, ...]:
    """What of an order counts. Who is not named in it keeps its place after the others."""
    known = {ranked.playbook_id: (ranked, metadata) for ranked, metadata in candidates}
    wanted = [one for one in order.ranked if one.playbook_id in known]
    names = [one.playbook_id for one in wanted]
    if len(set(names)) != len(names) or len(wanted) != len(order.ranked) or not names:
        return tuple(ranked for ranked, _ in candidates)
    if not _may_be_first(known[names[0]], candidates[0]):
        return tuple(ranked for ranked, _ in candidates)
    placed = [_with_reason(known[one.playbook_id], one.reason) for one in wanted]
    return (*placed, *(ranked for ranked, _ in candidates if ranked.playbook_id not in names))


def _may_be_first(moved: Candidate, first: Candidate) -> bool:
    (ranked, metadata), (best, of_best) = moved, first
    return (
        metadata.action == of_best.action
        and set(metadata.kinds) >= set(of_best.kinds)
        and metadata.cloud_provider == of_best.cloud_provider
        and RISKS.index(metadata.tags.risk_level) <= RISKS.index(of_best.tags.risk_level)
        and ranked.confidence >= best.confidence - MOST_WORSE
    )


def _with_reason(candidate: Candidate, reason: str) -> RankedPlaybook:
    """The playbook with the model's reason before the rules', when it says nothing that is not in the metadata."""
    ranked, metadata = candidate
    said = clean(reason, 300)
    source = f"{metadata.model_dump_json()} {ranked.reason}"
    return ranked.model_copy(update={"reason": f"{said} {ranked.reason}"}) if may_be_said(said, source) else ranked


def _told(context: RequestContext, understanding: Understanding, candidates: Sequence[Candidate]) -> str:
    wanted = {
        "action": understanding.action,
        "kinds": understanding.kinds,
        "providers": understanding.providers,
        "text": context.prompt,
    }
    offered = [_described(ranked, metadata) for ranked, metadata in candidates]
    return f"{quoted('request', wanted)}\n{quoted('candidates', {'candidates': offered})}"


def _described(ranked: RankedPlaybook, metadata: Metadata) -> dict[str, object]:
    impact = metadata.estimated_impact
    return {
        "playbook_id": ranked.playbook_id,
        "name": clean(metadata.name),
        "purpose": clean(metadata.purpose, 400),
        "action": metadata.action,
        "kinds": metadata.kinds,
        "risk": metadata.tags.risk_level,
        "confidence": ranked.confidence,
        "source": ranked.source,
        "status": metadata.status,
        "reversible": impact.reversible,
        "downtime_minutes": impact.downtime_minutes,
    }
