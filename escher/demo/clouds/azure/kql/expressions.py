"""Expressions: read once, then worked out for each row."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from escher.demo.clouds.azure.kql.functions import FUNCTIONS
from escher.demo.clouds.azure.kql.table import Row
from escher.demo.clouds.azure.kql.values import before, number, same, text, truth
from escher.demo.clouds.azure.kql.words import KqlError, Reader

Value = Callable[[Row], Any]
Columns = Sequence[str]


def expression(reader: Reader, columns: Columns) -> Value:
    """Read an expression over these columns. Raises KqlError for what is not understood, or a column that is none."""
    left = _all_of(reader, columns)
    while reader.takes("or"):
        left = _or(left, _all_of(reader, columns))
    return left


def _all_of(reader: Reader, columns: Columns) -> Value:
    left = _comparison(reader, columns)
    while reader.takes("and"):
        left = _and(left, _comparison(reader, columns))
    return left


def _or(a: Value, b: Value) -> Value:
    return lambda row: truth(a(row)) or truth(b(row))


def _and(a: Value, b: Value) -> Value:
    return lambda row: truth(a(row)) and truth(b(row))


def _has(whole: Any, part: Any) -> bool:
    """Whether a whole word is there."""
    pattern = rf"(?<![A-Za-z0-9]){re.escape(text(part))}(?![A-Za-z0-9])"
    return re.search(pattern, text(whole), re.IGNORECASE) is not None


def _matches(whole: Any, pattern: Any) -> bool:
    try:
        return re.search(text(pattern), text(whole)) is not None
    except re.error as cause:
        raise KqlError(f"'{pattern}' is not a regular expression: {cause}") from cause


COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "==": same,
    "!=": lambda a, b: not same(a, b),
    "<": before,
    ">": lambda a, b: before(b, a),
    "<=": lambda a, b: before(a, b) or (a is not None and same(a, b)),
    ">=": lambda a, b: before(b, a) or (a is not None and same(a, b)),
    "=~": lambda a, b: text(a).lower() == text(b).lower(),
    "!~": lambda a, b: text(a).lower() != text(b).lower(),
    "contains": lambda a, b: text(b).lower() in text(a).lower(),
    "contains_cs": lambda a, b: text(b) in text(a),
    "startswith": lambda a, b: text(a).lower().startswith(text(b).lower()),
    "startswith_cs": lambda a, b: text(a).startswith(text(b)),
    "endswith": lambda a, b: text(a).lower().endswith(text(b).lower()),
    "endswith_cs": lambda a, b: text(a).endswith(text(b)),
    "has": _has,
    "has_cs": lambda a, b: _has(a, b) and text(b) in text(a),
}
_NEGATED = tuple(f"!{word}" for word in COMPARISONS if word.isidentifier())


def _comparison(reader: Reader, columns: Columns) -> Value:
    left = _sum(reader, columns)
    if reader.sees(*COMPARISONS):
        return _compared(COMPARISONS[reader.take().text.lower()], left, _sum(reader, columns))
    if reader.sees(*_NEGATED):
        return _negated(_compared(COMPARISONS[reader.take().text[1:].lower()], left, _sum(reader, columns)))
    if reader.sees("in", "in~", "!in", "!in~", "has_any", "has_all"):
        return _membership(reader.take().text.lower(), left, _listed(reader, columns))
    if reader.sees("between", "!between"):
        inside = reader.take().text.lower() == "between"
        held = _between(left, *_bounds(reader, columns))
        return held if inside else _negated(held)
    if reader.takes("matches"):
        reader.want("regex")
        return _compared(_matches, left, _sum(reader, columns))
    return left


def _compared(holds: Callable[[Any, Any], bool], a: Value, b: Value) -> Value:
    return lambda row: holds(a(row), b(row))


def _negated(value: Value) -> Value:
    return lambda row: not value(row)


def _membership(word: str, left: Value, values: list[Value]) -> Value:
    def members(row: Row) -> list[Any]:
        return [one for value in values for one in _spread(value(row))]

    if word == "has_any":
        return lambda row: any(_has(left(row), one) for one in members(row))
    if word == "has_all":
        return lambda row: all(_has(left(row), one) for one in members(row))

    def held(row: Row) -> bool:
        found = left(row)
        if word.endswith("~"):
            return text(found).lower() in {text(one).lower() for one in members(row)}
        return any(same(found, one) for one in members(row))

    return _negated(held) if word.startswith("!") else held


def _spread(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _listed(reader: Reader, columns: Columns) -> list[Value]:
    reader.want("(")
    values: list[Value] = []
    while reader.until((")",)):
        values.append(expression(reader, columns))
        reader.takes(",")
    reader.want(")")
    return values


def _bounds(reader: Reader, columns: Columns) -> tuple[Value, Value]:
    reader.want("(")
    low = _sum(reader, columns)
    reader.want("..")
    high = _sum(reader, columns)
    reader.want(")")
    return low, high


def _between(value: Value, low: Value, high: Value) -> Value:
    def held(row: Row) -> bool:
        found = value(row)
        return COMPARISONS[">="](found, low(row)) and COMPARISONS["<="](found, high(row))

    return held


def _sum(reader: Reader, columns: Columns) -> Value:
    left = _product(reader, columns)
    while reader.sees("+", "-"):
        left = _computed(reader.take().text, left, _product(reader, columns))
    return left


def _product(reader: Reader, columns: Columns) -> Value:
    left = _signed(reader, columns)
    while reader.sees("*", "/", "%"):
        left = _computed(reader.take().text, left, _signed(reader, columns))
    return left


def _signed(reader: Reader, columns: Columns) -> Value:
    if reader.takes("-"):
        return _computed("-", lambda row: 0, _signed(reader, columns))
    return _path(reader, columns)


def _computed(sign: str, a: Value, b: Value) -> Value:
    return lambda row: _compute(sign, a(row), b(row))


def _amount(value: Any) -> Any:
    return value if isinstance(value, datetime | timedelta) else number(value)


def _compute(sign: str, a: Any, b: Any) -> Any:
    left, right = _amount(a), _amount(b)
    if left is None or right is None:
        return None
    try:
        if sign == "+":
            return left + right
        if sign == "-":
            return left - right
        if sign == "*":
            return left * right
        if sign == "%":
            return left % right
        return left // right if isinstance(left, int) and isinstance(right, int) else left / right
    except ZeroDivisionError:
        return None
    except TypeError as cause:
        raise KqlError(f"'{sign}' cannot be applied: {cause}") from cause


def _path(reader: Reader, columns: Columns) -> Value:
    value = _primary(reader, columns)
    while reader.sees(".", "["):
        if reader.take().text == ".":
            value = _member(value, reader.name())
        else:
            value = _item(value, expression(reader, columns))
            reader.want("]")
    return value


def _member(value: Value, name: str) -> Value:
    return lambda row: _inside(value(row), name)


def _item(value: Value, key: Value) -> Value:
    return lambda row: _inside(value(row), key(row))


def _inside(value: Any, key: Any) -> Any:
    if isinstance(value, list) and isinstance(key, int):
        return value[key] if -len(value) <= key < len(value) else None
    if not isinstance(value, dict):
        return None
    if key in value:
        return value[key]
    wanted = str(key).lower()
    return next((one for name, one in value.items() if str(name).lower() == wanted), None)


def _primary(reader: Reader, columns: Columns) -> Value:
    if reader.takes("("):
        value = expression(reader, columns)
        reader.want(")")
        return value
    if reader.takes("["):
        return _literal_list(reader, columns)
    word = reader.take()
    if word.kind == "value":
        return lambda row: word.value
    if word.kind != "name":
        raise KqlError(f"Query is invalid: unexpected '{word.text or 'end'}'.")
    if reader.sees("("):
        return _call(word.text, reader, columns)
    if word.text not in columns:
        raise KqlError(f"Failed to resolve column or scalar expression named '{word.text}'.")
    return lambda row: row[word.text]


def _literal_list(reader: Reader, columns: Columns) -> Value:
    values: list[Value] = []
    while reader.until(("]",)):
        values.append(expression(reader, columns))
        reader.takes(",")
    reader.want("]")
    return lambda row: [value(row) for value in values]


def _call(name: str, reader: Reader, columns: Columns) -> Value:
    if name.lower() == "datetime":
        return _moment_literal(reader, columns)
    function = FUNCTIONS.get(name.lower())
    if function is None:
        raise KqlError(f"Unknown function: '{name}'.")
    values = _listed(reader, columns)

    def called(row: Row) -> Any:
        try:
            return function(*(value(row) for value in values))
        except (TypeError, ValueError, ZeroDivisionError, re.error) as cause:
            raise KqlError(f"{name}(): {cause}") from cause

    return called


def _moment_literal(reader: Reader, columns: Columns) -> Value:
    """`datetime(2024-01-31 10:00)` has its text bare."""
    start = reader.at + 1
    if reader.line[start].kind == "value" and isinstance(reader.line[start].value, str):
        values = _listed(reader, columns)
        return lambda row: FUNCTIONS["datetime"](values[0](row))
    reader.want("(")
    bare = ""
    while reader.until((")",)):
        bare += reader.take().text
    reader.want(")")
    bare = re.sub(r"^(\d{4}-\d{2}-\d{2})(\d)", r"\1T\2", bare)
    found = FUNCTIONS["datetime"](bare)
    if found is None:
        raise KqlError(f"'{bare}' is not a date and time.")
    return lambda row: found
