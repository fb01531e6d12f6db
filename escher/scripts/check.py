"""A reading as a document: the verdict, each call with its targets, each problem with its line. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, cast

from escher.apis import commands
from escher.apis.validate import Unknown
from escher.contract.check import Check, CheckedOperation, CheckProblem
from escher.contract.plan import Operation
from escher.contract.ports import Reading

# Parameters that name things, by the end of their names, and those that only say where the things are.
_NAMING = re.compile(
    r"(?:^|[-_]|(?<=[a-z0-9]))(ids?|arns?|names?|identifiers?|buckets?|resources?|keys?|urls?|scope|topic|queue)$",
    re.IGNORECASE,
)
_PLACES = frozenset(
    "resource-group resource_group_name project projectId zone region location subscription ImageId image-id".split()  # noqa: SIM905 - a line of words reads better than a list
)


def document(reading: Reading) -> Check:
    """The document that `escher check` prints."""
    untold = [operation for operation in reading.operations if operation.effect == "unknown"]
    problems = [CheckProblem(line=line, message=message) for line, message in reading.problems]
    if untold and not problems:
        named = dict.fromkeys(f"{operation.service} {operation.operation}".rstrip() for operation in untold)
        problems = [CheckProblem(line=1, message=f"what {name} does is not told by its name") for name in named]
    return Check(
        verdict="invalid" if reading.invalid else reading.effect,
        operations=tuple(_checked(operation) for operation in reading.operations),
        problems=tuple(problems),
    )


def _checked(operation: Operation) -> CheckedOperation:
    return CheckedOperation(**dict(operation), targets=tuple(dict.fromkeys(_targets(operation))))


def _targets(operation: Operation) -> Iterator[str]:
    """What the call acts on, as far as its parameters name it."""
    spec = commands.find(operation.provider, operation.service, operation.operation)
    words = {option.name for option in spec.options if option.positional} if spec else set[str]()
    named = words or _naming(operation)
    for name, value in operation.parameters.items():
        if name in named:
            yield from _texts(value)


def _naming(operation: Operation) -> set[str]:
    if "." in operation.operation and operation.provider == "gcp":
        return {"name", "parent", "resource", *operation.parameters} - _PLACES - {"body", "fields"}
    return {name for name in operation.parameters if _NAMING.search(name) and name not in _PLACES}


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str) and not isinstance(value, Unknown):
        yield value
    elif isinstance(value, list | tuple):
        for item in cast("list[Any]", value):
            yield from _texts(item)
    elif isinstance(value, Mapping):
        for item in cast("Mapping[str, Any]", value).values():
            yield from _texts(item)
