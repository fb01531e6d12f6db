"""The texts after an AWS CLI flag as the value they stand for: plain, JSON or shorthand. Pure."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from escher.apis.catalogue import OperationSpec
from escher.apis.shapes import Shape
from escher.scripts.shorthand import ShorthandError, fitted, parse

# The CLI reads `--instances i-1 i-2` as structures with one member for these, as it did before there was shorthand.
_BARE_MEMBERS = {
    ("elb", "instances"),
    ("elb", "tags"),
    ("firehose", "records"),
    ("workspaces", "reboot-workspace-requests"),
    ("workspaces", "rebuild-workspace-requests"),
    ("workspaces", "terminate-workspace-requests"),
}


class ValueRefused(ValueError):
    """A text that does not stand for a value of the type that is asked for."""


def structured(shape: Shape) -> bool:
    """Whether the CLI looks for keys in a flag's text."""
    return not shape.scalar and not (shape.type == "list" and shape.element.scalar)


def takes_many(shape: Shape) -> bool:
    """Whether all words up to the next flag belong to this one."""
    return shape.type == "list"


def value_of(shape: Shape, texts: Sequence[str], *, spec: OperationSpec, flag: str) -> Any:
    """The value of a flag from the words after it. Raises ValueRefused."""
    first = texts[0].strip() if texts else ""
    if shape.type in ("document", "json"):
        return load_json(texts[0])
    if shape.type == "list":
        return _list(shape, texts, first, bare=(spec.service, flag) in _BARE_MEMBERS)
    if shape.scalar:
        return _scalar(shape, texts[0])
    return load_json(texts[0]) if first.startswith("{") else _short(shape, texts[0])


def load_json(text: str) -> Any:
    """JSON text, strictly: no key twice, no infinite numbers. Raises ValueRefused."""
    try:
        return json.loads(text, object_pairs_hook=_unique, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as cause:
        raise ValueRefused(f"{text[:40]!r} is not valid JSON: {cause}") from cause


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key is given twice")
    return found


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is not a number")


def _list(shape: Shape, texts: Sequence[str], first: str, *, bare: bool) -> Any:
    if first.startswith("[") and len(texts) == 1:
        return load_json(texts[0])
    element = shape.element
    if element.scalar:
        return [_item(element, text) for text in texts]
    if first.startswith(("[", "{")):
        return [load_json(text) for text in texts]
    if bare and element.type == "structure" and len(element.members) == 1:
        return [{next(iter(element.members)): text} for text in texts]
    return [_short(element, text) for text in texts]


def _item(element: Shape, text: str) -> Any:
    return load_json(text) if element.type in ("document", "json") else _scalar(element, text)


def _scalar(shape: Shape, text: str) -> Any:
    try:
        if shape.type == "integer":
            return int(text)
        if shape.type == "float":
            return float(text)
    except ValueError as cause:
        raise ValueRefused(f"{text!r} is not a number") from cause
    if shape.type == "boolean":
        return text.lower() != "false"
    return text


def _short(shape: Shape, text: str) -> Any:
    members = shape.members if shape.type == "structure" else {}
    if list(members) == ["Value"] and members["Value"].type == "string" and "=" not in text:
        return {"Value": text}
    try:
        if shape.type == "list":
            raise ShorthandError("a list within a list is given as JSON")
        return fitted(shape, parse(text))
    except ShorthandError as cause:
        raise ValueRefused(f"{text[:60]!r} is neither JSON nor shorthand: {cause}") from cause
