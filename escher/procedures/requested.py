"""Make a plan of what a person wrote: a command, a script, a call, or several of them. Pure but for the script reader.

A command acts where its targets are. What it names is looked for among everything that is known, so nothing runs on
what was never scanned; the client's own check reads it all again before it is shown.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from escher.contract.estate import Account, Resource
from escher.contract.plan import Plan, Step
from escher.contract.ports import Reading, ScriptReader
from escher.contract.reach import FREE_VALUES
from escher.contract.requests import (
    AwsCommand,
    AzCommand,
    ExecCommand,
    GcloudCommand,
    OwnCommand,
    PlanRequest,
    PythonCommand,
    Request,
    ScriptCommand,
    SdkCommand,
    ShellCommand,
)
from escher.contract.vocabulary import Language, worst
from escher.errors import InvalidInput
from escher.procedures.surroundings import environment_for

OWN = "own-command"
DEFAULT_TIMEOUT_S = 120
NO_UNDO = "it is a command of your own, and nobody told how to take it back"
_SDK = """import json
import sys

import boto3

answer = boto3.client({service!r}).{operation}(**json.loads(sys.argv[1]))
print(json.dumps(answer, default=str))
"""


@dataclass(frozen=True, slots=True)
class Given:
    """What a plan is made with. `named` gives every resource that bears a name, id or ARN."""

    plan_id: str
    named: Callable[[str], Sequence[Resource]]
    accounts: Mapping[str, Account]
    reader: ScriptReader
    now: datetime
    valid_for: timedelta


@dataclass(frozen=True, slots=True)
class _Code:
    """The bytes of a command, in a language that can be read."""

    language: Language
    script: str
    arguments: tuple[str, ...] = ()


def requested(asked: PlanRequest, given: Given) -> tuple[Plan, tuple[Resource, ...]]:
    """The plan, not yet checked or sealed, and its targets. Raises InvalidInput with the command's place."""
    made = [_step(asked, place, given) for place in range(len(asked.commands))]
    steps = tuple(step for step, _ in made)
    targets = {target.resource_id: target for _, found in made for target in found}
    plan = Plan(
        plan_id=given.plan_id,
        question=asked.description,
        title=asked.description[:100],
        playbook_id=OWN,
        version="1.0.0",
        risk="low",
        effect=worst(step.effect for step in steps),
        reversible=all(step.effect == "read" for step in steps),
        strategy=asked.strategy,
        max_concurrency=asked.max_concurrency,
        policy_version="",
        created_at=given.now.strftime("%Y-%m-%dT%H:%M:%SZ"),
        expires_at=(given.now + given.valid_for).strftime("%Y-%m-%dT%H:%M:%SZ"),
        steps=steps,
    )
    return plan, tuple(targets.values())


def _step(asked: PlanRequest, place: int, given: Given) -> tuple[Step, tuple[Resource, ...]]:
    request = asked.commands[place]
    code = _code(request.command)
    where = f"command {place + 1}"
    targets = _targets(request, given.reader.read(code.script, code.language, code.arguments), given, where)
    account, region = _place(request, targets, given, where)
    environment = environment_for(account, region)
    reading = given.reader.read(code.script, code.language, code.arguments, environment)
    effect = worst(operation.effect for operation in reading.operations) if reading.operations else reading.effect
    step = Step(
        title=request.title or shlex.join(_words(request.command))[:100],
        language=code.language,
        script=code.script,
        arguments=code.arguments,
        environment=environment,
        commands=_shown(request.command),
        operations=reading.operations,
        step_id=f"{place + 1}.1",
        number=place + 1,
        phase="check" if effect == "read" else "change",
        effect=effect,
        provider=account.provider,
        account_id=account.account_id,
        account_name=account.name,
        region=region,
        targets=tuple(target.resource_id for target in targets),
        failure_action="stop" if request.stop_on_error else "ignore",
        timeout_seconds=request.timeout_seconds or DEFAULT_TIMEOUT_S,
        needs=tuple(f"{one + 1}.1" for one in asked.needs.get(place, ())),
        retry=request.retry,
        irreversible_because="" if effect == "read" else NO_UNDO,
    )
    return step, targets


def _code(command: OwnCommand) -> _Code:
    match command:
        case ScriptCommand():
            return _Code(_language(command), command.content, command.arguments)
        case PythonCommand():
            return _Code("python", command.content, command.arguments)
        case SdkCommand():
            script = _SDK.format(service=command.service, operation=command.operation)
            return _Code("python", script, (json.dumps(command.params, ensure_ascii=False),))
        case ShellCommand():
            return _Code("bash", command.command)
        case _:
            return _Code("bash", shlex.join(_words(command)))


def _language(command: ScriptCommand) -> Language:
    first = command.content.partition("\n")[0]
    python = command.path.endswith(".py") or (first.startswith("#!") and "python" in first)
    return command.language or ("python" if python else "bash")


def _words(command: OwnCommand) -> list[str]:
    """The command as words; of code its first line."""
    match command:
        case AwsCommand():
            place = ["--region", command.region] if command.region else []
            return ["aws", command.service, command.operation, *command.args, *place]
        case AzCommand():
            return ["az", *command.group, *command.args]
        case GcloudCommand():
            return ["gcloud", *command.group, *command.args]
        case ExecCommand():
            return [command.program, *command.args]
        case SdkCommand():
            return [command.service, command.operation]
        case ScriptCommand():
            return [command.path or "script", *command.arguments]
        case ShellCommand():
            return [command.command.partition("\n")[0]]
        case PythonCommand():
            return ["python", *command.arguments]


def _shown(command: OwnCommand) -> tuple[str, ...]:
    """What a card shows beside the script; code shows itself."""
    if isinstance(command, AwsCommand | AzCommand | GcloudCommand | ExecCommand):
        return (shlex.join(_words(command)),)
    return ()


def _targets(request: Request, reading: Reading, given: Given, where: str) -> tuple[Resource, ...]:
    """What was named as a target, and what the calls name; each known once or not at all."""
    found: dict[str, Resource] = {}
    for word in request.targets:
        several = given.named(word)
        if len(several) != 1:
            reason = "nothing known is called" if not several else f"{len(several)} resources are called"
            raise InvalidInput(f"{where}: {reason} {word!r}.", hint="Give its id; escher estate lists them.")
        found[several[0].resource_id] = several[0]
    for word in dict.fromkeys(word for one in reading.operations for word in _named(one.parameters)):
        exact = [one for one in given.named(word) if word in (one.identifier, one.resource_id)]
        if len(exact) == 1:
            found[exact[0].resource_id] = exact[0]
    return tuple(found.values())


def _place(request: Request, targets: Sequence[Resource], given: Given, where: str) -> tuple[Account, str]:
    """The account and region of a command: its targets', which must be in one place, else those it says."""
    places = {(target.account_id, target.region) for target in targets}
    if len(places) > 1:
        raise InvalidInput(f"{where} acts in {len(places)} places at once.", hint="Give one command for each.")
    account_id, region = next(iter(places), (request.account, request.region or "us-east-1"))
    account = next((one for one in given.accounts.values() if account_id in (one.account_id, one.name)), None)
    if account is None:
        hint = "Name a target by its id (--target), or --account; escher accounts list."
        raise InvalidInput(f"{where}: in which account? Nothing that it names is known here.", hint=hint)
    return account, region


def _named(node: Any) -> Iterator[str]:
    """Every text in the parameters but what is the user's own words."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, Mapping):
        for key, value in node.items():
            if key not in FREE_VALUES:
                yield from _named(value)
    elif isinstance(node, Iterable):
        for value in node:
            yield from _named(value)
