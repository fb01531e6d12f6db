"""Draft a playbook for an aim out of the library's: only for what the asker has, marked as generated, kept by nobody yet.

Nothing is invented: each script is one of the library's, each target is required what its own playbook requires. What is
not known (a price, how long restoring takes) is said not to be.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from escher.contract.context import RequestContext
from escher.contract.environments import canonical_environment
from escher.contract.events import Proposed
from escher.contract.playbook import KnownRisk, Metadata, Playbook
from escher.contract.understanding import Conditions, Understanding
from escher_server.agents.making.aims import AIMS, Aim, aim_of, serves
from escher_server.agents.making.clouds import NAMES
from escher_server.agents.making.composed import Title, composed, goes_together
from escher_server.agents.making.decision import Decision, ask_back
from escher_server.agents.making.identities import KIND_OF, cloud_of
from escher_server.library.loader import Library

_MOST = 8
_MARK = "Put together from the library's playbooks for this request; nobody reviewed the whole."


def draft_for(context: RequestContext, understanding: Understanding, library: Library) -> Decision:
    """The draft that was asked for, or the question what it is to be for."""
    aim = aim_of(context.prompt)
    if aim is None:
        return ask_back("What is the playbook to be for?", [f"create a {one.name} playbook" for one in AIMS[:4]])
    every = (entry.playbook for entry in library.entries.values())
    parts = _chosen(_fitting(every, aim, context, understanding))
    if not parts:
        return Decision(
            "information", f"The library has nothing for {aim.name} of what you have, so there is no draft."
        )
    playbook = drafted(parts, aim, _environments(understanding))
    return Decision("information", _told(playbook, parts, aim), proposed=Proposed(draft=playbook))


def drafted(parts: Sequence[Playbook], aim: Aim, environments: tuple[str, ...]) -> Playbook:
    """One playbook out of the parts, as a draft, for these environments alone where any are said."""
    scope = f" in {' and '.join(environments)}" if environments else ""
    names = ", ".join(part.metadata.name for part in parts)
    whole = composed(
        parts,
        Title(
            playbook_id="-".join(("user", *aim.name.split(), *environments)),
            name=f"{aim.name.capitalize()}{scope}"[:100],
            description=f"{_MARK} It does: {names}."[:500],
            purpose=f"{aim.name.capitalize()}{scope}: {names}.",
            category=aim.name,
        ),
    )
    targets = whole.orchestration.targets.model_copy(update={"require": Conditions(environments=environments)})
    return whole.model_copy(
        update={
            "metadata": _as_draft(whole.metadata),
            "orchestration": whole.orchestration.model_copy(update={"targets": targets}),
            "explain_plan": whole.explain_plan.model_copy(
                update={"risks": (_unreviewed(aim), *whole.explain_plan.risks)[:8]}
            ),
        }
    )


def _as_draft(metadata: Metadata) -> Metadata:
    return metadata.model_copy(update={"author": "ai_generated", "status": "draft", "storage_strategy": "local_only"})


def _unreviewed(aim: Aim) -> KnownRisk:
    return KnownRisk(
        severity="medium",
        probability="medium",
        description=f"{_MARK} {aim.known}",
        mitigation="Read every step, try it where nothing is lost, then move it on: escher playbook status.",
    )


def _fitting(
    playbooks: Iterable[Playbook], aim: Aim, context: RequestContext, understanding: Understanding
) -> list[Playbook]:
    """What serves the aim and acts on something that the asker has, in the clouds and of the kinds that were said."""
    have = {count.value for count in context.summary.resource_types}
    clouds = set(understanding.providers) or {count.value for count in context.summary.providers}
    kinds = set(understanding.kinds)
    return [
        playbook
        for playbook in playbooks
        if serves(playbook, aim)
        and any(
            (not have or name in have)
            and (not clouds or cloud_of(name) in clouds)
            and (not kinds or KIND_OF.get(name) in kinds)
            for name in playbook.orchestration.targets.resource_types
        )
    ]


def _chosen(fitting: Sequence[Playbook]) -> list[Playbook]:
    """As many as go together, a cloud in turn, so that none is left out for another; what leaves least behind first."""
    by_cloud = [
        [playbook for playbook in fitting if cloud in playbook.metadata.cloud_provider]
        for cloud in ("aws", "azure", "gcp")
    ]
    longest = max(map(len, by_cloud), default=0)
    in_turn = [one[place] for place in range(longest) for one in by_cloud if place < len(one)]
    chosen: list[Playbook] = []
    for playbook in in_turn:
        if len(chosen) < _MOST and playbook not in chosen and goes_together([*chosen, playbook]):
            chosen.append(playbook)
    return chosen


def _environments(understanding: Understanding) -> tuple[str, ...]:
    """The environments that were said; only words of the closed list are ever kept in a playbook."""
    return tuple(word for word in understanding.filters.environments if canonical_environment(word) == word)


def _told(playbook: Playbook, parts: Sequence[Playbook], aim: Aim) -> str:
    clouds = " and ".join(NAMES[cloud] for cloud in playbook.metadata.cloud_provider)
    steps = " ".join(f"{step.step_number}. {step.name}." for step in playbook.orchestration.steps)
    does = "; ".join(part.metadata.name for part in parts)
    return f"A draft for **{playbook.metadata.name}** in {clouds}: {does}. Its steps: {steps} {_MARK} {aim.known}"
