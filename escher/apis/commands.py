"""Look commands of `az` and `gcloud` up as their own parsers declare them. A service's data is read when first asked for.

`data/azure.zip` and `data/gcp.zip` are written by `escher.apis.build_azure` and `build_gcloud`. A command's first word is
its service (`network`, `compute`), the rest its operation (`nsg rule create`, `instances stop`). gcloud's release tracks
stand before the operation, not before the service: `gcloud beta compute instances stop` is `compute`, `beta instances
stop`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, Literal

from escher.apis.catalogue import archive
from escher.apis.effect import effect_of
from escher.contract.vocabulary import Effect, Provider

OptionType = Literal["string", "integer", "float", "boolean", "list", "map", "structure", "other"]
TRACKS = ("beta", "alpha", "preview")
PROGRAMS: Mapping[str, Provider] = {"az": "azure", "gcloud": "gcp"}

_TYPES: Mapping[str, OptionType] = {
    "s": "string",
    "i": "integer",
    "f": "float",
    "b": "boolean",
    "l": "list",
    "m": "map",
    "o": "structure",
    "x": "other",
}


@dataclass(frozen=True, slots=True)
class Option:
    """An option or a word of a command.

    `names` are all spellings with their dashes, the clearest first; a word without a flag has one name without dashes.
    `values` says how many texts follow: `0` (a switch), `1`, `?`, `*`, `+` or a number. `other` is a type with a check
    of its own that is not known here; a `list` or `map` of gcloud is one text with commas. `keys` are the only ones a
    map may have. `file` tells that the text names a file that the CLI reads or writes. `by_id` marks a part of a
    resource's id: az does not need it beside `--ids`.
    """

    names: tuple[str, ...]
    type: OptionType = "string"
    values: str = "1"
    required: bool = False
    positional: bool = False
    choices: tuple[str, ...] = ()
    any_case: bool = False
    file: Literal["", "read", "write"] = ""
    by_id: bool = False
    keys: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The clearest spelling without dashes; the name of the parameter."""
        return self.names[0].lstrip("-")

    @property
    def switch(self) -> bool:
        """Whether no text may follow."""
        return self.values == "0"

    @property
    def many(self) -> bool:
        """Whether several words may follow."""
        return self.values in ("*", "+") or (self.values.isdigit() and int(self.values) > 1)


@dataclass(frozen=True, slots=True)
class Group:
    """Options that depend on each other: at most one of them (`exclusive`), at least one (`required`), or together."""

    members: tuple[Option | Group, ...]
    exclusive: bool = False
    required: bool = False


@dataclass(frozen=True)
class CommandSpec:
    """One command as its CLI declares it. Options that every command has are in `shared`, not in `options`."""

    provider: Provider
    service: str
    operation: str
    options: tuple[Option, ...]
    groups: tuple[Group, ...] = ()

    @property
    def track(self) -> str:
        """`beta`, `alpha` or `preview`; empty for what is generally available, and for all of az."""
        first = self.operation.partition(" ")[0]
        return first if self.provider == "gcp" and first in TRACKS else ""

    @property
    def words(self) -> tuple[str, ...]:
        """The command as it is typed: `("az", "vm", "start")`, `("gcloud", "beta", "compute", "instances", "stop")`."""
        program = next(program for program, provider in PROGRAMS.items() if provider == self.provider)
        rest = self.operation.split(" ") if self.operation else []
        track, rest = (rest[:1], rest[1:]) if self.track else ([], rest)
        return (program, *track, self.service, *rest)

    @cached_property
    def required(self) -> tuple[Option, ...]:
        """The options without which the CLI does not start."""
        return tuple(option for option in self.options if option.required)

    @property
    def effect(self) -> Effect:
        """What running it does, whatever its options."""
        return effect_of(self.service, self.operation, provider=self.provider)


def command(provider: Provider, words: Sequence[str]) -> CommandSpec | None:
    """The command of exactly these words (`["vm", "start"]`, `["beta", "compute", "instances", "stop"]`), or None."""
    track, rest = split_track(provider, words)
    return find(provider, rest[0], " ".join((*track, *rest[1:]))) if rest else None


def find(provider: Provider, service: str, operation: str) -> CommandSpec | None:
    """The command by its service and operation, as an `Operation` names it, or None."""
    found = _service(provider, service)
    return found.find(operation) if found else None


def split_track(provider: Provider, words: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """A release track, if the words begin with one, and the rest."""
    is_track = provider == "gcp" and bool(words) and words[0] in TRACKS
    return tuple(words[:is_track]), tuple(words[is_track:])


def services(provider: Provider) -> tuple[str, ...]:
    """The first words of all commands; none for AWS, whose commands are in `catalogue`."""
    return tuple(_index(provider)["services"])


def commands(provider: Provider, service: str) -> tuple[str, ...]:
    """The operations of a service, of every release track; none for an unknown service."""
    found = _service(provider, service)
    return tuple(found.rows) if found else ()


def shared(provider: Provider) -> tuple[Option, ...]:
    """The options that every command has."""
    return tuple(_option(entry) for entry in _index(provider)["shared"])


def versions(provider: Provider) -> Mapping[str, str]:
    """The programs that the data was built from, with their versions."""
    return _index(provider)["versions"]


class _Service:
    """One service's commands: rows of indices into a table of options, decoded one by one."""

    def __init__(self, provider: Provider, name: str, document: Mapping[str, Any]) -> None:
        self._provider: Provider = provider
        self._name = name
        self._document = document
        self.rows: Mapping[str, int] = document["commands"]

    def find(self, operation: str) -> CommandSpec | None:
        if operation not in self.rows:
            return None
        options, groups = self._document["rows"][self.rows[operation]]
        return CommandSpec(
            provider=self._provider,
            service=self._name,
            operation=operation,
            options=tuple(self._option(index) for index in options),
            groups=tuple(self._group(entry) for entry in groups),
        )

    def _option(self, index: int) -> Option:
        return _option(self._document["options"][index])

    def _group(self, entry: Sequence[Any]) -> Group:
        """`[marks, member, …]`; a member is an index or a group."""
        marks, *members = entry
        inner = tuple(self._option(member) if isinstance(member, int) else self._group(member) for member in members)
        return Group(inner, exclusive="x" in marks, required="!" in marks)


def _option(entry: Sequence[Any]) -> Option:
    """`[names, type and marks, values, choices, keys]`, the last three only where they say something."""
    names, kind, values, choices, keys = (*entry, *_USUAL[len(entry) - 2 :])
    marks = kind[1:]
    return Option(
        names=tuple(names.split(" ")),
        type=_TYPES[kind[0]],
        values=values,
        required="!" in marks,
        positional="p" in marks,
        choices=tuple(choices),
        any_case="c" in marks,
        file="read" if "r" in marks else "write" if "w" in marks else "",
        by_id="i" in marks,
        keys=tuple(keys),
    )


_USUAL: tuple[Any, ...] = ("1", (), ())
_NOTHING: Mapping[str, Any] = {"services": [], "shared": [], "versions": {}}


@cache
def _index(provider: Provider) -> Mapping[str, Any]:
    held = None if provider == "aws" else archive(provider)
    return json.loads(held.read("cli/index.json")) if held else _NOTHING


@cache
def _service(provider: Provider, name: str) -> _Service | None:
    held = archive(provider)
    if held is None or name not in _index(provider)["services"]:
        return None
    return _Service(provider, name, json.loads(held.read(f"cli/{name}.json")))


def all_commands(provider: Provider) -> Iterator[CommandSpec]:
    """Every command, service by service."""
    for name in services(provider):
        found = _service(provider, name)
        for operation in found.rows if found else ():
            spec = found.find(operation) if found else None
            if spec is not None:
                yield spec
