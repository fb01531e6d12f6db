"""`escher doctor`: is everything that Escher needs here and well?"""

from __future__ import annotations

from rich.table import Table

from escher.commands.command import Command, Invocation, Outcome

_MARK = {"ok": "[green]ok[/green]", "warn": "[yellow]warn[/yellow]", "bad": "[red]bad[/red]"}


def _run(call: Invocation) -> Outcome:
    from escher.session.doctor import examine

    document = examine()
    table = Table("check", "", "what", box=None, title=document["home"])
    for check in document["checks"]:
        table.add_row(check["name"], _MARK[check["status"]], check["message"])
    return Outcome(document, table, 1 if any(check["status"] == "bad" for check in document["checks"]) else 0)


COMMAND = Command("doctor", "Check the store, its key, the model, the tools and the server.", _run)
