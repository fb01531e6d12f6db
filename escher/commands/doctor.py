"""`escher doctor`: is everything that Escher needs here and well? `--bundle` writes it down for a support case."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from rich.table import Table

from escher.commands.command import Command, Invocation, Outcome

_MARK = {"bad": "[red]bad[/red]", "warn": "[yellow]warn[/yellow]", "ok": "[green]ok[/green]"}
_WORST_FIRST = list(_MARK)


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--deep", action="store_true", help="also decrypt every record of the store")
    parser.add_argument("--bundle", type=Path, metavar="FILE", help="write a redacted support case as a zip")


def _run(call: Invocation) -> Outcome:
    if call.options.bundle is not None:
        return _bundle(call)
    from escher.session.doctor.examination import examine

    document = examine(deep=call.options.deep).document()
    bad = any(check["status"] == "bad" for check in document["checks"])
    return Outcome(document, _table(document), 1 if bad else 0)


def _table(document: dict[str, Any]) -> Table:
    table = Table("check", "", "what", "next", box=None, title=document["home"])
    for check in sorted(document["checks"], key=lambda check: _WORST_FIRST.index(check["status"])):
        table.add_row(check["name"], _MARK[check["status"]], check["message"], check["next"])
    return table


def _bundle(call: Invocation) -> Outcome:
    from escher.session.bundle import describe, gather, write

    target: Path = call.options.bundle
    case = gather(deep=call.options.deep)
    shown = describe(case)
    if call.prompt is not None and call.prompt(f"{shown}\nWrite this to {target}? [y/N] ").strip().lower() != "y":
        return Outcome({"written": None, "contents": case.contents()}, "Nothing was written.", 1)
    written = write(case, target)
    document = {"written": str(written), "contents": case.contents(), "redacted": case.redacted}
    following = f"Written to {written}, for your eyes first: unzip -p {written}"
    return Outcome(document, following if call.prompt is not None else f"{shown}\n{following}")


COMMAND = Command(
    "doctor",
    "Check the store, its key, the model, the clocks, the tools and the server.",
    _run,
    _configure,
    examples=("escher doctor --deep", "escher doctor --bundle case.zip"),
)
