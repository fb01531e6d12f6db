"""`escher policy`: what may run, what is asked about, what never runs. Changed at a terminal or in the page only."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Group
from rich.table import Table
from rich.text import Text

from escher.commands.command import Command, Invocation, Outcome
from escher.commands.editing import edited
from escher.contract.documents import PolicyRow
from escher.contract.policy import PolicyAnswer, PolicyVersion, Sample
from escher.errors import InvalidInput
from escher.widgets.visible import visible

if TYPE_CHECKING:
    from escher.session.policy import PolicyBook

_COLOURS = {"allow": "green", "ask": "yellow", "deny": "red"}


def _configure(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION")
    show = actions.add_parser("show", help="print the policy in force as TOML")
    show.add_argument("--number", type=int, metavar="N", help="an older version")
    check = actions.add_parser("check", help="say what the policy says of an act; nothing runs")
    check.add_argument("what", nargs="?", default="", help="a plan's id, or an order in words")
    check.add_argument(
        "--action", dest="operation", default="", metavar="OPERATION", help="such as 'ec2 stop-instances'"
    )
    check.add_argument("--target", default="", metavar="NAME", help="a resource of the estate, by name or id")
    check.add_argument("--count", type=int, default=1, metavar="N", help="as many such targets")
    check.add_argument("--file", type=Path, metavar="FILE", help="try this policy instead of the one in force")
    actions.add_parser("edit", help="change the policy in your editor; terminal only")
    set_ = actions.add_parser("set", help="put a policy in force; terminal only")
    set_.add_argument("file", type=Path, metavar="FILE", help="TOML; - reads standard input")
    actions.add_parser("history", help="list the versions")
    restore = actions.add_parser("restore-version", help="put an older version in force again; terminal only")
    restore.add_argument("number", type=int, metavar="N")


def _run(call: Invocation) -> Outcome:
    book, options = call.session.policy, call.options
    match options.action:
        case "check":
            return _checked(_check(book, options))
        case "edit":
            return _saved(_edit(call, book), book)
        case "set":
            return _saved(book.save(_text(options.file)), book)
        case "history":
            return _history(book.history())
        case "restore-version":
            return _saved(book.restore(options.number), book)
        case _:
            return _show(book, getattr(options, "number", None))


def _show(book: PolicyBook, number: int | None) -> Outcome:
    version = book.current() if number is None else book.version(number)
    return Outcome(version.model_dump(mode="json"), Text(f"{_heading(version)}\n{book.text(number)}".rstrip()))


def _heading(version: PolicyVersion) -> str:
    """A comment, so that the whole output is a policy."""
    if not version.number:
        return "# The built-in policy; nobody has changed it."
    return f"# Version {version.number}, saved {version.saved_at[:16].replace('T', ' ')} UTC ({version.channel})."


def _edit(call: Invocation, book: PolicyBook) -> PolicyVersion:
    """Let the person write until it is a policy, or they give up."""
    book.must_be_changeable()
    based_on = book.current().number
    text = book.text()
    while True:
        text = edited(text, call.prompt)
        try:
            return book.save(text, based_on)
        except InvalidInput as wrong:
            if call.prompt is None or call.prompt(f"{wrong}\nEdit again? [Y/n] ").strip().lower() == "n":
                raise


def _text(path: Path) -> str:
    """Raises InvalidInput for a file that cannot be read."""
    try:
        return sys.stdin.read() if str(path) == "-" else path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as cause:
        raise InvalidInput(f"cannot read {str(path)!r} as a policy.", hint="Write one: escher policy show") from cause


def _check(book: PolicyBook, options: argparse.Namespace) -> PolicyAnswer:
    if bool(options.what) == bool(options.operation):
        raise InvalidInput(
            "say what to check: a plan, an order in words, or --action.", hint="escher policy check --help"
        )
    policy = book.read(_text(options.file))[0] if options.file else None
    if options.operation:
        return book.check_sample(Sample(action=options.operation, target=options.target, count=options.count), policy)
    if options.what.startswith("plan-") and " " not in options.what:
        return book.check_plan(options.what, policy)
    answer = book.check_order(options.what)
    return book.check_plan(answer.plan_id, policy) if policy and answer.plan_id else answer


def _checked(answer: PolicyAnswer) -> Outcome:
    return Outcome(answer.model_dump(mode="json"), Group(*_lines(answer)))


def _lines(answer: PolicyAnswer) -> Iterator[Text]:
    decision = Text(answer.decision, style=f"bold {_COLOURS[answer.decision]}")
    yield decision + Text(f"  {visible(answer.because)}", style="default")
    if answer.confirmation:
        yield Text(f"  to be typed: {visible(' or '.join(answer.confirmation))}")
    if answer.approvals_required > 1:
        yield Text("  two people must approve it")
    if answer.risk:
        yield Text(f"  risk: {answer.risk}")
    yield from (Text(f"  ! {visible(warning)}") for warning in answer.warnings)


def _saved(version: PolicyVersion, book: PolicyBook) -> Outcome:
    notes = book.read(book.text(version.number))[1]
    lines = [
        f"Version {version.number} is in force; approvals of before no longer hold.",
        *(f"! {note}" for note in notes),
    ]
    return Outcome(version.model_dump(mode="json"), Text("\n".join(lines)))


def _history(versions: list[PolicyVersion]) -> Outcome:
    rows = [
        PolicyRow(
            number=one.number, version=one.version, saved_at=one.saved_at, channel=one.channel,
            rules=len(one.policy.rules), limits=len(one.policy.limits), freezes=len(one.policy.freezes),
            approvers=len(one.policy.approvers),
        ).model_dump(mode="json")
        for one in versions
    ]  # fmt: skip
    if not rows:
        return Outcome([], "Nobody has changed the built-in policy.")
    table = Table(*(name.replace("_", " ") for name in rows[0]), box=None)
    for row in rows:
        table.add_row(*map(str, row.values()))
    return Outcome(rows, table)


COMMAND = Command(
    "policy",
    "See, try and change what may run and what must be asked.",
    _run,
    _configure,
    examples=(
        "escher policy show",
        'escher policy check "stop web-01"',
        "escher policy check --action 'ec2 terminate-instances' --target web-01",
        "escher policy edit",
    ),
)
