"""Fill one command of a provider's for one type of thing: exactly, or not at all. Pure but for the shipped reference.

A target's ids are what the type's identity says; values come from the request's closed parameters. Whatever else a
command requires is named as lacking, and nothing is made.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from escher.apis import catalogue, commands
from escher.apis.commands import CommandSpec, Group, Option
from escher.contract.playbook import Argument, JsonArgument
from escher.contract.understanding import Parameters
from escher.contract.vocabulary import Effect
from escher_server.agents.making.identities import Identity
from escher_server.agents.making.verbs import INVERSES, SETTING

# What a command calls the values that a request can give.
_VALUES: Mapping[str, str] = {
    "desiredcapacity": "count", "desiredcount": "count", "nodecount": "count", "numberofnodes": "count",
    "numnodes": "count", "newcapacity": "count", "targetshardcount": "count", "instancecount": "count",
    "nodetype": "instance_type", "dbinstanceclass": "instance_type", "machinetype": "instance_type",
    "retentionindays": "days", "recoverywindowindays": "days", "pendingwindowindays": "days",
}  # fmt: skip
# A copy's name, and the copy that is kept of what is deleted; one for each target and day.
_COPIES = re.compile(r"^(?:final)?(?:db)?(?:cluster)?(?:snapshot|backup)(?:name|identifier)$")
_COPY = "escher-${target.identifier}-${plan.date}"
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


@dataclass(frozen=True, slots=True)
class Made:
    """A command that is filled: its script in each language, the arguments, the values it takes, and its effect."""

    identity: Identity
    operation: str
    verb: str
    effect: Effect
    code: Mapping[str, str]
    arguments: tuple[Argument, ...]
    each: bool
    values: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """The command as it is typed, without its arguments."""
        program = {"aws": "aws", "azure": "az", "gcp": "gcloud"}[self.identity.provider]
        return f"{program} {self.identity.service} {self.operation}"


@dataclass(frozen=True, slots=True)
class Lacking:
    """A command that fits, with what it needs and nobody said."""

    identity: Identity
    operation: str
    verb: str
    parameters: tuple[str, ...]


def words_of(operation: str, identity: Identity) -> tuple[str, ...] | None:
    """The verb of an operation, and what it says besides; None when it is not of the type's commands."""
    if identity.provider == "aws":
        return tuple(operation.split("-"))
    *group, last = operation.split(" ")
    return tuple(last.split("-")) if tuple(group) == identity.group else None


def own_words(identity: Identity) -> frozenset[str]:
    """The words by which a type's own commands call it: `db` and `instance`, `function`, `vm`."""
    names = (*_HUMP.sub(" ", identity.parameter).split(), *identity.resource_type.split("_")[1:], *identity.group)
    plain = {word.lower() for name in (*names, identity.service) for word in name.split("-")}
    return frozenset((*plain, *(f"{word}s" for word in plain), *(f"{word}es" for word in plain)))


def call_of(identity: Identity, operation: str, given: Parameters) -> Made | Lacking | None:
    """The operation on things of a type; None when it does not take such a thing, or sets what was not said."""
    return _aws(identity, operation, given) if identity.provider == "aws" else _cli(identity, operation, given)


def inverse_of(made: Made) -> Made | None:
    """The command that takes exactly the same and does the opposite, where there is one and nothing is lost by it."""
    for verb in INVERSES.get(made.verb, ()):
        operation = re.sub(rf"(^|[ -]){made.verb}(?=$|-)", rf"\g<1>{verb}", made.operation, count=1)
        found = call_of(made.identity, operation, Parameters()) if operation != made.operation else None
        if isinstance(found, Made) and found.effect == "write" and found.arguments == made.arguments:
            return found
    return None


# -- AWS: everything as JSON ---------------------------------------------------------------------------------


def _aws(identity: Identity, operation: str, given: Parameters) -> Made | Lacking | None:
    spec = catalogue.operation("aws", identity.service, operation)
    if spec is None or not spec.api or not spec.in_cli or spec.custom:
        return None
    filled, values, verb = _named(identity, spec), list[str](), operation.partition("-")[0]
    if filled is None:
        return None
    for name in (*spec.required, *(name for name in spec.parameters if _is_copy(name) and spec.effect == "destroy")):
        if name not in filled and _is_copy(name):
            filled[name] = _COPY
    for name in spec.parameters:
        value = _VALUES.get(name.lower(), "")
        if name not in filled and value and getattr(given, value) is not None and spec.parameters[name].scalar:
            filled[name] = f"${{playbook.{value}}}"
            values.append(value)
    lacking = tuple(name for name in spec.required if name not in filled)
    if lacking:
        return Lacking(identity, operation, verb, lacking)
    if verb in SETTING and not values and not any(_is_copy(name) for name in filled):
        return None
    each = not any(isinstance(value, list) for value in filled.values())
    return Made(
        identity, operation, verb, spec.effect, _aws_code(identity.service, operation), (JsonArgument(json=filled),),
        each, tuple(dict.fromkeys(values)),
    )  # fmt: skip


def _named(identity: Identity, spec: catalogue.OperationSpec) -> dict[str, Any] | None:
    """The parameters that name the target; None when the operation has none of them, or not the one that counts."""
    names = {name.lower(): name for name in spec.parameters}
    one = identity.parameter.lower()
    wanted = (one, f"{one}s", f"{one.removesuffix('y')}ies")
    name = next((names[word] for word in wanted if word in names), "")
    if not name or (spec.required and name not in spec.required and len(spec.required) > 1):
        return None
    shape, placeholder = spec.parameters[name], identity.placeholder
    if shape.type not in ("string", "list") or (shape.type == "list" and shape.element.type != "string"):
        return None
    filled: dict[str, Any] = {name: [placeholder] if shape.type == "list" else placeholder}
    for beside, value in identity.beside:
        if beside.lower() in names:
            filled[names[beside.lower()]] = value
    return filled


def _is_copy(name: str) -> bool:
    return bool(_COPIES.match(re.sub(r"[^a-z]", "", name.lower())))


def _aws_code(service: str, operation: str) -> Mapping[str, str]:
    bash = f'aws {service} {operation} --cli-input-json "$1" >/dev/null\n'
    found = {"bash": f"{_BASH}{bash}{_DONE}"}
    client, method = _sdk(service, operation)
    if method:
        called = f'boto3.client("{client}").{method}(**json.loads(sys.argv[1]))'
        found["python"] = f'{_PYTHON}import boto3\n\n{called}\nprint(json.dumps({{"status": "sent"}}))\n'
    return found


_BASH = "#!/usr/bin/env bash\nset -euo pipefail\n# Made from the provider's command reference; nobody reviewed it.\n"
_DONE = 'echo \'{"status": "sent"}\'\n'
_PYTHON = '"""Made from the provider\'s command reference; nobody reviewed it."""\n\nimport json\nimport sys\n\n'


def _sdk(service: str, operation: str) -> tuple[str, str]:
    """The SDK's client and method of an operation; empty when it has another name there."""
    method = operation.replace("-", "_")
    for client in (service, _CLIENTS.get(service, service)):
        found = catalogue.sdk_operation("aws", client, method)
        if found is not None and found.operation == operation:
            return client, method
    return "", ""


_CLIENTS = {"s3api": "s3", "configservice": "config", "deploy": "codedeploy"}


# -- az and gcloud: by flags ---------------------------------------------------------------------------------


def _cli(identity: Identity, operation: str, given: Parameters) -> Made | Lacking | None:
    spec = commands.find(identity.provider, identity.service, operation)
    words = words_of(operation, identity)
    if spec is None or words is None or spec.track:
        return None
    options = {option.name: option for option in spec.options}
    named = _flags_of_target(identity, spec, options)
    if named is None:
        return None
    values = {
        option.name: value
        for option in spec.options
        if (value := _VALUES.get(re.sub(r"[^a-z]", "", option.name.lower()), "")) and getattr(given, value) is not None
    }
    done = {*named, *values, *(["ids"] if identity.provider == "azure" else [])}
    lacking = (*_unfilled(spec, done, azure=identity.provider == "azure"), *_unmet(spec.groups, done))
    if lacking:
        return Lacking(identity, operation, words[0], tuple(dict.fromkeys(lacking)))
    if words[0] in SETTING and not values:
        return None
    return _cli_made(identity, spec, words[0], named, values)


def _flags_of_target(identity: Identity, spec: CommandSpec, options: Mapping[str, Option]) -> Mapping[str, str] | None:
    """The options that name the target, each with its placeholder; None when the command takes no such thing."""
    if identity.provider == "azure":
        return {"ids": identity.placeholder} if "ids" in options else None
    positional = [option for option in spec.options if option.positional]
    if len(positional) != 1 or any(flag not in options for flag, _ in identity.beside):
        return None
    return {positional[0].name: identity.placeholder, **dict(identity.beside)}


def _unfilled(spec: CommandSpec, done: set[str], *, azure: bool) -> Iterator[str]:
    for option in spec.required:
        if option.name not in done and not (azure and option.by_id):
            yield option.name


def _unmet(groups: tuple[Group, ...], done: set[str]) -> Iterator[str]:
    """The groups of which one option is needed, and none is there."""
    for group in groups:
        names = [member.name for member in group.members if isinstance(member, Option)]
        if group.required and names and not done.intersection(names):
            yield " or ".join(names)


def _cli_made(
    identity: Identity, spec: CommandSpec, verb: str, named: Mapping[str, str], values: Mapping[str, str]
) -> Made:
    azure = identity.provider == "azure"
    each = not azure or bool(values)
    places = {name: f'"${number}"' for number, name in enumerate((*named, *values), start=1)}
    flags = [f"--{name} {places[name]}" for name in (*named, *values) if name in values or f"--{name}" in _all(spec)]
    positional = [places[name] for name in named if f"--{name}" not in _all(spec)]
    if azure and not each:
        flags = ['--ids "$@"']
    line = " ".join((*spec.words, *positional, *flags, *_quiet(spec)))
    arguments = (*named.values(), *(f"${{playbook.{value}}}" for value in values.values()))
    return Made(
        identity, spec.operation, verb, spec.effect, {"bash": f"{_BASH}{line}\n{_DONE}"}, tuple(arguments), each,
        tuple(dict.fromkeys(values.values())),
    )  # fmt: skip


def _all(spec: CommandSpec) -> frozenset[str]:
    return frozenset(name for option in spec.options for name in option.names)


def _quiet(spec: CommandSpec) -> tuple[str, ...]:
    """So that nothing is asked in the middle."""
    if spec.provider == "gcp":
        return ("--quiet",)
    return (*(("--yes",) if "--yes" in _all(spec) else ()), "--output none")
