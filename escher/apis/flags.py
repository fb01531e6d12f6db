"""From the names of an API's parameters to the flags of its CLI. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from escher.apis.shapes import Shape

_WORD_START = re.compile("(.)([A-Z][a-z]+)")
_WORD_END = re.compile("([a-z0-9])([A-Z])")
_PLURAL_ACRONYM = re.compile(r"[A-Z]{2,}s$")


@dataclass(frozen=True, slots=True)
class Flag:
    """What a flag sets: a parameter, or what lies at `path` inside it (`0` = the first item of a list).

    `value` is what a flag without a text of its own sets, None for one that takes a text.
    """

    parameter: str
    value: bool | None = None
    path: tuple[str, ...] = ()


def hyphenated(name: str) -> str:
    """`InstanceIds` → `instance-ids`, `DBInstanceIdentifier` → `db-instance-identifier`, `GatewayARNs` → `gateway-arns`."""
    if "-" in name:
        return name
    plural = _PLURAL_ACRONYM.search(name)
    if plural:
        name = f"{name[: plural.start()]}-{plural.group().lower()}"
    name = _WORD_START.sub(r"\1-\2", name)
    return _WORD_END.sub(r"\1-\2", name).lower()


def default_flags(parameters: Mapping[str, Shape]) -> dict[str, Flag]:
    """The flags that the CLI makes of an operation's parameters; a boolean has one for yes and one for no."""
    flags: dict[str, Flag] = {}
    for name, shape in parameters.items():
        flag = hyphenated(name)
        if shape.type == "boolean":
            flags[flag], flags[f"no-{flag}"] = Flag(name, value=True), Flag(name, value=False)
        else:
            flags[flag] = Flag(name)
    return flags
