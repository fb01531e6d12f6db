"""Rows at a terminal: names shown as what they are, numbers to the right, and the least telling columns left out first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderableType
from rich.table import Table
from rich.text import Text

from escher.widgets.visible import visible

CLOUDS = {"aws": "AWS", "azure": "Azure", "gcp": "GCP"}
MOST_ROWS = 50
_GAP = 2
_LEAST = 20


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its key in a row, its heading, when it leaves a narrow terminal (1 first; 0 never), is it a count."""

    key: str
    label: str = ""
    leaves: int = 0
    counts: bool = False

    @property
    def heading(self) -> str:
        """The label, or the key in words."""
        return self.label or self.key.replace("_", " ")

    def cell(self, value: Any) -> str:
        """A value of it, on one line, with nothing in it that could deceive the eye."""
        if self.counts and value is not None:
            return f"{value:,}"
        return "" if value is None else visible(str(value)).replace("\n", " ")


NAMED = (
    Column("name"), Column("identifier", "id"), Column("resource_type", "type"), Column("account", leaves=1),
    Column("region", leaves=3), Column("state", leaves=2),
)  # fmt: skip
"""The columns of resources."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows with these columns, at most fifty of them, as wide as the terminal is and no wider.

    What has no room is cut, the longest first; columns leave while what is left could not be read.
    """

    rows: Sequence[Mapping[str, Any]]
    columns: Sequence[Column]
    title: str = ""
    note: str = ""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[RenderableType]:
        """A heading, the rows, and how many there are besides."""
        shown = self.rows[:MOST_ROWS]
        cells = {column: [column.cell(row.get(column.key)) for row in shown] for column in self.columns}
        widths = _fitting({column: _longest(column, texts) for column, texts in cells.items()}, options.max_width)
        table = Table(box=None, pad_edge=False, padding=(0, _GAP, 0, 0), header_style="bold")
        for column, width in widths.items():
            side = "right" if column.counts else "left"
            table.add_column(column.heading, justify=side, no_wrap=True, overflow="ellipsis", width=width)
        for texts in zip(*(cells[column] for column in widths), strict=True):
            table.add_row(*(Text(text, no_wrap=True, overflow="ellipsis") for text in texts))
        yield from ([Text(self.title, style="bold")] if self.title else [])
        yield table
        more = len(self.rows) - len(shown)
        notes = [*([f"and {more:,} more; --json has them all"] if more else []), *([self.note] if self.note else [])]
        yield from (Text(note, style="dim") for note in notes)


def _longest(column: Column, texts: Sequence[str]) -> int:
    return max(map(cell_len, (column.heading, *texts)))


def _fitting(widths: Mapping[Column, int], room: int) -> dict[Column, int]:
    """How wide each column is: whole, or the longest cut to no less than twenty characters; else one leaves."""
    fitting = dict(widths)
    while (over := sum(fitting.values()) + _GAP * len(fitting) - room) > 0:
        column = max(fitting, key=lambda one: fitting[one])
        others = [width for one, width in fitting.items() if one != column]
        if fitting[column] > _LEAST:
            fitting[column] = max(_LEAST, fitting[column] - over, min(max(others, default=0), fitting[column] - 1))
            continue
        leaving = min((one for one in fitting if one.leaves), key=lambda one: one.leaves, default=None)
        if leaving is None:
            return fitting
        fitting = {one: width for one, width in widths.items() if one in fitting and one != leaving}
    return fitting
