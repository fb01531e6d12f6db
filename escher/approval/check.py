"""The client's own check of a plan, whoever wrote it. Pure but for the script reader, which runs nothing.

Every script is read again; a plan that does more than it says, reaches past the targets that were shown, sets its own
environment, or cannot be read whole is refused, and the difference is named.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from escher.approval.naming import naming
from escher.contract.estate import Resource
from escher.contract.plan import Call, Plan, Step
from escher.contract.ports import ScriptReader
from escher.contract.reach import names_everything
from escher.contract.vocabulary import SEVERITY, Provider
from escher.errors import PlanRefused

# What a plan may set for a step in each cloud: its place, and where the cloud's API is.
ENVIRONMENT: Mapping[Provider, frozenset[str]] = {
    "aws": frozenset({"AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ENDPOINT_URL", "AWS_CA_BUNDLE", "HTTPS_PROXY"}),
    "azure": frozenset({"AZURE_SUBSCRIPTION_ID", "AZURE_RESOURCE_MANAGER_URL", "REQUESTS_CA_BUNDLE", "HTTPS_PROXY"}),
    "gcp": frozenset({"CLOUDSDK_CORE_PROJECT", "GOOGLE_CLOUD_PROJECT", "REQUESTS_CA_BUNDLE", "HTTPS_PROXY"}),
}
ENDPOINTS = "CLOUDSDK_API_ENDPOINT_OVERRIDES_"
SCRIPT_LIMIT = 100_000


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
    yield from _environment_problems(where, step.provider, step)
    yield from _call_problems(where, step, allowed, estate, reader)
    worst = max((SEVERITY[operation.effect] for operation in step.operations), default=0)
    if SEVERITY[step.effect] < worst or (step.phase != "change" and step.effect != "read"):
        yield f"{where} says it {step.effect}s and does more"
    if step.rollback:
        yield from _environment_problems(f"the undo of {where}", step.provider, step.rollback)
        yield from _call_problems(f"the undo of {where}", step.rollback, allowed, estate, reader)


def _environment_problems(where: str, provider: Provider, call: Call) -> Iterator[str]:
    pinned = {name for name in call.environment if provider == "gcp" and name.startswith(ENDPOINTS)}
    unknown = set(call.environment) - ENVIRONMENT[provider] - pinned
    if unknown:
        yield f"{where} sets {', '.join(sorted(unknown))}"


def _call_problems(
    where: str, call: Call, allowed: Mapping[str, Resource], estate: Mapping[str, Resource], reader: ScriptReader
) -> Iterator[str]:
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
    for operation in call.operations:
        if operation.effect == "read":
            continue
        found = naming(operation, tuple(allowed.values()))
        if not found.is_targeted:
            yield f"{where}: {operation.operation} names none of its targets"
        if names_everything(operation):
            yield f"{where}: {operation.operation} names what it changes with a wildcard"
        for word in sorted(found.others & estate.keys()):
            yield f"{where}: {operation.operation} also reaches a {estate[word].kind} that was not shown"
