"""Put playbooks together into one: all checks first, then what changes, then what verifies. Pure.

Every step stays with the types that its own playbook is for, and what those playbooks require of a target stays, type
by type. What does not go together (one parameter that means two things, one type with two conditions) is not forced.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Literal, TypeVar

from escher.contract.playbook import (
    ExplainPlan,
    Happening,
    Impact,
    Metadata,
    Orchestration,
    ParameterSpec,
    Playbook,
    StepSpec,
    Targets,
    TargetsOfTypes,
)
from escher.contract.risk import at_least
from escher.contract.understanding import Parameter, Parameters
from escher.contract.vocabulary import Risk

T = TypeVar("T")
Loss = Literal["none", "low", "medium", "high"]
_LOSSES: tuple[Loss, ...] = ("none", "low", "medium", "high")
_MOST = {"use_cases": 10, "keywords": 20, "why_use_it": 6, "risks": 8}


@dataclass(frozen=True, slots=True)
class Title:
    """What a playbook that was put together is called and for."""

    playbook_id: str
    name: str
    description: str
    purpose: str
    category: str


def goes_together(playbooks: Sequence[Playbook]) -> bool:
    """Whether parameters of one name are the same in all, and no type is in two with different conditions."""
    specs: dict[str, ParameterSpec] = {}
    for spec in (spec for playbook in playbooks for spec in playbook.parameters):
        other = specs.setdefault(spec.name, spec)
        if (spec.type, spec.default, spec.required) != (other.type, other.default, other.required):
            return False
    return not any(
        _conditions(one) != _conditions(other) and set(_types(one)) & set(_types(other))
        for number, one in enumerate(playbooks)
        for other in playbooks[:number]
    )


def all_take(playbooks: Sequence[Playbook], given: Parameters) -> bool:
    """Whether every value that was given looks right to each of the playbooks that take it: a size of one cloud does not.

    Only the library's own patterns are tried here; a tenant's may take forever, and the client tries them all.
    """
    trusted = (playbook for playbook in playbooks if playbook.metadata.author == "escher_library")
    for spec in (spec for playbook in trusted for spec in playbook.parameters):
        parameter: Parameter | None = getattr(given, spec.name, None)
        pattern, value = spec.validation.pattern, parameter.value if parameter else None
        if pattern and value is not None and not re.fullmatch(pattern, str(value)):
            return False
    return True


def composed(playbooks: Sequence[Playbook], title: Title) -> Playbook:
    """One playbook that does what all of these do, each to its own types of things."""
    steps = [(playbook, step) for playbook in playbooks for step in _ordered(playbook)]
    placed = [pair for phase in _PHASES for pair in steps if _place(*pair) == phase]
    return Playbook(
        metadata=_metadata(playbooks, title),
        parameters=tuple(_distinct(spec for playbook in playbooks for spec in playbook.parameters)),
        orchestration=Orchestration(
            targets=_targets(playbooks),
            steps=tuple(_step(number, *pair) for number, pair in enumerate(placed, start=1)),
        ),
        explain_plan=_explained(playbooks, title, placed),
        scripts={key: script for playbook in playbooks for key, script in playbook.scripts.items()},
    )


_PHASES = ("check", "change", "verify")


def _place(playbook: Playbook, step: StepSpec) -> str:
    """Checks before the first change come first, what verifies after the last one comes last; the rest keeps its order."""
    steps = _ordered(playbook)
    if step in tuple(takewhile(lambda one: one.phase == "check", steps)):
        return "check"
    return "verify" if step in tuple(takewhile(lambda one: one.phase == "verify", reversed(steps))) else "change"


def _ordered(playbook: Playbook) -> list[StepSpec]:
    return sorted(playbook.orchestration.steps, key=lambda step: step.step_number)


def _step(number: int, playbook: Playbook, step: StepSpec) -> StepSpec:
    return step.model_copy(update={"step_number": number, "only_types": step.only_types or _types(playbook)})


def _types(playbook: Playbook) -> tuple[str, ...]:
    return playbook.orchestration.targets.resource_types


def _conditions(playbook: Playbook) -> tuple[object, ...]:
    targets = playbook.orchestration.targets
    return targets.require, targets.having, targets.among


def _targets(playbooks: Sequence[Playbook]) -> Targets:
    parts = [part for playbook in playbooks for part in _parts(playbook.orchestration.targets)]
    reasons = dict.fromkeys(part.skipped_because for part in parts if part.skipped_because)
    return Targets(
        resource_types=tuple(_distinct(name for playbook in playbooks for name in _types(playbook))),
        skipped_because=" or ".join(reasons),
        among=tuple(parts),
    )


def _parts(targets: Targets) -> tuple[TargetsOfTypes, ...]:
    return targets.among or (TargetsOfTypes(**{name: getattr(targets, name) for name in TargetsOfTypes.model_fields}),)


def _metadata(playbooks: Sequence[Playbook], title: Title) -> Metadata:
    parts = [playbook.metadata for playbook in playbooks]
    impacts = [part.estimated_impact for part in parts]
    return parts[0].model_copy(
        update={
            "playbook_id": title.playbook_id,
            "version": "1.0.0",
            "name": title.name,
            "description": title.description,
            "purpose": title.purpose,
            "kinds": tuple(_distinct(kind for part in parts for kind in part.kinds)),
            "use_cases": _mixed([part.use_cases for part in parts], _MOST["use_cases"]),
            "keywords": _mixed([part.keywords for part in parts], _MOST["keywords"]),
            "prerequisites": tuple(_distinct(line for part in parts for line in part.prerequisites)),
            "cloud_provider": tuple(_distinct(cloud for part in parts for cloud in part.cloud_provider)),
            "resource_types": tuple(_distinct(name for part in parts for name in part.resource_types)),
            "tags": parts[0].tags.model_copy(update={"category": title.category, "risk_level": _riskiest(parts)}),
            "estimated_impact": _impact(impacts),
            "depends_on": (),
        }
    )


def _riskiest(parts: Sequence[Metadata]) -> Risk:
    levels: list[Risk] = [part.tags.risk_level for part in parts]
    return at_least(*levels)


def _impact(impacts: Sequence[Impact]) -> Impact:
    losses: list[Loss] = [one.data_loss_risk for one in impacts]
    sums = dict.fromkeys(one.savings_computed_as for one in impacts if one.savings_computed_as)
    return Impact(
        downtime_minutes=max(one.downtime_minutes for one in impacts),
        savings_computed_as="; ".join(sums),
        affected_resources="; ".join(dict.fromkeys(one.affected_resources for one in impacts)),
        reversible=all(one.reversible for one in impacts),
        data_loss_risk=max(losses, key=_LOSSES.index),
    )


def _explained(playbooks: Sequence[Playbook], title: Title, placed: Sequence[tuple[Playbook, StepSpec]]) -> ExplainPlan:
    parts = [playbook.explain_plan for playbook in playbooks]
    return ExplainPlan(
        what_it_does=f"{title.purpose} {' '.join(part.what_it_does for part in parts)}",
        why_use_it=_mixed([part.why_use_it for part in parts], _MOST["why_use_it"]),
        what_happens=tuple(_happening(*pair) for pair in placed),
        risks=_mixed([part.risks for part in parts], _MOST["risks"]),
        rollback_strategy=" ".join(_distinct(part.rollback_strategy for part in parts)),
        rollback_steps=tuple(_distinct(line for part in parts for line in part.rollback_steps)),
        success_criteria=tuple(_distinct(line for part in parts for line in part.success_criteria)),
    )


def _happening(playbook: Playbook, step: StepSpec) -> Happening:
    """What its own playbook says of a step, where it explains every one of them."""
    told, place = playbook.explain_plan.what_happens, _ordered(playbook).index(step)
    found = told[place] if len(told) == len(playbook.orchestration.steps) else told[0]
    return found.model_copy(update={"action": f"{step.name}"})


def _mixed(lists: Sequence[Sequence[T]], most: int) -> tuple[T, ...]:
    """Of each list in turn, so that each has its share."""
    longest = max(map(len, lists))
    return tuple(_distinct(one[place] for place in range(longest) for one in lists if place < len(one)))[:most]


def _distinct(values: Iterable[T]) -> Iterator[T]:
    seen: list[T] = []
    for value in values:
        if value not in seen:
            seen.append(value)
            yield value
