"""`escher approve`: consent to one run of a plan that was shown. Refused inside a notebook's cell."""

from __future__ import annotations

import argparse

from escher.commands.command import Command, Invocation, Outcome
from escher.errors import ConsentMissing


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("plan", help="the plan's id")
    parser.add_argument("--digest", required=True, help="the digest that was shown with the plan")
    parser.add_argument("--confirm", default="", metavar="NAME", help="what a plan that destroys asks to be typed")


def _run(call: Invocation) -> Outcome:
    options = call.options
    try:
        approved = call.session.approve(options.plan, options.digest, options.confirm)
    except ConsentMissing as missing:
        if call.prompt is None or options.confirm:
            raise
        approved = call.session.approve(options.plan, options.digest, call.prompt(f"{missing.message} "))
    document = approved.model_dump(mode="json", include={"plan_id", "digest", "approver", "granted_at", "expires_at"})
    text = f"Approved until {approved.expires_at[11:16]} UTC, for one run: escher run {approved.plan_id}"
    return Outcome(document | {"approved": True}, text)


COMMAND = Command(
    "approve",
    "Consent to one run of a plan that was shown.",
    _run,
    _configure,
    examples=("escher approve plan-1a2b3c --digest 7f3a…c19e",),
)
