"""`escher purge`: take an account, or everything, out for good, and prove it. Refused inside a notebook."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.table import Table

from escher.commands.command import Command, Invocation, Outcome, commands, parser
from escher.errors import ConsentMissing, InvalidInput, StoreError

EVERYTHING = "everything"


def _configure(parser: argparse.ArgumentParser) -> None:
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--account", metavar="ID", help="purge one account, by id or name")
    what.add_argument("--everything", action="store_true", help="purge the store, its keys and all that is Escher's")
    what.add_argument("--verify", type=Path, metavar="FILE", help="check the signature of a proof")
    parser.add_argument("--confirm", default="", metavar="NAME", help=f"the account's name, or {EVERYTHING!r}")
    parser.add_argument("--dry-run", action="store_true", help="count what would go, and stop")
    parser.add_argument("--no-backup", action="store_true", help="make no backup before")
    parser.add_argument("--with-backups", action="store_true", help="remove the local backups too; makes none before")
    parser.add_argument("--out", type=Path, metavar="FILE", help="write the proof to this new file")


def _run(call: Invocation) -> Outcome:
    if call.options.verify is not None:
        return _verify(call.options.verify)
    return _everything(call) if call.options.everything else _account(call)


def _account(call: Invocation) -> Outcome:
    from escher.session.purge.account import remove_backups

    options, purge = call.options, call.session.purge(call.options.account)
    preview = purge.preview()
    if options.dry_run:
        return Outcome(preview, _counts("would go", preview["records"]))
    _consented(call, purge.words, f"{sum(preview['records'].values())} records of {options.account} go for good.")
    with _proof_file(options.out) as write:
        if options.with_backups:
            remove_backups(purge.parts.settings.snapshots)
        elif not options.no_backup:
            _back_up(call)
        proof = purge.run(call.emit)
        write(proof)
    whole = proof["complete"] and proof["others_untouched"]
    return Outcome(proof, _proof_table(proof), 0 if whole else 1)


def _everything(call: Invocation) -> Outcome:
    from escher.session.purge.everything import EverythingPurge
    from escher.settings import load_settings

    options, purge = call.options, EverythingPurge(load_settings())
    preview = purge.preview()
    if options.dry_run:
        return Outcome(preview, f"{len(preview['files'])} files of {preview['bytes']:,} bytes would go.")
    _consented(call, (EVERYTHING,), f"{len(preview['files'])} files in {preview['home']} and their keys go for good.")
    if not options.no_backup and call.prompt is not None:
        typed = call.prompt("A backup in the home would go too, and without the key none can be read. Go on? [y/N] ")
        if typed.strip().lower() != "y":
            return Outcome({"purged": False}, "Nothing was purged.", 1)
    shown: dict[str, Any] = {}
    # The proof is on the disk before the key that signed it goes, asked for or not.
    file = options.out or Path(f"escher-purge-{datetime.now(UTC):%Y-%m-%dT%H-%M-%S}.json")
    with _proof_file(file) as write:

        def deliver(proof: Mapping[str, Any]) -> None:
            shown.update(proof)
            write(proof)
            call.emit({"type": "purge", "message": f"The proof is in {file}; now the keys go."})

        rest = purge.run(deliver)
    document = {"proof": shown, "proof_file": str(file), **rest}
    return Outcome(document, _proof_table(shown | {"proof_file": str(file)}), 0 if shown["complete"] else 1)


def _consented(call: Invocation, wanted: tuple[str, ...], what: str) -> None:
    from escher.session.purge.consent import require

    try:
        require(call.options.confirm, wanted)
    except ConsentMissing as missing:
        if call.prompt is None or call.options.confirm:
            raise
        require(call.prompt(f"{what} {missing.message} "), wanted)


def _back_up(call: Invocation) -> None:
    """Make a backup as `escher backup` does, which then still holds the account; at a terminal only if wanted."""
    question = "Make a backup first? It still holds the account. [y/N] "
    if call.prompt is not None and call.prompt(question).strip().lower() != "y":
        return
    if "backup" not in commands():
        raise InvalidInput("there is no command here that makes backups.", hint="Add: --no-backup")
    options = parser().parse_args(["backup", "create"])
    commands()["backup"].run(replace(call, options=options))


def _verify(path: Path) -> Outcome:
    from escher.session.purge.proof import is_genuine

    try:
        proof = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as cause:
        raise InvalidInput(f"{path} is no proof that can be read.", hint="Name the file that --out wrote.") from cause
    genuine = isinstance(proof, dict) and is_genuine(proof)
    document = {"genuine": genuine, "public_key": proof.get("public_key", "") if genuine else ""}
    text = "Genuine: nothing in it was changed since it was signed with {public_key}." if genuine else "Not genuine."
    return Outcome(document, text.format_map(document), 0 if genuine else 1)


@contextmanager
def _proof_file(path: Path | None) -> Generator[Callable[[Mapping[str, Any]], None]]:
    """Make the new file before anything is purged, so that a proof never lacks a place; it goes if none is written."""
    if path is None:
        yield lambda proof: None
        return
    try:
        file = os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="utf-8")
    except OSError as cause:
        raise StoreError(f"cannot write {path}: {cause.strerror}.", hint="Choose another name with --out.") from cause

    def write(proof: Mapping[str, Any]) -> None:
        file.write(json.dumps(proof, indent=2) + "\n")
        file.flush()
        os.fsync(file.fileno())

    try:
        with file:
            yield write
    finally:
        if path.stat().st_size == 0:
            path.unlink()


def _counts(title: str, counts: Mapping[str, int]) -> Table:
    table = Table("collection", title, box=None)
    for name, number in counts.items():
        table.add_row(name, f"{number:,}")
    return table


def _proof_table(proof: Mapping[str, Any]) -> Table:
    table = Table("", "", box=None, show_header=False)
    for name, value in proof.items():
        shown = json.dumps(value) if isinstance(value, dict | list) else str(value)
        table.add_row(name.replace("_", " "), shown)
    return table


COMMAND = Command(
    "purge",
    "Take an account, or everything, out for good, with a signed proof.",
    _run,
    _configure,
    examples=("escher purge --account 123456789012 --dry-run", "escher purge --everything --out proof.json"),
)
