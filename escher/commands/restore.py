"""`escher restore`: bring the records of a backup back, also when there is no store any more or a damaged one."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, get_args

from rich.console import Group
from rich.table import Table

from escher.commands.command import Command, Invocation, Outcome
from escher.store.collections import CollectionName

if TYPE_CHECKING:
    from escher.session.backups import Restoration


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("backup", nargs="?", default="latest", metavar="BACKUP", help="a name, a path, or latest")
    parser.add_argument(
        "--collection", choices=get_args(CollectionName), metavar="COLLECTION", help="bring back this one only"
    )


def _run(call: Invocation) -> Outcome:
    from escher.session.backups import Backups, is_in_order
    from escher.session.current import close_session
    from escher.settings import load_settings

    which, collection = call.options.backup, call.options.collection
    settings = load_settings()
    if is_in_order(settings):
        restoration = call.session.backups.restore(which, collection, call.emit)
    else:
        restoration = Backups(settings).restore(which, collection, call.emit)
        # A notebook's session has the file open that was damaged.
        close_session()
    return Outcome(_document(restoration), _text(restoration))


def _document(restoration: Restoration) -> dict[str, Any]:
    restored = restoration.restored
    return {
        **asdict(restored),
        "made_at": restored.made_at.isoformat(),
        "damaged": None if restored.damaged is None else str(restored.damaged),
        "before": None if restoration.before is None else str(restoration.before),
    }


def _text(restoration: Restoration) -> Group:
    restored = restoration.restored
    table = Table("collection", box=None, title=f"{restored.archive}, as of {restored.made_at.isoformat()}")
    for column in ("written", "removed", "unchanged"):
        table.add_column(column, justify="right")
    for name, counts in restored.counts.items():
        table.add_row(name, f"{counts.written:,}", f"{counts.removed:,}", f"{counts.unchanged:,}")
    return Group(table, *_remarks(restoration))


def _remarks(restoration: Restoration) -> Iterator[str]:
    restored = restoration.restored
    yield "The audit trail and the approvals that were used stay as they are."
    if restoration.before is not None:
        yield f"The store as it was is in {restoration.before}."
    if restored.damaged is not None:
        yield f"What was left of the damaged store is in {restored.damaged}."
    if restored.forgotten:
        yield f"{restored.forgotten:,} entries of the audit trail were written after this backup, and are lost."


COMMAND = Command(
    "restore",
    "Bring a backup back; the audit trail and what was approved are never taken back.",
    _run,
    _configure,
    examples=("escher restore", "escher restore escher_2026-11-24T12-00-00.snapshot --collection chat_history"),
)
