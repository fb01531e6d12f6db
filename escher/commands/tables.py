"""Rows at a terminal: names shown as what they are, numbers to the right, and the least telling columns left out first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import Console, ConsoleOptions, RenderableType
from rich.table import Table
from rich.text import Text

from escher.widgets.visible import visible

MOST_ROWS = 50
_GAP = 2
_LEAST = 12


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its key in a row, its heading, and how much it tells (the least telling goes first; 0 always stays)."""

    key: str
    label: str = ""
    leaves: int = 0

    @property
    def heading(self) -> str:
        """The label, or the key in words."""
        return self.label or self.key.replace("_", " ")


NAMED = (
    Column("name"), Column("identifier", "id"), Column("resource_type", "type"), Column("account", leaves=1),
    Column("region", leaves=3), Column("state", leaves=2),
)  # fmt: skip
"""The columns of resources."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows with these columns, at most fifty of them, as wide as the terminal is and no wider.

    Columns leave, the least telling first, while what is left cannot be read; what still has no room is cut.
    """

    rows: Sequence[Mapping[str, Any]]
    columns: Sequence[Column]
    title: str = ""
    note: str = ""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[RenderableType]:
        """A heading, the rows, and how many there are besides."""
        shown = [{column.key: _cell(row.get(column.key)) for column in self.columns} for row in self.rows[:MOST_ROWS]]
        columns = _fitting(self.columns, shown, options.max_width)
        table = Table(box=None, pad_edge=False, padding=(0, _GAP, 0, 0), header_style="bold")
        for column in columns:
            number = all(isinstance(row.get(column.key), int | None) for row in self.rows) and bool(self.rows)
            side = "right" if number else "left"
            table.add_column(column.heading, justify=side, no_wrap=True, overflow="ellipsis")
        for row in shown:
            table.add_row(*(Text(row[column.key], no_wrap=True, overflow="ellipsis") for column in columns))
        yield from ([Text(self.title, style="bold")] if self.title else [])
        yield table
        more = len(self.rows) - len(shown)
        notes = [*([f"and {more:,} more; --json has them all"] if more else []), *([self.note] if self.note else [])]
        yield from (Text(note, style="dim") for note in notes)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    return visible(str(value)).replace("\n", " ")


def _fitting(columns: Sequence[Column], rows: Sequence[Mapping[str, str]], width: int) -> list[Column]:
    """The columns that can be read side by side: each whole, or cut to no less than twelve characters."""
    kept = list(columns)
    while sum(_least(column, rows) + _GAP for column in kept) > width:
        leaving = min((column for column in kept if column.leaves), key=lambda column: column.leaves, default=None)
        if leaving is None:
            break
        kept.remove(leaving)
    return kept


def _least(column: Column, rows: Sequence[Mapping[str, str]]) -> int:
    longest = max([len(column.heading), *(len(row[column.key]) for row in rows)])
    return min(longest, max(_LEAST, longest * 3 // 4, len(column.heading)))
