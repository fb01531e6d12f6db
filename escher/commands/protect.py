"""`escher protect`: what no plan may change, whoever asks."""

from __future__ import annotations

from escher.commands.command import Command, Invocation, Outcome
from escher.commands.marking import configure, outcome


def _run(call: Invocation) -> Outcome:
    return outcome(call, "protect", "No plan may change", "Nothing is protected.")


COMMAND = Command(
    "protect",
    "Protect resources: no plan that changes them can be approved.",
    _run,
    configure,
    examples=("escher protect tag:env=prod", "escher protect id:i-0abc --remove", "escher protect"),
)
