"""`escher audit`: prove what happened, here or on another machine."""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

from rich.markup import escape
from rich.table import Table

from escher.commands.command import Command, Invocation, Outcome
from escher.contract.audit import Period, Verification
from escher.errors import InvalidInput
from escher.widgets.visible import visible

if TYPE_CHECKING:
    from escher.session.session import Session

EXIT = {"ok": 0, "tampered": 1, "truncated": 2, "unverifiable": 3}


def _configure(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    verify = actions.add_parser(
        "verify", help="check the whole chain; exit 0 ok, 1 tampered, 2 cut or rolled back, 3 unverifiable"
    )
    verify.add_argument("--file", type=Path, help="check an exported trail instead; needs no store and no key")
    verify.add_argument("--key", default="", help="the fingerprint, or the key, that the file must be signed by")
    export = actions.add_parser("export", help="write every entry as signed lines of JSON")
    export.add_argument("--file", type=Path, help="a new file, instead of standard output")
    listing = actions.add_parser("list", help="show the last entries")
    listing.add_argument("--limit", type=int, default=20, help="how many (20)")
    actions.add_parser("key", help="print the public key that this store signs with, and its fingerprint")


def _run(call: Invocation) -> Outcome:
    match call.options.action:
        case "verify":
            return _verify(call)
        case "export":
            return _export(call.session, call.options.file)
        case "list":
            return _list(call.session, call.options.limit)
        case _:
            return _key(call.session)


def _verify(call: Invocation) -> Outcome:
    if call.options.file is None and call.options.key:
        raise InvalidInput("--key goes with --file.", hint="The store's own trail is checked with the store's own key.")
    if call.options.file is not None:
        from escher.ledger.reading import verify_file

        found = verify_file(call.options.file, call.options.key)
    else:
        found = call.session.audit.verify()
    return Outcome(found.model_dump(mode="json"), _told(found), EXIT[found.status])


def _told(found: Verification) -> str:
    """The result in sentences: what is wrong or right, what is signed, and what is not."""
    lines = [found.message, *found.notes]
    if found.checkpoints:
        lines.append(f"{found.checkpoints} checkpoints sign the first {found.signed_entries} entries.")
    # Times are shown as a file from elsewhere has them.
    return visible("\n".join((*lines, *map(_gap, found.uncovered))))


def _gap(gap: Period) -> str:
    return f"No checkpoint in time: entries {gap.first_entry} to {gap.last_entry}, {gap.since} to {gap.until}."


def _export(session: Session, path: Path | None) -> Outcome:
    lines = list(session.audit.export())
    entries = [json.loads(line) for line in lines if line.startswith('{"entry":')]
    if path is None:
        return Outcome(entries, "\n".join(lines))
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except OSError as cause:
        raise InvalidInput(
            f"cannot write {path}: {cause.strerror}.", hint="Name a file that is not there yet."
        ) from cause
    _write(path, descriptor, lines)
    document = {"file": str(path), "entries": len(entries), "key": session.audit.fingerprint}
    check = f"escher audit verify --file {path.name} --key {session.audit.fingerprint}"
    return Outcome(document, f"{len(entries)} entries in {path}. On any machine: {check}")


def _write(path: Path, descriptor: int, lines: list[str]) -> None:
    """All of it, on the disk, or no file."""
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in lines)
            file.flush()
            os.fsync(file.fileno())
    except OSError as cause:
        path.unlink(missing_ok=True)
        raise InvalidInput(
            f"cannot write {path}: {cause.strerror}.", hint="Make room, or name another disk."
        ) from cause


def _list(session: Session, limit: int) -> Outcome:
    if limit < 1:
        raise InvalidInput("--limit must be 1 or more.", hint="Leave it out for the last 20 entries.")
    entries = session.audit.entries()[-limit:]
    table = Table("entry", "at", "what", "who", "subject", box=None)
    for one in entries:
        # Names may hold anything: characters that change direction, and what looks like the table's own markup.
        words = (one.event.at[:19], one.event.type, one.event.actor, one.event.subject)
        table.add_row(str(one.entry), *(escape(visible(word)) for word in words))
    return Outcome([entry.model_dump(mode="json") for entry in entries], table)


def _key(session: Session) -> Outcome:
    document = {"public_key": session.audit.public_key, "fingerprint": session.audit.fingerprint}
    return Outcome(document, f"{document['fingerprint']}\n{document['public_key']}")


COMMAND = Command(
    "audit",
    "Verify, export or list the audit trail.",
    _run,
    _configure,
    examples=(
        "escher audit verify",
        "escher audit export --file trail.jsonl",
        "escher audit verify --file trail.jsonl --key SHA256:…",
    ),
)
