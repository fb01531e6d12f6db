"""A running scan in a notebook: a sentence on how far it is, and a table with a row for each account."""

from __future__ import annotations

from escher.commands.board import Board, Row, Standing
from escher.commands.tables import CLOUDS
from escher.contract.ui import (
    Column,
    Component,
    ListComponent,
    ListData,
    ListProps,
    Table,
    TableData,
    TableProps,
    TextData,
)
from escher.contract.ui import Text as Sentence

MOST_SERVICES = 4
MOST_ERRORS = 10
COLUMNS = (
    Column(key="cloud", label="Cloud"),
    Column(key="account", label="Account"),
    Column(key="state", label="State", format="state"),
    Column(key="scopes", label="Scopes"),
    Column(key="found", label="Resources", format="number"),
    Column(key="services", label="Being read"),
)
_STATES = {"failed": "not seen whole"}


def board_components(board: Board) -> tuple[Component, ...]:
    """The board as it stands, with what could not be read so far below it."""
    now = board.standing()
    parts: list[Component] = [_sentence(now), _table(now)]
    return (*parts, _errors(now.errors)) if now.errors else tuple(parts)


def ended(board: Board, summary: str) -> tuple[Component, ...]:
    """The board as it ended, under the first two lines of the summary, over what it says of gaps and next moves."""
    first, second, *others = (line.strip() for line in summary.splitlines())
    what, colon, found = first.partition(":")
    said = Sentence(id="live", data=TextData(content=f"**{what}{colon}**{found} {second}."))
    gaps = tuple(line[1:].strip() for line in others if line.startswith("✗"))
    moves = tuple(line[1:].strip() for line in others if line.startswith("→"))
    parts: list[Component] = [said, _table(board.standing())]
    parts += [ListComponent(id="gaps", props=ListProps(title="Not seen"), data=ListData(items=gaps))] if gaps else []
    parts += [ListComponent(id="moves", props=ListProps(title="Next"), data=ListData(items=moves))] if moves else []
    return tuple(parts)


def _sentence(now: Standing) -> Sentence:
    """How far it is; an outcome takes its place at the end."""
    words = {
        "running": f"**{now.share:.0%}** read after {now.elapsed_s:.0f} s: {now.task}.",
        "cancelling": "**Cancelling:** what was read is being stored. Stop again to leave at once.",
        "completed": "Everything is read; what is new is being stored and made searchable.",
        "cancelled": "The scan was **cancelled**; what was read by then is kept.",
    }[now.stage]
    return Sentence(id="live", data=TextData(content=words))


def _table(now: Standing) -> Table:
    columns = COLUMNS if now.stage in ("running", "cancelling") else COLUMNS[:-1]
    scopes, done = sum(row.total for row in now.rows), sum(row.done for row in now.rows)
    return Table(
        id="board",
        props=TableProps(
            title="Scan", subtitle=f"{done:,} of {scopes:,} scopes", sortable=len(now.rows) > 1, columns=columns
        ),
        data=TableData(rows=tuple(map(_cells, now.rows))),
    )


def _cells(row: Row) -> dict[str, str | int | float | bool | None]:
    services, more = row.services[:MOST_SERVICES], len(row.services) - MOST_SERVICES
    still = row.state == "running"
    return {
        "cloud": CLOUDS[row.provider],
        "account": row.name,
        "state": _STATES.get(row.state, row.state),
        "scopes": f"{row.done:,} of {row.total:,}" if row.total else "",
        "found": row.found,
        "services": " · ".join([*services, *([f"+{more}"] if more > 0 else [])]) if still else "",
    }


def _errors(errors: tuple[str, ...]) -> ListComponent:
    more = len(errors) - MOST_ERRORS
    shown = (*errors[:MOST_ERRORS], *([f"and {more:,} more"] if more > 0 else []))
    return ListComponent(id="gaps", props=ListProps(title="Not seen"), data=ListData(items=shown))
