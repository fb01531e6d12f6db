"""`escher demo`: clouds to try everything on, apart from anything of yours."""

from __future__ import annotations

import argparse
from typing import Any

from rich.console import Console

from escher.commands.command import Command, Invocation, Outcome


def _configure(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    up = actions.add_parser("up", help="start the demo clouds, seeded, with a home of their own")
    up.add_argument(
        "--only", action="append", choices=("aws", "azure", "gcp"), default=[], help="this cloud alone (repeatable)"
    )
    actions.add_parser("down", help="stop them")
    status = actions.add_parser("status", help="are they up, and where")
    status.add_argument(
        "--export", action="store_true", help="print shell lines that point escher, CLIs and SDKs at them"
    )
    actions.add_parser("walk", help="scan, ask, approve, run and audit once, printed step by step")


def _run(call: Invocation) -> Outcome:
    return {"up": _up, "down": _down, "status": _status, "walk": _walk}[call.options.action](call)


def _up(call: Invocation) -> Outcome:
    from escher.demo import cloud

    status = cloud.up(progress=call.emit, only=call.options.only)
    _first_use()
    how = "eval $(escher demo status --export)"
    return Outcome(status, f"{_where(status)}\nPoint this shell at it: {how}")


def _where(status: dict[str, Any]) -> str:
    """The clouds that are up, a line each."""
    owned = (
        ("AWS", status["endpoint"], status["aws"]["accounts"]),
        ("Azure", status["azure"]["endpoint"], status["azure"]["subscriptions"]),
        ("GCP", status["gcp"]["endpoint"], status["gcp"]["projects"]),
    )
    lines = [
        f"{title} is up at {endpoint}: {', '.join(account['name'] for account in accounts)}."
        for title, endpoint, accounts in owned
        if endpoint
    ]
    return "\n".join([*lines, *(f"Left out: {why}" for why in status["left_out"].values())])


def _first_use() -> None:
    """Make the demo's own store and register its accounts, once."""
    from escher.demo import cloud
    from escher.session.current import session_for

    with cloud.surroundings(), session_for(cloud.settings()) as session:
        known = {account.account_id for account in session.accounts.all()}
        for account in cloud.demo_accounts():
            if account.account_id not in known:
                session.accounts.keep(account)


def _down(call: Invocation) -> Outcome:
    from escher.demo import cloud

    status = cloud.down()
    return Outcome(status, "The demo clouds are down.")


def _status(call: Invocation) -> Outcome:
    from escher.demo import cloud

    status = cloud.status()
    if call.options.export:
        lines = cloud.export_lines()
        return Outcome({"export": lines}, "\n".join(lines))
    return Outcome(status, _where(status) if status["running"] else "Down. Start with: escher demo up")


def _walk(call: Invocation) -> Outcome:
    from escher.demo import cloud, walkthrough
    from escher.session.current import session_for

    with cloud.surroundings(), session_for(cloud.settings()) as session:
        document = walkthrough.run(session, _console(call))
    return Outcome(document)


def _console(call: Invocation) -> Console:
    """Where the walk is printed: with --json, stdout is the document's."""
    return Console(stderr="json" in call.options, highlight=False)


COMMAND = Command("demo", "Start, stop and point at the demo clouds.", _run, _configure)
