"""A command's outcome in a notebook: tables and text in a view, so that no row of it is saved with the cell."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from io import StringIO
from typing import Any

from IPython.display import display
from rich.console import Console, RenderableType

from escher.commands.board import Board
from escher.commands.command import Outcome
from escher.commands.live import line_of
from escher.contract.ui import (
    Column,
    Component,
    ErrorCard,
    ErrorData,
    ErrorProps,
    Markdown,
    Table,
    TableData,
    TableProps,
    TextData,
)
from escher.errors import EscherError
from escher.magics.scanning import board_components, ended
from escher.widgets.view import View
from escher.widgets.widget import EscherView

MOST_ROWS = 5_000
REDRAW_S = 0.5
LAST_LINES = 12
WIDTH, WHOLE_LINES = 110, 10_000


class ShownCommand:
    """The view of one running command: its last lines while it runs, then its outcome."""

    def __init__(self, name: str) -> None:
        self._view = View(f"escher {name}")
        self._lines: list[str] = []
        self._board = Board()
        self._drawn = 0.0
        self.widget = quiet_view(self._view)

    def event(self, event: Mapping[str, Any]) -> None:
        """Take one event of long work; redraws at most twice a second."""
        of_a_scan = self._board.take(event)
        line = "" if of_a_scan else line_of(event)
        if line:
            self._lines.append(line)
        if (of_a_scan or line) and time.monotonic() - self._drawn > REDRAW_S:
            self._drawn = time.monotonic()
            self._draw()

    def _draw(self) -> None:
        if self._board.is_empty:
            self._view.put(code("live", "\n".join(self._lines[-LAST_LINES:])))
        else:
            self._view.put(*board_components(self._board))

    def finish(self, outcome: Outcome) -> None:
        """Show the outcome in place of the live lines; the board of a scan stays below it as it ended."""
        if self._board.is_empty:
            self._view.put(_component(outcome))
        else:
            self._view.put(*ended(self._board, _printed(outcome.text, WHOLE_LINES)))


def show_failure(failure: EscherError) -> None:
    """Show a failure as a card; only its code is saved with the cell."""
    card = ErrorCard(
        id="error",
        props=ErrorProps(title="Nothing was changed"),
        data=ErrorData(code=failure.code, message=failure.message, hint=failure.hint),
    )
    display(quiet_view(View(f"escher: {failure.code}", [card])))


def quiet_view(view: View) -> EscherView:
    """A view in which there is nothing to approve or cancel."""
    return EscherView(view, on_approve=_nothing, on_cancel=_nothing)


def code(id_: str, text: str) -> Markdown:
    """Text as it stands, in a fixed-width block that its content cannot end."""
    fence = "`" * (3 + max((len(run) for run in _runs_of_backticks(text)), default=0))
    return Markdown(id=id_, data=TextData(content=f"{fence}\n{text}\n{fence}"))


def _runs_of_backticks(text: str) -> list[str]:
    return re.findall("`+", text)


def _component(outcome: Outcome) -> Component:
    rows = outcome.document
    if isinstance(rows, list) and rows and all(isinstance(row, dict) for row in rows):
        return _table(rows)
    return code("live", _plain(outcome))


def _table(rows: list[dict[str, Any]]) -> Table:
    columns = tuple(Column(key=key, label=key.replace("_", " ")) for key in rows[0])
    cells = tuple({key: _cell(value) for key, value in row.items()} for row in rows[:MOST_ROWS])
    return Table(
        id="live", props=TableProps(columns=columns, searchable=True, total=len(rows)), data=TableData(rows=cells)
    )


def _cell(value: Any) -> str | int | float | bool | None:
    if value is None or isinstance(value, str | int | float | bool):
        return value
    if isinstance(value, Mapping):
        return ", ".join(f"{key}={item}" for key, item in value.items())
    return ", ".join(str(item) for item in value) if isinstance(value, list | tuple) else str(value)


def _plain(outcome: Outcome) -> str:
    return _printed(outcome.text)


def _printed(shown: RenderableType, width: int = WIDTH) -> str:
    # In a kernel rich would display the text itself, and the notebook would save it.
    out = Console(file=StringIO(), width=width, highlight=False, color_system=None, force_jupyter=False)
    out.print(shown)
    return out.file.getvalue().rstrip() if isinstance(out.file, StringIO) else ""


def _nothing(_: object) -> None:
    """A view without a plan has nothing to approve."""
