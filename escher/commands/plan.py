"""`escher plan`: make a plan of your own command, script or document. It is read, checked and shown; nothing runs."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from escher.commands.command import Command, Invocation, Outcome
from escher.errors import InvalidInput

_CLIS = ("aws", "az", "gcloud")


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("words", nargs="*", metavar="WORD", help="after --: a command of aws, az or gcloud")
    parser.add_argument("--script", metavar="FILE", help="a script; the words are its arguments")
    parser.add_argument(
        "--document", metavar="FILE", help="a whole plan as JSON (PlanRequest of escher contract); - reads it"
    )
    parser.add_argument(
        "--target", action="append", default=[], metavar="NAME", help="what it acts on, where it does not say"
    )
    parser.add_argument("--account", default="", help="where it acts, if its targets do not tell")
    parser.add_argument("--region", default="", help="likewise")
    parser.add_argument("--title", default="", help="what it is called")
    parser.add_argument(
        "--timeout", type=int, metavar="SECONDS", help="for how long it may run (exec_default_timeout_ms)"
    )


def _run(call: Invocation) -> Outcome:
    from escher.commands.replies import consent_line, plan_lines

    plan = call.session.plan(_document(call.options))
    from rich.console import Group

    return Outcome(plan.model_dump(mode="json"), Group(*plan_lines(plan), consent_line(plan)), plan=plan)


def _document(options: argparse.Namespace) -> dict[str, Any]:
    """The plan that the options say. Raises InvalidInput unless they say exactly one thing."""
    if options.document:
        if options.words or options.script:
            raise InvalidInput("a document says it all.", hint="Leave the other words out.")
        return _loaded(options.document)
    if not options.script and (not options.words or options.words[0] not in _CLIS):
        raise InvalidInput("what is to run?", hint="escher plan -- aws …, az … or gcloud …; or --script FILE.")
    if options.script:
        command: dict[str, Any] = {"type": "script", "path": options.script, "arguments": options.words}
    else:
        command = {"type": "exec", "program": options.words[0], "args": options.words[1:]}
    request = {
        "command": command, "title": options.title, "account": options.account, "region": options.region,
        "targets": options.target, "timeout_seconds": options.timeout,
    }  # fmt: skip
    said = options.title or (f"Run {Path(options.script).name}" if options.script else " ".join(options.words))
    return {"description": said[:500], "commands": [request]}


def _loaded(path: str) -> dict[str, Any]:
    try:
        return json.loads(sys.stdin.read() if path == "-" else Path(path).read_text("utf-8"))
    except (OSError, ValueError) as cause:
        raise InvalidInput(f"cannot read a plan from {path!r}: {cause}.") from cause


COMMAND = Command(
    "plan",
    "Make a plan of a command or script of your own: read, checked and shown, never run.",
    _run,
    _configure,
    examples=(
        "escher plan -- aws ec2 stop-instances --instance-ids i-0a41c8e2d3f4a5b01",
        "escher plan --script rotate.sh --target orders-db",
        "escher plan --document nightly.json --json",
    ),
)
