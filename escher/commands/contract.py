"""`escher contract`: the JSON Schema of every document."""

from __future__ import annotations

from escher.commands.command import Command, Invocation, Outcome


def _run(call: Invocation) -> Outcome:
    from escher.contract.schema import schema

    document = schema()
    return Outcome(document, "\n".join(document["$defs"]))


COMMAND = Command("contract", "Print the JSON Schema of every document and event.", _run)
