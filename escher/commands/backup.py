"""`escher backup`: make a backup of the store, look at those that are there, and read one through."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from rich.table import Table

from escher.commands.command import Command, Invocation, Outcome
from escher.errors import NotInitialised, StoreTampered

if TYPE_CHECKING:
    from escher.session.backups import Backup, Backups


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--local", action="store_true", help="only here, even when a remote target is set")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--list", action="store_true", help="show the backups here and at the target")
    what.add_argument("--verify", metavar="NAME", help="read a backup from end to end: a name, a path or latest")


def _run(call: Invocation) -> Outcome:
    if call.options.list:
        return _list()
    if call.options.verify:
        return _verify(call)
    made = call.session.backups.create(local_only=call.options.local, progress=call.emit)
    document = asdict(made) | {"name": made.path.name, "path": str(made.path), "removed": list(made.removed)}
    lines = [f"{made.path.name}: {made.records:,} records, {made.size:,} bytes, in {made.path.parent}"]
    lines += [f"sent to {made.url}"] if made.url else []
    lines += [f"NOT sent: {made.problem}"] if made.problem else []
    return Outcome(document, "\n".join(lines), 1 if made.problem else 0)


def _list() -> Outcome:
    from escher.session.backups import Backups
    from escher.settings import load_settings

    settings = load_settings()
    listing = Backups(settings).list()
    document = {
        "folder": str(settings.snapshots),
        "backups": [_entry(one) for one in listing.backups],
        "problem": listing.problem,
    }
    table = Table("name", "made", "place", "bytes", "store", box=None, caption=listing.problem or None)
    now = datetime.now(UTC)
    for one in listing.backups:
        age = int((now - one.made_at).total_seconds() // 3600)
        table.add_row(one.name, f"{age:,} h ago", one.place, f"{one.size:,}", one.store_id[:8] or "unreadable")
    empty = f"There is no backup in {settings.snapshots}. {listing.problem}".strip()
    return Outcome(document, table if listing.backups else empty)


def _backups(call: Invocation) -> Backups:
    """Those of the open store, whose key need not be asked for again; else those of the home."""
    try:
        return call.session.backups
    except (NotInitialised, StoreTampered):
        from escher.session.backups import Backups
        from escher.settings import load_settings

        return Backups(load_settings())


def _entry(one: Backup) -> dict[str, Any]:
    return asdict(one) | {"made_at": one.made_at.isoformat()}


def _verify(call: Invocation) -> Outcome:
    verified = _backups(call).verify(call.options.verify, call.emit)
    manifest = verified.manifest
    counts = {name: tally.records for name, tally in manifest.collections.items()}
    document = {
        "name": verified.name,
        "store_id": verified.store_id,
        "made_at": manifest.made_at,
        "schema": manifest.schema,
        "records": manifest.records,
        "collections": counts,
        "audit_entries": manifest.head.entries,
    }
    text = f"{verified.name}: whole. {manifest.records:,} records as of {manifest.made_at}, none altered or missing."
    return Outcome(document, text)


COMMAND = Command(
    "backup",
    "Back the store up, encrypted and signed; the backup needs the store's key.",
    _run,
    _configure,
    examples=("escher backup", "escher backup --list", "escher backup --verify latest"),
)
