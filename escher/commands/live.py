"""Events of long work, shown as they happen on stderr so that stdout stays the answer's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from rich.console import Console
from rich.live import Live as Drawn

from escher.commands.board import Board
from escher.commands.drawing import CANCELLING, DrawnBoard


class Live:
    """Shows what people want to see of a scan or a run: a scan on a terminal as a board, all else as lines.

    Use it as a context: at its end the terminal is as it was, whatever happened.
    """

    def __init__(self) -> None:
        self._console = Console(stderr=True, highlight=False)
        self._draws = self._console.is_terminal and not self._console.is_dumb_terminal
        self._board = Board()
        self._drawn = Drawn(DrawnBoard(self._board), console=self._console, refresh_per_second=4)

    def __enter__(self) -> Callable[[Mapping[str, Any]], None]:
        return self.show

    def __exit__(self, *exc: object) -> None:
        self._board.close()
        self._drawn.stop()

    def show(self, event: Mapping[str, Any]) -> None:
        """Show one event, if it is worth it."""
        if self._draws and self._board.take(event):
            if not self._board.is_empty:
                self._drawn.start()
            return
        line = line_of(event)
        if line:
            self._console.print(line, markup=False, soft_wrap=True)


def line_of(event: Mapping[str, Any]) -> str:
    """What people want to see of an event; empty for the rest."""
    show = _LINES.get(str(event.get("type")))
    return show(event) if show else ""


def _scanned(event: Mapping[str, Any]) -> str:
    if not event.get("resources_found") and not event.get("error"):
        return ""
    problem = f"  {event['error']}" if event.get("error") else ""
    place = f"{event.get('provider', ''):5} {event.get('account_name') or event.get('account_id', ''):20}"
    what = f"{event.get('region', ''):16} {event.get('resource_type', ''):36}"
    return f"  {place} {what} {event.get('resources_found', 0):>6,}{problem}"


def _embedded(event: Mapping[str, Any]) -> str:
    done, total = event["done"], event["total"]
    return f"  embedded {total:,} texts, to find resources by meaning" if done == total else ""


def _cancelling(event: Mapping[str, Any]) -> str:
    return f"  {CANCELLING}"


def _output(event: Mapping[str, Any]) -> str:
    return "\n".join(f"  {line['at'][11:19]} {line['text']}" for line in event["lines"])


def _step(event: Mapping[str, Any]) -> str:
    return (
        f"{event['step_number']}/{event['total_steps']} {event['step_name']} · {event['account_id']} {event['region']}"
    )


def _ended(event: Mapping[str, Any]) -> str:
    return f"  {event['status']}: {event['error']}" if event["error"] else ""


def _counted(event: Mapping[str, Any]) -> str:
    return f"  {event['done']:,} of {event['total']:,} records" if "total" in event else f"  {event['done']:,} records"


def _said(event: Mapping[str, Any]) -> str:
    return event["message"]


_LINES: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "backup": _counted,
    "backup_check": _counted,
    "backup_download": _said,
    "backup_upload": _said,
    "demo_progress": _said,
    "restore": _counted,
    "purge": _said,
    "run_left": _said,
    "scan_cancelling": _cancelling,
    "scan_service_complete": _scanned,
    "embedding": _embedded,
    "execution_output": _output,
    "playbook_step_start": _step,
    "playbook_step_complete": _ended,
}
