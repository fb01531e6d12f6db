"""`escher playbook`: one's own playbooks, from a draft to a version that the whole team uses."""

from __future__ import annotations

import argparse
import os
import shlex
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import get_args

from rich.console import Group, RenderableType

from escher.commands.command import Command, Invocation, Outcome
from escher.commands.tables import Column, Rows
from escher.contract.playbook import Playbook, Status
from escher.contract.publication import Departure, PlaybookRow, PublishAnswer, Standing
from escher.errors import ConsentMissing, InvalidInput
from escher.widgets.visible import visible

COLUMNS = (
    Column("playbook_id", "playbook"), Column("version"), Column("name", leaves=2), Column("status"),
    Column("storage_strategy", "kept", leaves=1), Column("execution_count", "runs", leaves=3, counts=True),
)  # fmt: skip


def _configure(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    listed = actions.add_parser("list", help="every version that is kept here")
    listed.add_argument("--status", choices=get_args(Status), help="only those in this state")
    search = actions.add_parser("search", help="one's own, by meaning and words")
    search.add_argument("words", nargs="+")
    search.add_argument("--limit", type=int, default=10, metavar="N", help="so many at most (default 10)")
    _named(actions.add_parser("show", help="a playbook whole; one of the library by id@version"))
    create = _named(actions.add_parser("create", help="a draft, made from another playbook"))
    create.add_argument(
        "--from", dest="based_on", required=True, metavar="PLAYBOOK", help="such as escher-aws-ec2-stop@1.0.0"
    )
    drafted = _named(actions.add_parser("draft", help="a draft for an aim in words, put together from the library"))
    drafted.add_argument("aim", nargs="+", metavar="TEXT", help="such as: a disaster-recovery playbook for production")
    imported = actions.add_parser("import", help="take in a playbook from a folder or a JSON file, as a draft")
    imported.add_argument("path", type=Path, metavar="PATH")
    _named(actions.add_parser("export", help="write it into a new folder, in clear")).add_argument(
        "folder", type=Path, metavar="FOLDER"
    )
    _named(actions.add_parser("edit", help="change a copy with $EDITOR; the copy is never on a disk"))
    validate = actions.add_parser(
        "validate", help="read its scripts, look for secrets, score it; of a file or of one kept here"
    )
    validate.add_argument("playbook", metavar="PLAYBOOK|PATH")
    publish = _named(actions.add_parser("publish", help="send it to the server; what leaves is shown first"))
    publish.add_argument(
        "--trusted", action="store_true", help="for the team at once, without a review (needs the right)"
    )
    publish.add_argument("--yes", action="store_true", help="do not ask")
    moved = _named(actions.add_parser("status", help="move it to another state"))
    moved.add_argument("state", choices=get_args(Status))
    deleted = _named(actions.add_parser("delete", help="take a version out of use; it is gone after 30 days"))
    for sub in (publish, moved, deleted):
        sub.add_argument("--why", default="", metavar="TEXT", help="kept with the change")
    _named(actions.add_parser("stats", help="its state, how it came there, and how its runs went"))


def _named(sub: argparse.ArgumentParser) -> argparse.ArgumentParser:
    sub.add_argument("playbook", metavar="PLAYBOOK", help="its id, or id@version; the latest version without one")
    return sub


def _key(word: str) -> tuple[str, str]:
    """`user-stop@1.0.0` as id and version, which is empty when it was not named."""
    playbook_id, _, version = word.partition("@")
    return playbook_id, version


def _run(call: Invocation) -> Outcome:
    return _ACTIONS[call.options.action](call)


def _list(call: Invocation) -> Outcome:
    return _rows(call.session.playbooks.all(call.options.status), "You have no playbooks of your own yet.")


def _search(call: Invocation) -> Outcome:
    if call.options.limit < 1:
        raise InvalidInput("--limit is at least 1.", hint="See: escher playbook search --help")
    return _rows(call.session.playbooks.search(" ".join(call.options.words), call.options.limit), "Nothing was found.")


def _show(call: Invocation) -> Outcome:
    playbook = call.session.playbooks.get(*_key(call.options.playbook))
    return Outcome(playbook.model_dump(mode="json"), _told(playbook))


def _create(call: Invocation) -> Outcome:
    options = call.options
    made = call.session.playbooks.create(options.playbook, *_key(options.based_on))
    return _kept(made, f"Draft {made.playbook_id} {made.version}. Change it: escher playbook edit {made.playbook_id}")


def _draft(call: Invocation) -> Outcome:
    made = call.session.playbooks.draft(_key(call.options.playbook)[0], " ".join(call.options.aim))
    return _kept(made, f"Draft {made.playbook_id} {made.version}. Read it: escher playbook show {made.playbook_id}")


def _import(call: Invocation) -> Outcome:
    made = call.session.playbooks.import_(call.options.path)
    return _kept(made, f"{made.playbook_id} {made.version} is kept here as a {made.status}.")


def _export(call: Invocation) -> Outcome:
    options = call.options
    folder = call.session.playbooks.export(*_key(options.playbook), options.folder)
    return Outcome({"folder": str(folder)}, f"Written to {folder}, in clear. Take it back in: escher playbook import")


def _edit(call: Invocation) -> Outcome:
    if call.prompt is None:
        raise InvalidInput("there is no terminal to edit at.", hint="Use: escher playbook export, then import")
    made = call.session.playbooks.edit(*_key(call.options.playbook), _in_editor)
    return _kept(made, f"{made.playbook_id} {made.version} is kept as it is now.")


def _in_editor(folder: Path) -> None:
    editor = shlex.split(os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi")
    done = subprocess.run([*editor, str(folder)], check=False)
    if done.returncode:
        raise InvalidInput(f"the editor ended with {done.returncode}; nothing was changed.", hint="Set EDITOR.")


def _validate(call: Invocation) -> Outcome:
    from escher.session.playbook_files import read_files

    playbooks, word = call.session.playbooks, call.options.playbook
    path = Path(word)
    playbook = read_files(path) if path.exists() else playbooks.get(*_key(word))
    answer = playbooks.check(playbook)
    return Outcome(answer.model_dump(mode="json"), _answered(answer), exit_code=1 if answer.required_fixes else 0)


def _publish(call: Invocation) -> Outcome:
    options, playbooks = call.options, call.session.playbooks
    leaving = playbooks.departure(*_key(options.playbook), trusted=options.trusted)
    if not leaving.findings and not options.yes and not _agreed(call, leaving):
        raise ConsentMissing("nothing was sent: this was not agreed to.", hint="Answer y at a terminal, or add --yes.")
    answer = playbooks.publish(*_key(options.playbook), trusted=options.trusted, why=options.why)
    return Outcome(answer.model_dump(mode="json"), _answered(answer))


def _agreed(call: Invocation, leaving: Departure) -> bool:
    lines = "\n".join(f"  {file.name}: {file.size:,} bytes, {file.sha256[:16]}…" for file in leaving.files)
    told = f"This leaves for {leaving.server}:\n{lines}\nIt holds no credential, account id or address that shows. Send it? [y/N] "
    return call.prompt is not None and call.prompt(told).strip().lower() == "y"


def _status(call: Invocation) -> Outcome:
    options = call.options
    return _standing(call.session.playbooks.move(*_key(options.playbook), options.state, options.why))


def _delete(call: Invocation) -> Outcome:
    options = call.options
    return _standing(call.session.playbooks.delete(*_key(options.playbook), options.why))


def _stats(call: Invocation) -> Outcome:
    return _standing(call.session.playbooks.standing(*_key(call.options.playbook)))


def _rows(found: Sequence[PlaybookRow], none: str) -> Outcome:
    document = [one.model_dump(mode="json") for one in found]
    return Outcome(document, Rows(document, COLUMNS) if document else none)


def _kept(made: PlaybookRow, text: str) -> Outcome:
    return Outcome(made.model_dump(mode="json"), text)


def _told(playbook: Playbook) -> RenderableType:
    metadata, explained = playbook.metadata, playbook.explain_plan
    lines = [
        f"{metadata.name} ({metadata.playbook_id} {metadata.version}, {metadata.status})",
        explained.what_it_does,
        *(f"{number}. {step.action}: {step.details}" for number, step in enumerate(explained.what_happens, start=1)),
        f"Undo: {explained.rollback_strategy}",
        f"Scripts: {', '.join(playbook.scripts) or 'none'}",
    ]
    return "\n".join(visible(line) for line in lines)


def _answered(answer: PublishAnswer) -> RenderableType:
    head = f"{answer.playbook_id} {answer.version}: {answer.status}, quality {answer.score} ({answer.tier})"
    parts: Mapping[str, Sequence[str]] = {
        "to be mended": tuple(map(str, answer.required_fixes)),
        "good": answer.strengths,
        "could be better": answer.improvements,
        "mind": answer.warnings,
    }
    lines = [f"{title}: {visible(text)}" for title, texts in parts.items() for text in texts]
    return Group(head, *lines)


def _standing(standing: Standing) -> Outcome:
    runs = (
        f"{standing.success_count} of {standing.execution_count} runs succeeded"
        if standing.execution_count
        else "no runs"
    )
    head = f"{standing.playbook_id} {standing.version}: {standing.status}, {runs}"
    moves = [
        f"  {move.from_} → {move.to} by {visible(move.by)}{f': {visible(move.why)}' if move.why else ''}"
        for move in standing.history
    ]
    return Outcome(standing.model_dump(mode="json"), "\n".join((head, *moves)))


_ACTIONS: Mapping[str, Callable[[Invocation], Outcome]] = {
    "list": _list, "search": _search, "show": _show, "create": _create, "draft": _draft, "import": _import, "export": _export,
    "edit": _edit, "validate": _validate, "publish": _publish, "status": _status, "delete": _delete, "stats": _stats,
}  # fmt: skip
COMMAND = Command(
    "playbook",
    "Find, make, change and publish playbooks of your own.",
    _run,
    _configure,
    examples=(
        "escher playbook create user-stop-nightly --from escher-aws-ec2-stop@1.0.0",
        "escher playbook status user-stop-nightly ready",
        "escher playbook publish user-stop-nightly",
    ),
)
