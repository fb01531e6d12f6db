"""The functions, methods and comparisons of Python that are carried out on known values while a script is read. Pure.

They are called from these tables only, never looked up on a value.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from escher.scripts.python_errors import NotUnderstood

LONGEST = 10_000


def _numbered(values: Sequence[Any]) -> list[list[Any]]:
    return [list(pair) for pair in enumerate(values)]


def _keys(value: dict[Any, Any]) -> list[Any]:
    return list(value)


def _values(value: dict[Any, Any]) -> list[Any]:
    return list(value.values())


def _items(value: dict[Any, Any]) -> list[list[Any]]:
    return [list(item) for item in value.items()]


def bounded(value: Any) -> Any:
    """The value, unless it grows beyond what a script needs."""
    if isinstance(value, str | list) and len(value) > LONGEST:
        raise NotUnderstood("a value grows too long to read")
    return value


COMPARISONS: Mapping[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda one, other: one in other,
    ast.NotIn: lambda one, other: one not in other,
    ast.Is: lambda one, other: one is None and other is None,
    ast.IsNot: lambda one, other: one is not None or other is not None,
}
FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "len": len,
    "sum": sum,
    "min": min,
    "max": max,
    "sorted": sorted,
    "list": list,
    "dict": dict,
    "str": str,
    "int": int,
    "float": float,
    "bool": bool,
    "any": any,
    "all": all,
    "enumerate": _numbered,
}
METHODS: Mapping[type, Mapping[str, Callable[..., Any]]] = {
    str: {
        name: getattr(str, name)
        for name in ("lower", "upper", "strip", "startswith", "endswith", "split", "join", "replace", "removeprefix")
    },
    dict: {
        "get": dict.get,
        "keys": _keys,
        "values": _values,
        "items": _items,
    },
}
METHODS_OF_ANSWERS = frozenset(
    {*METHODS[str], *METHODS[dict], "search", "build_full_result", "isoformat", "timestamp", "read", "decode"}
    # What a long-running operation of Azure is asked for.
    | {"result", "wait", "done", "status", "as_dict"}
)
