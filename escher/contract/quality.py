"""How good a playbook is, from 0 to 100 (playbooks.md section 11). Pure: it reads the playbook, and runs nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from escher.contract.playbook import Playbook, StepSpec
from escher.contract.publication import Flags, Tier
from escher.contract.secrets import leaks


class Tried(Protocol):
    """A case of a playbook, as far as its quality depends on it."""

    @property
    def skipped(self) -> Sequence[str]:
        """What the playbook leaves alone in it."""
        ...


@dataclass(frozen=True, slots=True)
class Quality:
    """`score` is out of 100; `improvements` name what the missing points are for."""

    score: int
    improvements: tuple[str, ...]

    @property
    def tier(self) -> Tier:
        """What the score means for search and publishing."""
        if self.score >= 90:
            return "featured"
        if self.score >= 70:
            return "normal"
        return "warned" if self.score >= 50 else "refused"


def assess(playbook: Playbook, cases: Sequence[Tried] = ()) -> Quality:
    """Score a playbook with its cases: metadata 30, documentation 25, parameters 20, errors 15, testing 10.

    What is published comes without cases, and so without their points.
    """
    rules = (
        *_metadata(playbook),
        *_documentation(playbook),
        *_parameters(playbook),
        *_errors(playbook),
        *_testing(cases),
    )
    return Quality(
        score=sum(points for points, met, _ in rules if met),
        improvements=tuple(advice for _, met, advice in rules if not met),
    )


def flags_of(playbook: Playbook, *, tested: bool = False) -> Flags:
    """Which virtues a playbook has; whether it was tested is for others to say."""
    steps, explained = playbook.orchestration.steps, playbook.explain_plan
    changes = [step for step in steps if step.phase == "change"]
    return Flags(
        idempotency=steps[0].phase == "check",
        error_handling=all(step.rollback or step.irreversible_because for step in changes),
        documentation=len(explained.what_happens) == len(steps) and bool(explained.success_criteria),
        security=not leaks(playbook) and all(_permissions(playbook)),
        testing=tested,
        performance=any(step.for_each == "account_region" for step in changes),
    )


_Rule = tuple[int, bool, str]


def _metadata(playbook: Playbook) -> Iterable[_Rule]:
    metadata = playbook.metadata
    yield 8, len(metadata.keywords) >= 10, "give at least 10 keywords"
    yield 8, len(metadata.use_cases) >= 4, "give at least 4 use cases"
    yield 7, len(metadata.description) >= 60, "describe it in at least 60 characters"
    yield 7, all(_permissions(playbook)), "name the permissions of every script"


def _documentation(playbook: Playbook) -> Iterable[_Rule]:
    explained = playbook.explain_plan
    yield 10, len(explained.what_happens) == len(playbook.orchestration.steps), "explain every step"
    yield 8, len(explained.risks) >= 2, "name at least 2 risks"
    yield (
        7,
        bool(explained.success_criteria and explained.rollback_strategy),
        "say when it succeeded and how it is undone",
    )


def _parameters(playbook: Playbook) -> Iterable[_Rule]:
    guarded = [
        spec.validation.pattern or spec.validation.options or spec.type == "boolean" for spec in playbook.parameters
    ]
    yield 12, all(guarded), "give every parameter a pattern or options"
    told = [bool(spec.validation.error_message) for spec in playbook.parameters]
    yield 8, all(told), "give every parameter an error message"


def _errors(playbook: Playbook) -> Iterable[_Rule]:
    steps = playbook.orchestration.steps
    yield 5, steps[0].phase == "check", "check before the first change"
    yield 5, steps[-1].phase == "verify", "verify after the last change"
    yield 5, all(_honest(step) for step in steps), "give every change a rollback, or say why it has none"


def _testing(cases: Sequence[Tried]) -> Iterable[_Rule]:
    yield 5, len(cases) >= 2, "give at least 2 cases"
    yield 5, any(case.skipped for case in cases), "give a case with a resource that is left alone"


def _permissions(playbook: Playbook) -> Iterable[bool]:
    return (bool(script.metadata.permissions_required) for script in playbook.scripts.values())


def _honest(step: StepSpec) -> bool:
    return step.phase != "change" or bool(step.rollback) or bool(step.irreversible_because)
