"""`escher init`: make the store and take in the accounts that this machine can reach."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from escher.commands.command import Command, Invocation, Outcome


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--no-accounts", action="store_true", help="make the store only")


def _run(call: Invocation) -> Outcome:
    from escher.session.current import create_session

    session, created = create_session()
    added = [] if call.options.no_accounts else session.accounts.add_reachable()
    document = {
        "home": str(session.settings.home),
        "store": str(session.settings.store_path),
        "created": created,
        "key": session.key_source,
        "accounts": [asdict(account) for account in added],
    }
    made = "Made" if created else "Found"
    names = ", ".join(account.name for account in added) or "none new"
    following = "escher scan" if session.accounts.all() else "escher accounts add NAME --profile PROFILE"
    return Outcome(
        document, f"{made} {document['store']} (key: {session.key_source}).\nAccounts: {names}.\nNext: {following}"
    )


COMMAND = Command("init", "Make the encrypted store and take in the accounts this machine can reach.", _run, _configure)
