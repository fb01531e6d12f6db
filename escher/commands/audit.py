"""`escher audit`: prove what happened."""

from __future__ import annotations

import argparse

from escher.commands.command import Command, Invocation, Outcome
from escher.contract.audit import Verification

EXIT = {"ok": 0, "tampered": 1, "truncated": 2, "unverifiable": 3}


def _configure(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    actions.add_parser(
        "verify", help="check the whole chain; exit 0 ok, 1 tampered, 2 cut or rolled back, 3 unverifiable"
    )
    actions.add_parser("export", help="print every entry as a line of JSON")


def _run(call: Invocation) -> Outcome:
    if call.options.action == "export":
        entries = [entry.model_dump(mode="json") for entry in call.session.audit.entries()]
        return Outcome(entries, "\n".join(call.session.audit.export()))
    verification: Verification = call.session.audit.verify()
    return Outcome(verification.model_dump(mode="json"), verification.message, EXIT[verification.status])


COMMAND = Command("audit", "Verify or export the audit trail.", _run, _configure)
