"""`escher run`: run an approved plan, once, live."""

from __future__ import annotations

import argparse

from escher.approval.grant import ApprovedPlan
from escher.commands.command import Command, Invocation, Outcome
from escher.commands.waiting import wait_for_run


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("plan", help="the id of a plan that has been approved")


def _run(call: Invocation) -> Outcome:
    unasked = call.session.approve_unasked(call.options.plan)
    result = wait_for_run(call, lambda on_event: call.session.run(call.options.plan, on_event))
    if isinstance(result, Outcome):
        return result
    return Outcome(
        result.model_dump(mode="json"),
        " ".join(filter(None, (f"{result.summary}{_stood_for_you(unasked)}", result.remediation))),
        0 if result.status == "completed" else 1,
    )


def _stood_for_you(unasked: ApprovedPlan | None) -> str:
    """What stood for a person, in words; nothing where a person approved."""
    if unasked is None:
        return ""
    return (
        f" Nobody was asked: {'pre-approval' if unasked.channel == 'preapproval' else 'policy'} {unasked.by} covers it."
    )


COMMAND = Command("run", "Run an approved plan, once, with live output.", _run, _configure, streams=True)
