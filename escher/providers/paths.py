"""JMESPath expressions as Python functions. Pure.

The paths of declarations are looked up in every record of every scan, and most are plain: fields, lists, filters. These
are compiled into closures, several times as fast as jmespath's own interpreter; whatever else an expression holds is
left to that. The results are the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, cast

import jmespath
from jmespath.functions import Functions, signature
from jmespath.visitor import Options, TreeInterpreter

Node = Mapping[str, Any]
Search = Callable[[Any], Any]


class _Extended(Functions):
    """JMESPath's functions and one more."""

    @signature({"types": ["string", "null"]}, {"types": ["string"]})
    def _func_tail(self, text: str | None, separator: str) -> str | None:
        """What follows the last separator; all, where there is none."""
        return None if text is None else text.rpartition(separator)[2]


_OPTIONS = Options(custom_functions=_Extended())


@cache
def search(path: str) -> Search:
    """What an expression yields of a record; None for an empty expression. Raises jmespath's ParseError."""
    return _compiled(jmespath.compile(path).parsed) if path else lambda value: None


def is_false(value: Any) -> bool:
    """Whether JMESPath takes a value for false: nothing, or empty. A zero is true."""
    return value is None or value is False or (value != 0 and not value)


def _compiled(node: Node) -> Search:
    maker = _MAKERS.get(node["type"], _interpreted)
    return maker(node)


def _interpreted(node: Node) -> Search:
    visit = TreeInterpreter(_OPTIONS).visit
    return lambda value: visit(cast("Any", node), value)


def _field(node: Node) -> Search:
    name = node["value"]

    def field(value: Any) -> Any:
        return cast("dict[str, Any]", value).get(name) if isinstance(value, dict) else None

    return field


def _chain(node: Node) -> Search:
    steps = [_compiled(child) for child in node["children"]]
    if len(steps) == 2:
        first, second = steps
        return lambda value: second(first(value))

    def follow(value: Any) -> Any:
        for step in steps:
            value = step(value)
        return value

    return follow


def _projection(node: Node) -> Search:
    left, right = (_compiled(child) for child in node["children"])

    def project(value: Any) -> Any:
        base = left(value)
        if not isinstance(base, list):
            return None
        return [found for one in cast("list[Any]", base) if (found := right(one)) is not None]

    return project


def _flatten(node: Node) -> Search:
    left = _compiled(node["children"][0])

    def flatten(value: Any) -> Any:
        base = left(value)
        if not isinstance(base, list):
            return None
        merged: list[Any] = []
        for one in cast("list[Any]", base):
            if isinstance(one, list):
                merged += cast("list[Any]", one)
            else:
                merged.append(one)
        return merged

    return flatten


def _filter(node: Node) -> Search:
    left, right, condition = (_compiled(child) for child in node["children"])

    def filtered(value: Any) -> Any:
        base = left(value)
        if not isinstance(base, list):
            return None
        return [
            found
            for one in cast("list[Any]", base)
            if not is_false(condition(one)) and (found := right(one)) is not None
        ]

    return filtered


def _index(node: Node) -> Search:
    number = node["value"]

    def pick(value: Any) -> Any:
        return value[number] if isinstance(value, list) and -len(value) <= number < len(value) else None

    return pick


def _or(node: Node) -> Search:
    left, right = (_compiled(child) for child in node["children"])
    return lambda value: right(value) if is_false(found := left(value)) else found


def _and(node: Node) -> Search:
    left, right = (_compiled(child) for child in node["children"])
    return lambda value: found if is_false(found := left(value)) else right(value)


def _not(node: Node) -> Search:
    inner = _compiled(node["children"][0])
    return lambda value: is_false(inner(value))


def _literal(node: Node) -> Search:
    constant = node["value"]
    return lambda value: constant


def _comparator(node: Node) -> Search:
    constant = node["children"][1]
    # Numbers and booleans have rules of their own, which the interpreter knows.
    if node["value"] not in ("eq", "ne") or constant["type"] != "literal" or not isinstance(constant["value"], str):
        return _interpreted(node)
    left, wanted = _compiled(node["children"][0]), constant["value"]
    if node["value"] == "eq":
        return lambda value: left(value) == wanted
    return lambda value: left(value) != wanted


def _several(node: Node) -> Search:
    parts = [_compiled(child) for child in node["children"]]
    return lambda value: None if value is None else [part(value) for part in parts]


def _same(_: Node) -> Search:
    return lambda value: value


_MAKERS: Mapping[str, Callable[[Node], Search]] = {
    "and_expression": _and,
    "comparator": _comparator,
    "current": _same,
    "field": _field,
    "filter_projection": _filter,
    "flatten": _flatten,
    "identity": _same,
    "index": _index,
    "index_expression": _chain,
    "literal": _literal,
    "multi_select_list": _several,
    "not_expression": _not,
    "or_expression": _or,
    "pipe": _chain,
    "projection": _projection,
    "subexpression": _chain,
}
