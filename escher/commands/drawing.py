"""The board of a scan on a terminal: aligned, no line longer than the terminal is wide, not taller than it is high."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Console, ConsoleOptions, RenderableType
from rich.text import Text

from escher.commands.board import Board, RowState, Standing
from escher.commands.board import Row as BoardRow
from escher.commands.tables import CLOUDS
from escher.widgets.visible import visible

MOST_ERRORS = 5
_ROOM_BESIDES = 4
_NARROW, _WIDE = 100, 120
_COLOURS: dict[RowState, str] = {
    "pending": "dim", "running": "cyan", "completed": "green", "failed": "yellow", "cancelled": "yellow",
}  # fmt: skip
CANCELLING = "Cancelling: what was read is being stored. Ctrl-C again leaves at once."


class DrawnBoard:
    """A board that rich can print as it stands at that moment."""

    def __init__(self, board: Board) -> None:
        self._board = board

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[RenderableType]:
        """Every line of the board, cut to the width."""
        now = self._board.standing()
        for line in _lines(now, options.max_width, (options.height or console.size.height) - _ROOM_BESIDES):
            line.truncate(options.max_width, overflow="ellipsis")
            yield line


def _lines(now: Standing, width: int, height: int) -> Iterator[Text]:
    errors = [] if _is_over(now) else list(now.errors)
    shown = errors[-MOST_ERRORS:]
    rows, folded = _fitting(now.rows, max(3, height - len(shown)))
    columns = _Columns(rows, width)
    yield from (columns.line(row) for row in rows)
    if folded:
        yield Text(f"  {folded}", style="dim")
    yield from (Text(f"  ✗ {visible(error)}", style="red") for error in shown)
    if len(errors) > len(shown):
        yield Text(f"  and {len(errors) - len(shown)} more scopes that were not seen whole", style="red")
    yield from _below(now)


def _below(now: Standing) -> Iterator[Text]:
    """What is done besides, and for how long the scan goes on."""
    if now.stage == "cancelling" and not now.closed:
        yield Text(f"  {CANCELLING}", style="yellow")
    elif now.stage == "running" and not now.closed:
        yield Text(f"  {now.share:>4.0%} · {now.elapsed_s:.0f} s · {now.task}", style="dim")
    elif now.stage == "completed" and not now.closed:
        done, total = now.embedded or (0, 0)
        share = f"{done / total:>4.0%} · " if total else ""
        yield Text(f"  {share}embedding, so that everything can be found by meaning", style="dim")


def _is_over(now: Standing) -> bool:
    return now.stage in ("completed", "cancelled")


def _fitting(rows: Sequence[BoardRow], most: int) -> tuple[Sequence[BoardRow], str]:
    """As many rows as there is room for, those at work first; the others in words."""
    if len(rows) <= most:
        return rows, ""
    order: list[RowState] = ["running", "failed", "cancelled", "pending", "completed"]
    ranked = sorted(rows, key=lambda row: order.index(row.state))
    rest = ranked[most:]
    done = sum(row.state in ("completed", "failed") for row in rest)
    words = [f"{done} accounts are done"] if done else []
    return ranked[:most], " · ".join([*words, *([f"{len(rest) - done} to come"] if done < len(rest) else [])])


class _Columns:
    """Where each column begins, for a set of rows and a width."""

    def __init__(self, rows: Sequence[BoardRow], width: int) -> None:
        self._width = width
        self._bar = 24 if width >= _WIDE else 16 if width >= _NARROW else 10
        longest = max((len(visible(row.name)) for row in rows), default=0)
        self._name = min(longest, 28 if width >= _WIDE else 16)
        self._digits = max((len(f"{row.total:,}") for row in rows), default=1)
        self._found = max((len(f"{row.found:,}") for row in rows), default=1)

    def line(self, row: BoardRow) -> Text:
        """One account."""
        name = Text(visible(row.name))
        name.truncate(self._name, overflow="ellipsis", pad=True)
        scopes = f"{row.done:>{self._digits},} of {row.total:>{self._digits},}"
        if not row.total:
            scopes = " " * len(scopes)
        line = Text.assemble(
            ("  " + f"{CLOUDS.get(row.provider, row.provider):<5}", "dim"), "  ", (name.plain, "bold"), "  ", self._drawn_bar(row), "  ",
            scopes, "  ", f"{row.found:>{self._found},}", (" found", "dim"), "  ",
        )  # fmt: skip
        return line.append(self._what(row, self._width - line.cell_len), style=_style_of(row))

    def _drawn_bar(self, row: BoardRow) -> Text:
        full = self._bar * row.done // row.total if row.total else 0
        colour = _COLOURS[row.state if not row.failed else "failed"]
        return Text.assemble(("━" * full, colour), ("─" * (self._bar - full), "dim"))

    def _what(self, row: BoardRow, room: int) -> str:
        if row.state != "running":
            return _WORDS[row.state].format(failed=row.failed)
        return _as_many_as_fit(row.services, room)


_WORDS: dict[RowState, str] = {
    "pending": "waiting", "completed": "✓ done", "failed": "! {failed} not seen whole", "cancelled": "cancelled",
}  # fmt: skip


def _style_of(row: BoardRow) -> str:
    return "dim" if row.state in ("running", "pending") else _COLOURS[row.state]


def _as_many_as_fit(words: Sequence[str], room: int) -> str:
    """Whole words, with `+N` for those that have no room."""
    shown = ""
    for place, word in enumerate(words):
        longer = f"{shown} · {word}" if shown else word
        left = len(words) - place - 1
        if len(longer) + (len(f" +{left}") if left else 0) > room:
            return f"{shown} +{left + 1}" if shown else f"{len(words)} services"
        shown = longer
    return shown
