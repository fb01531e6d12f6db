"""Queries: a table, then operators that each make another table of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from escher.demo.clouds.azure.kql.expressions import Value, expression
from escher.demo.clouds.azure.kql.functions import AGGREGATES
from escher.demo.clouds.azure.kql.table import Row, Table
from escher.demo.clouds.azure.kql.values import order, text, truth
from escher.demo.clouds.azure.kql.words import KqlError, Reader, words

Tables = Mapping[str, Table]
_END = ("|", ")")


def run(query: str, tables: Tables) -> Table:
    """Work a query out. Raises KqlError."""
    reader = Reader(words(query))
    found = _pipeline(reader, tables)
    reader.takes(";")
    if reader.next.kind != "end":
        raise KqlError(f"Query is invalid: unexpected '{reader.next.text}'.")
    return found


def _pipeline(reader: Reader, tables: Tables) -> Table:
    """A query that begins with an operator is about resources."""
    bare = reader.next.text.lower() in _OPERATORS
    table = tables["resources"] if bare else _source(reader, tables)
    while bare or reader.takes("|"):
        bare, name = False, reader.name().lower()
        while reader.takes("-"):
            name += f"-{reader.name().lower()}"
        operator = _OPERATORS.get(name)
        if operator is None:
            raise KqlError(f"Unknown operator: '{name}'.")
        table = operator(reader, table, tables)
    return table


def _source(reader: Reader, tables: Tables) -> Table:
    name = reader.name()
    if name.lower() not in tables:
        raise KqlError(f"Table '{name}' is not supported.")
    return tables[name.lower()]


def _where(reader: Reader, table: Table, tables: Tables) -> Table:
    held = expression(reader, table.columns)
    return Table(table.columns, [row for row in table.rows if truth(held(row))])


def _named_values(reader: Reader, table: Table) -> list[tuple[str, Value]]:
    found: list[tuple[str, Value]] = []
    columns = list(table.columns)
    while reader.until(_END):
        start, name = reader.at, ""
        if reader.next.kind == "name" and reader.line[reader.at + 1].text == "=":
            name = reader.take().text
            reader.take()
        value = expression(reader, columns)
        found.append((name or _name_of(reader, start, len(found)), value))
        if not reader.takes(","):
            break
    return found


def _name_of(reader: Reader, start: int, place: int) -> str:
    """The name of a column that was given none: its path, with `_` for dots."""
    said = reader.line[start : reader.at]
    if all(word.kind == "name" or word.text in (".", "[", "]") or word.kind == "value" for word in said):
        return "_".join(str(word.value if word.kind == "value" else word.text) for word in said if word.kind != "mark")
    return f"Column{place + 1}"


def _project(reader: Reader, table: Table, tables: Tables) -> Table:
    values = _named_values(reader, table)
    rows = [{name: value(row) for name, value in values} for row in table.rows]
    return Table([name for name, _ in values], rows)


def _extend(reader: Reader, table: Table, tables: Tables) -> Table:
    columns, rows = list(table.columns), [dict(row) for row in table.rows]
    while reader.until(_END):
        one = _one_more(reader, Table(columns, rows))
        for row in rows:
            row[one[0]] = one[1](row)
        columns += [one[0]] if one[0] not in columns else []
        if not reader.takes(","):
            break
    return Table(columns, rows)


def _one_more(reader: Reader, table: Table) -> tuple[str, Value]:
    start, name = reader.at, ""
    if reader.next.kind == "name" and reader.line[reader.at + 1].text == "=":
        name = reader.take().text
        reader.take()
    value = expression(reader, table.columns)
    return name or _name_of(reader, start, len(table.columns)), value


def _without(reader: Reader, table: Table, tables: Tables) -> Table:
    gone = [name for name, _ in _named_values(reader, table)]
    return _columns([one for one in table.columns if one not in gone], table.rows)


def _columns(columns: list[str], rows: list[Row]) -> Table:
    return Table(columns, [{name: row[name] for name in columns} for row in rows])


def _sort(reader: Reader, table: Table, tables: Tables) -> Table:
    reader.want("by")
    rows = list(table.rows)
    for value, descending in reversed(_orders(reader, table)):
        rows.sort(key=lambda row, value=value: order(value(row)), reverse=descending)
    return Table(table.columns, rows)


def _orders(reader: Reader, table: Table) -> list[tuple[Value, bool]]:
    found: list[tuple[Value, bool]] = []
    while reader.until(_END):
        value = expression(reader, table.columns)
        ascending = reader.sees("asc")
        reader.takes("asc", "desc")
        if reader.takes("nulls"):
            reader.name()
        found.append((value, not ascending))
        if not reader.takes(","):
            break
    return found


def _top(reader: Reader, table: Table, tables: Tables) -> Table:
    number = _number(reader)
    found = _sort(reader, table, tables)
    return Table(found.columns, found.rows[:number])


def _limit(reader: Reader, table: Table, tables: Tables) -> Table:
    return Table(table.columns, table.rows[: _number(reader)])


def _number(reader: Reader) -> int:
    word = reader.take()
    if not isinstance(word.value, int):
        raise KqlError(f"Query is invalid: expected a number, found '{word.text}'.")
    return word.value


def _count(reader: Reader, table: Table, tables: Tables) -> Table:
    return Table(["Count"], [{"Count": len(table.rows)}])


def _distinct(reader: Reader, table: Table, tables: Tables) -> Table:
    if reader.takes("*"):
        values: list[tuple[str, Value]] = [(name, lambda row, name=name: row[name]) for name in table.columns]
    else:
        values = _named_values(reader, table)
    found: dict[tuple[str, ...], Row] = {}
    for row in table.rows:
        one = {name: value(row) for name, value in values}
        found.setdefault(tuple(text(value) for value in one.values()), one)
    return Table([name for name, _ in values], list(found.values()))


def _summarize(reader: Reader, table: Table, tables: Tables) -> Table:
    sums = _aggregates(reader, table)
    keys = _named_values(reader, table) if reader.takes("by") else []
    groups: dict[tuple[str, ...], tuple[Row, list[Row]]] = {} if keys else {(): ({}, [])}
    for row in table.rows:
        key = {name: value(row) for name, value in keys}
        groups.setdefault(tuple(text(one) for one in key.values()), (key, []))[1].append(row)
    rows = [key | {name: work(members) for name, work in sums} for key, members in groups.values()]
    return Table([*(name for name, _ in keys), *(name for name, _ in sums)], rows)


def _aggregates(reader: Reader, table: Table) -> list[tuple[str, Callable[[list[Row]], Any]]]:
    found: list[tuple[str, Callable[[list[Row]], Any]]] = []
    while reader.until((*_END, "by")):
        name = ""
        if reader.line[reader.at + 1].text == "=":
            name = reader.name()
            reader.take()
        function = reader.name()
        work, about = _aggregate(reader, table, function.lower())
        found.append((name or f"{function}_{about}", work))
        if not reader.takes(","):
            break
    return found


def _aggregate(reader: Reader, table: Table, function: str) -> tuple[Callable[[list[Row]], Any], str]:
    aggregate = AGGREGATES.get(function)
    if aggregate is None:
        raise KqlError(f"Unknown function: '{function}'.")
    reader.want("(")
    start = reader.at
    if reader.takes(")"):
        return aggregate, ""
    value = expression(reader, table.columns)
    about = _name_of(reader, start, 0)
    if reader.takes(","):
        _number(reader)
    reader.want(")")
    return (lambda members: aggregate([value(row) for row in members])), about


def _expand(reader: Reader, table: Table, tables: Tables) -> Table:
    values = _named_values(reader, table)
    if len(values) != 1:
        raise KqlError("Query is invalid: mv-expand needs one column.")
    ((name, value),) = values
    columns = [*table.columns, *([name] if name not in table.columns else [])]
    rows: list[Row] = []
    for row in table.rows:
        found = value(row)
        members = [{key: one} for key, one in found.items()] if isinstance(found, dict) else found
        rows += [row | {name: one} for one in (members if isinstance(members, list) and members else [None])]
    return Table(columns, rows)


def _join(reader: Reader, table: Table, tables: Tables) -> Table:
    kind = "innerunique"
    if reader.takes("kind"):
        reader.want("=")
        kind = reader.name().lower()
    reader.want("(")
    right = _pipeline(reader, tables)
    reader.want(")")
    reader.want("on")
    pairs = _join_keys(reader, table, right)
    renamed = {name: name if name not in table.columns else f"{name}1" for name in right.columns}
    rows = _joined(table, right, pairs, renamed, kind)
    return Table([*table.columns, *renamed.values()], rows)


def _join_keys(reader: Reader, left: Table, right: Table) -> list[tuple[Value, Value]]:
    found: list[tuple[Value, Value]] = []
    while reader.until(_END):
        if reader.takes("$left"):
            reader.want(".")
            a = reader.name()
            reader.want("==")
            reader.want("$right")
            reader.want(".")
            b = reader.name()
        else:
            a = b = reader.name()
        if a not in left.columns or b not in right.columns:
            raise KqlError(f"Failed to resolve the join key '{a}'.")
        found.append((lambda row, a=a: row[a], lambda row, b=b: row[b]))
        if not reader.takes(","):
            break
    return found


def _joined(
    left: Table, right: Table, pairs: list[tuple[Value, Value]], renamed: dict[str, str], kind: str
) -> list[Row]:
    if kind not in ("inner", "innerunique", "leftouter"):
        raise KqlError(f"The join kind '{kind}' is not supported.")
    found: dict[tuple[str, ...], list[Row]] = {}
    for row in right.rows:
        found.setdefault(tuple(text(key(row)) for _, key in pairs), []).append(row)
    nothing: list[Row] = [dict.fromkeys(right.columns)] if kind == "leftouter" else []
    return [
        row | {renamed[name]: value for name, value in other.items()}
        for row in left.rows
        for other in found.get(tuple(text(key(row)) for key, _ in pairs), nothing)
    ]


def _union(reader: Reader, table: Table, tables: Tables) -> Table:
    if reader.takes("("):
        other = _pipeline(reader, tables)
        reader.want(")")
    else:
        other = _source(reader, tables)
    columns = [*table.columns, *(name for name in other.columns if name not in table.columns)]
    rows = [{name: row.get(name) for name in columns} for row in (*table.rows, *other.rows)]
    return Table(columns, rows)


_OPERATORS: dict[str, Callable[[Reader, Table, Tables], Table]] = {
    "count": _count,
    "distinct": _distinct,
    "extend": _extend,
    "join": _join,
    "limit": _limit,
    "mv-expand": _expand,
    "order": _sort,
    "project": _project,
    "project-away": _without,
    "sort": _sort,
    "summarize": _summarize,
    "take": _limit,
    "top": _top,
    "union": _union,
    "where": _where,
}
