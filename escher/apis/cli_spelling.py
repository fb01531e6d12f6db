"""An operation of Azure or GCP as a person would type it: a command of az or gcloud, or a call of the SDK. Pure."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from typing import Any

from escher.apis import catalogue, commands
from escher.apis.commands import CommandSpec, Option
from escher.contract.plan import Operation
from escher.errors import InvalidInput


def typed(operation: Operation) -> str:
    """`az vm deallocate --ids …`, `gcloud compute instances stop web`, or `compute.instances.stop(instance="web")`.

    Raises InvalidInput for an operation that the provider does not have.
    """
    spec = commands.find(operation.provider, operation.service, operation.operation)
    if spec is not None:
        return shlex.join([*spec.words, *_words(spec, operation)])
    if catalogue.operation(operation.provider, operation.service, operation.operation) is None:
        raise InvalidInput(f"{operation.provider} has no operation {operation.service} {operation.operation}.")
    arguments = (f"{name}={json.dumps(value, ensure_ascii=False)}" for name, value in operation.parameters.items())
    return f"{operation.service}.{operation.operation}({', '.join(arguments)})"


def _words(spec: CommandSpec, operation: Operation) -> Iterator[str]:
    """The words without a flag first, as everybody types them, then the options."""
    for option in (option for option in spec.options if option.positional):
        if option.name in operation.parameters:
            yield from _texts(operation.parameters[option.name])
    for option in (option for option in spec.options if not option.positional):
        if option.name in operation.parameters:
            yield from _option(option, operation.parameters[option.name])


def _option(option: Option, value: Any) -> Iterator[str]:
    if isinstance(value, bool):
        opposite = next((name for name in option.names if name.startswith("--no-")), option.names[0])
        yield option.names[0] if value else opposite
        return
    yield option.names[0]
    yield from _texts(value)


def _texts(value: Any) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list | tuple) else [str(value)]
