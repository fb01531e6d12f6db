"""`escher keys`: how the keys are, new ones, a passphrase, and a copy for the day the keychain is gone."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from rich.console import Group
from rich.table import Table

from escher.commands.command import Command, Invocation, Outcome
from escher.errors import ConsentMissing, InvalidInput

_TRACE = (
    "Older copies and backups of the store still open by the old passphrase. If others may know it: "
    "escher keys rotate --master"
)


def _configure(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    actions.add_parser("status", help="where the key comes from, and how old the keys are")
    rotate = actions.add_parser("rotate", help="new data keys, and every record under them")
    rotate.add_argument("--master", action="store_true", help="a new master key instead; no record is touched")
    export = actions.add_parser("export", help="write the master key behind a passphrase, for recovery; terminal only")
    import_ = actions.add_parser("import", help="put an exported key back")
    import_.add_argument(
        "--to", choices=("keychain", "passphrase"), default="keychain", help="where to; a passphrase is the export's"
    )
    for sub in (export, import_):
        sub.add_argument("file", type=Path, metavar="FILE")
        _passphrase_file(sub)
    passphrase = actions.add_parser(
        "passphrase", help="let the store open by a passphrase, or no longer; terminal only"
    )
    changes = passphrase.add_subparsers(dest="change", metavar="CHANGE", required=True)
    for name, help_ in (("set", "set or replace it"), ("remove", "take it away")):
        change = changes.add_parser(name, help=help_)
        change.add_argument("--yes", action="store_true", help="do not ask whether to replace or remove it")
        if name == "set":
            _passphrase_file(change)


def _passphrase_file(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--passphrase-file", type=Path, metavar="FILE", help="read it here (mode 0600); else it is asked"
    )


def _run(call: Invocation) -> Outcome:
    actions = {"status": _status, "rotate": _rotate, "export": _export, "import": _import}
    return actions.get(call.options.action, _passphrase)(call)


def _export(call: Invocation) -> Outcome:
    from escher.session import keys

    keys.from_a_terminal("export a key", "escher keys export FILE")
    done = call.session.keys.export(call.options.file, _new_passphrase(call))
    return Outcome(
        done,
        f"Written to {done['file']}. Print it or keep it in a safe place, its passphrase in another.\n"
        "Put it back with: escher keys import FILE",
    )


def _import(call: Invocation) -> Outcome:
    from escher.session.keys import Import
    from escher.settings import load_settings

    options = call.options
    wanted = Import.of(load_settings(), options.file)
    if options.to == "passphrase" and wanted.replaces:
        _agreed(call, "The store has a passphrase; the export's takes its place.")
    done = wanted.run(options.to, _passphrase_of(call, "Passphrase of the export: "))
    following = "Next: escher keys status" if done["store"] else "Next, as there is no store here yet: escher restore"
    return Outcome(done, f"The key of store {done['store_id']} is back ({done['place']}). {following}")


def _passphrase(call: Invocation) -> Outcome:
    from escher.session import keys

    removes = call.options.change == "remove"
    keys.from_a_terminal(f"{call.options.change} a passphrase", f"escher keys passphrase {call.options.change}")
    if removes:
        _agreed(call, "The passphrase will no longer open the store.")
        return Outcome(call.session.keys.remove_passphrase(), f"Removed. {_TRACE}")
    if call.session.keys.has_passphrase():
        _agreed(call, "The store has a passphrase; the new one takes its place.")
    done = call.session.keys.set_passphrase(_new_passphrase(call))
    trace = f" {_TRACE}" if done["replaced"] else ""
    return Outcome(done, f"The store opens by this passphrase (ESCHER_PASSPHRASE_FILE, or escher unlock).{trace}")


def _rotate(call: Invocation) -> Outcome:
    from escher.session.current import close_session

    if call.options.master:
        done = call.session.keys.rotate_master()
        close_session()  # it still has the old key; the next call opens it with the new one
        exported = "Exported keys and older backups need the old one: escher keys export FILE makes a new export."
        return Outcome(done, f"The master key is new ({done['source']}). {exported}")
    done = call.session.keys.rotate(call.emit)
    return Outcome(done, f"{done['records']:,} records are under new keys; {done['dropped_keys']} old keys are gone.")


def _status(call: Invocation) -> Outcome:
    found = call.session.keys.status()
    table = Table("collection", "key made", "days ago", "records sealed", box=None)
    for key in found["keys"]:
        table.add_row(key["collection"], key["made_at"] or "?", _shown(key["age_days"]), f"{key['writes']:,}")
    return Outcome(found, Group(*_lines(found), table, found["advice"]))


def _lines(found: dict[str, Any]) -> list[str]:
    anchored = "yes" if found["anchored"] else "no: an older copy of the store would go unnoticed"
    problem = f" ({found['anchor_problem']})" if found["anchor_problem"] else ""
    return [
        f"Store {found['store_id']}",
        f"The master key comes from: {found['source']}",
        f"Opens by a passphrase: {'yes' if found['passphrase_slot'] else 'no'}",
        f"The keychain holds the key: {'yes' if found['in_keychain'] else 'no'}",
        f"Anchored: {anchored}{problem}",
    ]


def _shown(days: int | None) -> str:
    return "?" if days is None else str(days)


def _agreed(call: Invocation, what: str) -> None:
    """Raises ConsentMissing unless a person at a terminal says yes, or --yes says it for them."""
    if getattr(call.options, "yes", False):
        return
    if call.prompt is None or call.prompt(f"{what} Go on? [y/N] ").strip().lower() != "y":
        raise ConsentMissing(f"{what} This was not agreed to.", hint="Answer y at a terminal, or add --yes.")


def _new_passphrase(call: Invocation) -> bytes:
    """A new passphrase, asked for twice. Raises InvalidInput when the two differ, or nobody can be asked."""
    from escher.store.passphrase import require_quality

    given = _passphrase_of(call, "New passphrase: ")
    require_quality(given)
    if call.options.passphrase_file is None and _asked(call, "The same again: ") != given:
        raise InvalidInput("the two passphrases differ.", hint="Try again.")
    return given


def _passphrase_of(call: Invocation, question: str) -> bytes:
    from escher.store.passphrase import read_passphrase

    if call.options.passphrase_file is not None:
        return read_passphrase(call.options.passphrase_file, "--passphrase-file")
    return _asked(call, question)


def _asked(call: Invocation, question: str) -> bytes:
    if call.secret is None:
        raise InvalidInput("nobody can be asked for a passphrase here.", hint="Add: --passphrase-file FILE")
    return call.secret(question).encode()


COMMAND = Command(
    "keys",
    "See, rotate, export and import the keys of the store.",
    _run,
    _configure,
    examples=("escher keys status", "escher keys export escher-key.txt", "escher keys rotate"),
)
