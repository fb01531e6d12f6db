"""Look operations up, by the names of the CLI or of the Python SDK. A service's data is read when first asked for.

`data/<provider>.zip` is written by `escher.apis.build*`; it holds `index.json` and a JSON file a service. Of Azure and
GCP these are the methods of their SDKs (`virtual_machines.begin_start`, `instances.stop`); see `commands` for their CLIs.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib.resources import as_file, files
from typing import Any
from zipfile import ZipFile

from escher.apis.effect import effect_of
from escher.apis.flags import Flag, default_flags
from escher.apis.shapes import Reference, Shape
from escher.contract.vocabulary import Effect, Provider


@dataclass(frozen=True)
class OperationSpec:
    """One operation as its provider declares it.

    `service` and `operation` are spelt as the CLI does, `api` as the API does (empty: the CLI alone knows it).
    `custom` are flags of the CLI that stand for no single parameter; `outfile` says that the CLI writes a file;
    `positional` is the parameter that the CLI takes without a flag; `paged` that the CLI and the SDK can page it.
    """

    provider: Provider
    service: str
    operation: str
    api: str
    input: Shape | None
    paged: bool = False
    outfile: bool = False
    positional: str = ""
    in_cli: bool = True
    custom: tuple[str, ...] = ()
    changed_flags: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def parameters(self) -> Mapping[str, Shape]:
        """The parameters by the API's names."""
        return self.input.members if self.input else {}

    @cached_property
    def required(self) -> tuple[str, ...]:
        """The parameters without which there is no call."""
        return self.input.required if self.input else ()

    @cached_property
    def flags(self) -> Mapping[str, Flag]:
        """The CLI's flags (without dashes) with the parameter each sets."""
        changed = {name: _flag(*value) for name, value in self.changed_flags.items() if value}
        plain = {name: flag for name, flag in default_flags(self.parameters).items() if name not in self.changed_flags}
        return plain | changed

    def shape_of(self, flag: Flag) -> Shape:
        """The type of what a flag sets."""
        shape = self.parameters[flag.parameter]
        for step in flag.path:
            shape = shape.element if step == "0" else shape.members[step]
        return shape

    @property
    def effect(self) -> Effect:
        """What calling it does, whatever its parameters."""
        return effect_of(self.service, self.operation, provider=self.provider)


def _flag(parameter: str, value: bool | None = None, path: Sequence[str] = ()) -> Flag:
    return Flag(parameter, value, tuple(path))


class _Service:
    """One service's operations, decoded one by one."""

    def __init__(self, provider: Provider, name: str, document: Mapping[str, Any]) -> None:
        self._provider: Provider = provider
        self._name = name
        self._document = document
        self.operations: Mapping[str, Any] = document["operations"]
        self.waiters: Mapping[str, str] = document.get("waiters", {})
        self.local: tuple[str, ...] = tuple(document.get("local", ()))

    @cached_property
    def by_method(self) -> Mapping[str, str]:
        """The SDK's method names with the CLI's names; what only the CLI knows is left out."""
        special: Mapping[str, Any] = self._document["special"]
        return {
            special.get(name, {}).get("method", name.replace("-", "_")): name
            for name, (api, _) in self.operations.items()
            if (api or "sdk" in special.get(name, {})) and not special.get(name, {}).get("split")
        }

    def find(self, operation: str) -> OperationSpec | None:
        """The operation, or for `wait x` the one that is polled, under the waiter's name."""
        waiter = operation.removeprefix("wait ")
        polled = operation if waiter == operation else self.waiters.get(waiter, "")
        if polled not in self.operations:
            return None
        return self._decode(operation, polled, *self.operations[polled])

    def find_for_sdk(self, method: str) -> OperationSpec | None:
        """The operation behind a method of the SDK; a few have other parameters there than in the CLI."""
        name = self.by_method.get(method, "")
        call = self._document["special"].get(name, {}).get("sdk")
        return self._decode(name, name, *call) if call else self.find(name)

    def _decode(self, operation: str, declared: str, api: str, reference: Reference | None) -> OperationSpec:
        special: Mapping[str, Any] = self._document["special"].get(declared, {})
        return OperationSpec(
            provider=self._provider,
            service=self._name,
            operation=operation,
            api=api,
            input=None if reference is None else Shape(self._document["shapes"], reference),
            paged=declared in self._document["paged"] and operation == declared,
            outfile=special.get("outfile", False),
            positional=special.get("positional", ""),
            in_cli=special.get("cli", True),
            custom=tuple(special.get("custom", ())),
            changed_flags=special.get("flags", {}),
        )


@cache
def operation(provider: Provider, service: str, name: str) -> OperationSpec | None:
    """An operation by the CLI's names (`ec2`, `stop-instances`; a waiter is `wait instance-stopped`), or None."""
    found = _service(provider, service)
    return found.find(name) if found else None


@cache
def sdk_operation(provider: Provider, client: str, method: str) -> OperationSpec | None:
    """An operation by the Python SDK's names: client `ec2`, method `stop_instances`; None when there is none."""
    service = _index(provider).get("clients", {}).get(client, "")
    found = _service(provider, service)
    return found.find_for_sdk(method) if found else None


def sdk_methods(provider: Provider, client: str) -> tuple[str, ...]:
    """The methods of a client of the Python SDK; none for an unknown client."""
    found = _service(provider, _index(provider).get("clients", {}).get(client, ""))
    return tuple(found.by_method) if found else ()


@cache
def sdk_waiter(provider: Provider, client: str, name: str) -> OperationSpec | None:
    """A waiter by the Python SDK's names: client `ec2`, waiter `instance_stopped`; None when there is none."""
    service = _index(provider).get("clients", {}).get(client, "")
    return operation(provider, service, f"wait {name.replace('_', '-')}")


def operations(provider: Provider, service: str) -> tuple[str, ...]:
    """The names of a service's operations, as the CLI spells them; none for an unknown service."""
    found = _service(provider, service)
    return tuple(found.operations) if found else ()


def services(provider: Provider) -> tuple[str, ...]:
    """The services as the CLI spells them."""
    return tuple(_index(provider)["services"])


def clients(provider: Provider) -> tuple[str, ...]:
    """The services as the Python SDK spells them."""
    return tuple(_index(provider).get("clients", {}))


def is_local(provider: Provider, service: str, name: str) -> bool:
    """Whether this is a command of the CLI that works on this machine (files, log-ins, other programs)."""
    found = _service(provider, service)
    return service in _index(provider)["local"] or (found is not None and name in found.local)


def versions(provider: Provider) -> Mapping[str, str]:
    """The packages the data was built from, with their versions."""
    return _index(provider)["versions"]


_NOTHING: Mapping[str, Any] = {"services": [], "clients": {}, "local": [], "versions": {}}


@cache
def archive(provider: Provider) -> ZipFile | None:
    """The data of a provider, opened once; None where there is none."""
    source = files("escher.apis") / "data" / f"{provider}.zip"
    if not source.is_file():
        return None
    with as_file(source) as path:
        return ZipFile(path)


@cache
def _index(provider: Provider) -> Mapping[str, Any]:
    held = archive(provider)
    return json.loads(held.read("index.json")) if held else _NOTHING


@cache
def _service(provider: Provider, service: str) -> _Service | None:
    held = archive(provider)
    if held is None or service not in _index(provider)["services"]:
        return None
    return _Service(provider, service, json.loads(held.read(f"{service}.json")))
