"""Parameters against an operation's declaration: does the provider take them? Pure.

It is as strict as the SDK's own check (names, required members, types, minimums) but for the length of texts, and it
looks at closed sets of values too, whatever their case.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from escher.apis.catalogue import OperationSpec
from escher.apis.shapes import Shape


class Unknown(str):
    """Stands in parameters for a value that is known only when the script runs; it fits every type."""

    __slots__ = ()


UNKNOWN = Unknown("<unknown>")
_SCALARS: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "float": (int, float),
    "boolean": (bool,),
    "blob": (str, bytes),
    "file": (str, bytes),
    "timestamp": (str, int, float),
}
_DEEPEST = 40


def problems_of(spec: OperationSpec, parameters: Mapping[str, Any]) -> tuple[str, ...]:
    """What is wrong with these parameters, one sentence each; nothing when the call would be made."""
    if spec.input is None:
        return tuple(f"it takes no parameter {name!r}" for name in parameters)
    return tuple(_structure(spec.input, parameters, "", 0))


def has_unknown(node: object) -> bool:
    """Whether a value inside is known only when the script runs."""
    if isinstance(node, Mapping):
        return any(has_unknown(value) for value in node.values())
    if isinstance(node, list | tuple):
        return any(has_unknown(item) for item in node)
    return isinstance(node, Unknown)


def _check(shape: Shape, value: Any, path: str, depth: int) -> Iterator[str]:
    if isinstance(value, Unknown) or shape.type in ("document", "json"):
        return
    if depth > _DEEPEST:
        yield f"{path} is nested too deep"
    elif shape.type == "structure":
        yield from _structure(shape, value, path, depth)
    elif shape.type == "list":
        yield from _list(shape, value, path, depth)
    elif shape.type == "map":
        yield from _map(shape, value, path, depth)
    else:
        yield from _scalar(shape, value, path)


def _structure(shape: Shape, value: Any, path: str, depth: int) -> Iterator[str]:
    if not isinstance(value, Mapping):
        yield f"{path} must be an object"
        return
    within = f" in {path}" if path else ""
    for name in shape.required:
        if name not in value:
            yield f"the required parameter {name!r} is missing{within}"
    if shape.exclusive and len(value) != 1:
        yield f"exactly one of {', '.join(shape.members)} must be given{within}"
    for name, member in value.items():
        if name not in shape.members:
            yield f"there is no parameter {name!r}{within}"
        else:
            yield from _check(shape.members[name], member, f"{path}.{name}" if path else str(name), depth + 1)


def _list(shape: Shape, value: Any, path: str, depth: int) -> Iterator[str]:
    if not isinstance(value, list | tuple):
        yield f"{path} must be a list"
        return
    if len(value) < shape.minimum:
        yield f"{path} needs at least {shape.minimum:g} items"
    for index, item in enumerate(value):
        yield from _check(shape.element, item, f"{path}[{index}]", depth + 1)


def _map(shape: Shape, value: Any, path: str, depth: int) -> Iterator[str]:
    if not isinstance(value, Mapping):
        yield f"{path} must be an object"
        return
    for key, item in value.items():
        yield from _check(shape.key, key, f"{path} (key)", depth + 1)
        yield from _check(shape.value, item, f"{path}.{key}", depth + 1)


def _scalar(shape: Shape, value: Any, path: str) -> Iterator[str]:
    right = isinstance(value, _SCALARS[shape.type]) and (shape.type == "boolean" or not isinstance(value, bool))
    if not right or (isinstance(value, float) and not math.isfinite(value)):
        yield f"{path} must be of type {shape.type}"
    elif shape.values and str(value).lower() not in {allowed.lower() for allowed in shape.values}:
        yield f"{path} cannot be {value!r}; it is one of {_some(shape.values)}"
    elif shape.type in ("integer", "float") and value < shape.minimum:
        yield f"{path} must be at least {shape.minimum:g}"


def _some(values: tuple[str, ...]) -> str:
    shown = ", ".join(values[:8])
    return shown if len(values) <= 8 else f"{shown} and {len(values) - 8} more"
