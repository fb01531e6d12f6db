"""The client's own check of a plan, whoever wrote it. Pure but for the script reader, which runs nothing.

Every script is read again; a plan that does more than it says, reaches past the targets that were shown, sets its own
environment, or cannot be read whole is refused, and the difference is named.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from escher.contract.estate import Resource
from escher.contract.plan import Call, Plan, Step
from escher.contract.ports import ScriptReader
from escher.contract.vocabulary import SEVERITY
from escher.errors import PlanRefused

ENVIRONMENT = frozenset({"AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ENDPOINT_URL", "AWS_CA_BUNDLE", "HTTPS_PROXY"})
SCRIPT_LIMIT = 100_000
# Parameters that hold a user's own words: there, a word that equals some resource's name reaches nothing.
FREE_VALUES = frozenset({"Tags", "TagList", "TagSet", "TagSpecifications", "Description"})


def check(plan: Plan, targets: Sequence[Resource], estate: Mapping[str, Resource], reader: ScriptReader) -> None:
    """Raise PlanRefused with every difference found. `estate` maps every known identifier and resource id."""
    shown = {target.resource_id: target for target in targets}
    problems = [problem for step in plan.steps for problem in _step_problems(step, shown, estate, reader)]
    if not any(step.targets for step in plan.steps):
        problems.append("no step has a target")
    if problems:
        listed = "; ".join(dict.fromkeys(problems))
        raise PlanRefused(
            f"the plan is not what it says: {listed}.", hint="Nothing ran. Ask again or report the playbook."
        )


def _step_problems(
    step: Step, shown: Mapping[str, Resource], estate: Mapping[str, Resource], reader: ScriptReader
) -> Iterator[str]:
    where = f"step {step.step_id}"
    for resource_id in step.targets:
        target = shown.get(resource_id)
        if target is None:
            yield f"{where} has a target that was not shown"
        elif target.account_id != step.account_id or target.region != step.region:
            yield f"{where} acts in another account or region than its targets are in"
    allowed = {resource_id: shown[resource_id] for resource_id in step.targets if resource_id in shown}
    yield from _call_problems(where, step, allowed, estate, reader)
    worst = max((SEVERITY[operation.effect] for operation in step.operations), default=0)
    if SEVERITY[step.effect] < worst or (step.phase != "change" and step.effect != "read"):
        yield f"{where} says it {step.effect}s and does more"
    if step.rollback:
        yield from _call_problems(f"the undo of {where}", step.rollback, allowed, estate, reader)


def _call_problems(
    where: str, call: Call, allowed: Mapping[str, Resource], estate: Mapping[str, Resource], reader: ScriptReader
) -> Iterator[str]:
    unknown = set(call.environment) - ENVIRONMENT
    if unknown:
        yield f"{where} sets {', '.join(sorted(unknown))}"
    if len(call.script.encode()) > SCRIPT_LIMIT:
        yield f"{where} is longer than {SCRIPT_LIMIT} bytes"
    reading = reader.read(call.script, call.language, call.arguments, call.environment)
    for line, message in reading.problems:
        yield f"{where}, line {line}: {message}"
    if reading.operations != call.operations:
        yield f"{where} calls other operations than were shown"
    yield from _reach_problems(where, call, allowed, estate)


def _reach_problems(
    where: str, call: Call, allowed: Mapping[str, Resource], estate: Mapping[str, Resource]
) -> Iterator[str]:
    """A change names at least one of its targets, and nothing else of the estate."""
    own = {word for target in allowed.values() for word in (target.resource_id, target.identifier)}
    for operation in call.operations:
        if operation.effect == "read":
            continue
        words = set(_strings(operation.parameters))
        if not words & own:
            yield f"{where}: {operation.operation} names none of its targets"
        for word in words - own:
            other = estate.get(word)
            if other is not None:
                yield f"{where}: {operation.operation} also reaches a {other.kind} that was not shown"


def _strings(node: Any) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, Mapping):
        for key, value in node.items():
            if key not in FREE_VALUES:
                yield from _strings(value)
    elif isinstance(node, list | tuple):
        for value in node:
            yield from _strings(value)
