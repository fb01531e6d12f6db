"""`escher ignore`: what scans leave out of the estate."""

from __future__ import annotations

from escher.commands.command import Command, Invocation, Outcome
from escher.commands.marking import configure, outcome


def _run(call: Invocation) -> Outcome:
    return outcome(call, "ignore", "Scans leave out", "Scans leave nothing out.")


COMMAND = Command(
    "ignore",
    "Leave resources out of the estate, from the next scan on.",
    _run,
    configure,
    examples=("escher ignore name:tmp-*", "escher ignore type:aws_ebs_snapshot --remove", "escher ignore"),
)
