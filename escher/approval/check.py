"""The client's own check of a plan, whoever wrote it. Pure but for the script reader, which runs nothing.

Every script is read again; a plan that does more than it says, reaches past the targets that were shown, sets its own
environment, or cannot be read whole is refused, and the difference is named.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from escher.approval.course import course_problems
from escher.approval.naming import naming
from escher.contract.estate import Account, Resource
from escher.contract.plan import Call, Operation, Plan, Step
from escher.contract.ports import ScriptReader
from escher.contract.reach import names_everything
from escher.contract.vocabulary import SEVERITY, Provider, worst
from escher.errors import PlanRefused

# What a plan may set for a step in each cloud: its place, and where the cloud's API is.
ENVIRONMENT: Mapping[Provider, frozenset[str]] = {
    "aws": frozenset({"AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ENDPOINT_URL", "AWS_CA_BUNDLE", "HTTPS_PROXY"}),
    "azure": frozenset({"AZURE_SUBSCRIPTION_ID", "AZURE_RESOURCE_MANAGER_URL", "REQUESTS_CA_BUNDLE", "HTTPS_PROXY"}),
    "gcp": frozenset({"CLOUDSDK_CORE_PROJECT", "GOOGLE_CLOUD_PROJECT", "REQUESTS_CA_BUNDLE", "HTTPS_PROXY"}),
}
_OF_REGION = ("AWS_REGION", "AWS_DEFAULT_REGION")
_OF_ACCOUNT = ("AZURE_SUBSCRIPTION_ID", "CLOUDSDK_CORE_PROJECT", "GOOGLE_CLOUD_PROJECT")
_OF_ENDPOINT = ("AWS_ENDPOINT_URL", "AZURE_RESOURCE_MANAGER_URL")
_OF_CERTIFICATES = ("AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE")
ENDPOINTS = "CLOUDSDK_API_ENDPOINT_OVERRIDES_"
SCRIPT_LIMIT = 100_000


def check(
    plan: Plan,
    targets: Sequence[Resource],
    estate: Mapping[str, Resource],
    accounts: Mapping[str, Account],
    reader: ScriptReader,
) -> None:
    """Raise PlanRefused with every difference found. `estate` maps every known identifier and resource id."""
    shown = {target.resource_id: target for target in targets}
    problems = [*_plan_problems(plan, shown), *course_problems(plan)]
    for step in plan.steps:
        problems += _step_problems(step, shown, accounts.get(step.account_id))
        problems += _script_problems(step, reader)
        problems += _reaches(step, shown, estate)
    _refuse(problems)


def must_do_what_it_says(plan: Plan, reader: ScriptReader) -> None:
    """Read a plan's scripts where its estate is not known, as on a second person's machine. Raises PlanRefused."""
    _refuse([*course_problems(plan), *(one for step in plan.steps for one in _script_problems(step, reader))])


def _refuse(problems: Sequence[str]) -> None:
    if problems:
        listed = "; ".join(dict.fromkeys(problems))
        raise PlanRefused(
            f"the plan is not what it says: {listed}.", hint="Nothing ran. Ask again or report the playbook."
        )


def _plan_problems(plan: Plan, shown: Mapping[str, Resource]) -> Iterator[str]:
    """What the whole says of its parts, which is what people read first."""
    if not any(step.targets for step in plan.steps):
        yield "no step has a target"
    if plan.effect != worst(step.effect for step in plan.steps):
        yield f"it says it {plan.effect}s, and its steps do something else"
    if plan.reversible and any(step.rollback is None for step in plan.steps if step.effect != "read"):
        yield "it says it can be undone, and nothing tells how"
    idle = shown.keys() - {target for step in plan.steps for target in step.targets}
    if idle:
        yield f"{len(idle)} of the shown targets are in no step"


def _step_problems(step: Step, shown: Mapping[str, Resource], account: Account | None) -> Iterator[str]:
    where = f"step {step.step_id}"
    for resource_id in step.targets:
        target = shown.get(resource_id)
        if target is None:
            yield f"{where} has a target that was not shown"
        elif (target.provider, target.account_id, target.region) != (step.provider, step.account_id, step.region):
            yield f"{where} acts in another account or region than its targets are in"
    for name, call in _calls(step):
        yield from environment_problems(name, step, call, account)


def _calls(step: Step) -> Iterator[tuple[str, Call]]:
    """A step's call and the one that undoes it, each with what people call it."""
    yield f"step {step.step_id}", step
    if step.rollback:
        yield f"the undo of step {step.step_id}", step.rollback


def _script_problems(step: Step, reader: ScriptReader) -> Iterator[str]:
    """What the bytes do against what is said of them."""
    for where, call in _calls(step):
        if len(call.script.encode()) > SCRIPT_LIMIT:
            yield f"{where} is longer than {SCRIPT_LIMIT} bytes"
        reading = reader.read(call.script, call.language, call.arguments, call.environment)
        for line, message in reading.problems:
            yield f"{where}, line {line}: {message}"
        if reading.operations != call.operations:
            yield f"{where} calls other operations than were shown: {_difference(reading.operations, call.operations)}"
        if call is step and SEVERITY[step.effect] < SEVERITY[reading.effect]:
            yield f"{where} says it {step.effect}s and does more"
    if step.phase != "change" and step.effect != "read":
        yield f"step {step.step_id} says it {step.effect}s and does more than a {step.phase}"


def _difference(read: Sequence[Operation], said: Sequence[Operation]) -> str:
    """What is read and not said, and what is said and not read; each operation once."""
    more = dict.fromkeys(_told(one) for one in read if one not in said)
    less = dict.fromkeys(_told(one) for one in said if one not in read)
    parts = [f"it also calls {', '.join(more)}"] * bool(more) + [f"it does not call {', '.join(less)}"] * bool(less)
    return " and ".join(parts) or "the same in another order or number"


def _told(operation: Operation) -> str:
    return f"{operation.service} {operation.operation}"


def _reaches(step: Step, shown: Mapping[str, Resource], estate: Mapping[str, Resource]) -> Iterator[str]:
    allowed = {resource_id: shown[resource_id] for resource_id in step.targets if resource_id in shown}
    for where, call in _calls(step):
        yield from _reach_problems(where, call, allowed, estate)


def environment_problems(where: str, step: Step, call: Call, account: Account | None) -> Iterator[str]:
    """A call's place is its step's, and it goes where its account goes."""
    pinned = {name for name in call.environment if step.provider == "gcp" and name.startswith(ENDPOINTS)}
    unknown = set(call.environment) - ENVIRONMENT[step.provider] - pinned
    if unknown:
        yield f"{where} sets {', '.join(sorted(unknown))}"
    place = "us-east-1" if step.region in ("global", "") else step.region
    meant: dict[str, str] = {**dict.fromkeys(_OF_REGION, place), **dict.fromkeys(_OF_ACCOUNT, step.account_id)}
    if account is not None:
        meant |= dict.fromkeys(_OF_CERTIFICATES, account.ca_bundle) | {"HTTPS_PROXY": account.proxy}
        meant |= dict.fromkeys(_OF_ENDPOINT, account.endpoint_url)
        meant |= dict.fromkeys(pinned, "") | (_pinned_of(account) if pinned else {})
    for name in sorted(meant.keys() & call.environment.keys()):
        if call.environment[name] != meant[name]:
            yield f"{where} has another {name} than its account and region"


def _pinned_of(account: Account) -> dict[str, str]:
    """Where gcloud is to find the APIs of an account with endpoints of its own."""
    from escher.providers.gcp.access import overrides

    return overrides(account)


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
