"""`escher approve`: consent to one run of a plan that was shown. Refused inside a notebook's cell.

Where a policy wants two people, the first one's `--ask` writes a request into a file, the second one's `--request`
answers it in another, and the first one's `--seconded` completes the approval.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from rich.console import Group
from rich.text import Text

from escher.approval.grant import ApprovedPlan
from escher.approval.second import SecondRequest
from escher.commands.command import Command, Invocation, Outcome
from escher.commands.replies import plan_lines
from escher.errors import ConsentMissing, InvalidInput
from escher.widgets.visible import visible

T = TypeVar("T")


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("plan", nargs="?", default="", help="the plan's id")
    parser.add_argument("--digest", default="", help="the digest that was shown with the plan")
    parser.add_argument("--confirm", default="", metavar="NAME", help="what a plan that destroys asks to be typed")
    way = parser.add_mutually_exclusive_group()
    way.add_argument("--ask", type=Path, metavar="FILE", help="write a request to a second person into a new file")
    way.add_argument("--request", type=Path, metavar="FILE", help="read another's request; with --digest agree to it")
    way.add_argument("--seconded", type=Path, metavar="FILE", help="approve with the second person's answer")
    way.add_argument("--key", action="store_true", help="print the key that names you in another's policy")


def _run(call: Invocation) -> Outcome:
    options = call.options
    if options.key:
        key = call.session.consenting.public_key
        return Outcome({"public_key": key}, key)
    if options.request:
        return _answer(call, options.request)
    if not options.plan or not options.digest:
        raise InvalidInput("a plan's id and --digest are needed.", hint="See: escher approve --help")
    if options.ask:
        request = call.session.consenting.ask(options.plan, options.digest, options.ask)
        document = {"plan_id": options.plan, "request": str(options.ask), "expires_at": request.expires_at}
        return Outcome(
            document, f"Send {options.ask} to the second person: escher approve --request {options.ask.name}"
        )
    approved = _typed(call, lambda typed: _approved(call, typed))
    document = approved.model_dump(mode="json", include={"plan_id", "digest", "approver", "granted_at", "expires_at"})
    text = f"Approved until {approved.expires_at[11:16]} UTC, for one run: escher run {approved.plan_id}"
    return Outcome(document | {"approved": True}, text)


def _approved(call: Invocation, typed: str) -> ApprovedPlan:
    options = call.options
    if options.seconded:
        return call.session.consenting.approve(options.plan, options.digest, typed, options.seconded)
    return call.session.approve(options.plan, options.digest, typed)


def _answer(call: Invocation, file: Path) -> Outcome:
    """Show another's request; agree to it only where its digest is given, as with a plan of one's own."""
    options = call.options
    request = call.session.consenting.read(file)
    if not options.digest:
        return Outcome({"request": request.model_dump(mode="json"), "answered": False}, _shown(request, file))
    answered = _typed(call, lambda typed: call.session.consenting.answer(file, options.digest, typed))
    document = {"plan_id": request.plan.plan_id, "answer": str(answered), "answered": True}
    return Outcome(document, f"Agreed. Send {answered} back: escher approve … --seconded {answered.name}")


def _typed(call: Invocation, consent: Callable[[str], T]) -> T:
    """Consent with what was given as `--confirm`, else with what is typed when it is asked for."""
    try:
        return consent(call.options.confirm)
    except ConsentMissing as missing:
        if call.prompt is None or call.options.confirm:
            raise
        return consent(call.prompt(f"{missing.message} "))


def _shown(request: SecondRequest, file: Path) -> Group:
    plan = request.plan
    told = f"{visible(request.requester)} (key {request.key[:16]}…) asks for your consent to:"
    things = [Text(f"  · {visible(one.name)}  {visible(one.identifier)}  {one.state}") for one in request.targets]
    typed = f" --confirm '{plan.confirmation[0]}'" if plan.confirmation else ""
    agree = Text(f"\nTo agree: escher approve --request {file} --digest {plan.digest}{typed}")
    return Group(Text(told), *plan_lines(plan), *things, agree)


COMMAND = Command(
    "approve",
    "Consent to one run of a plan that was shown.",
    _run,
    _configure,
    examples=(
        "escher approve plan-1a2b3c --digest 7f3a…c19e",
        "escher approve plan-1a2b3c --digest 7f3a…c19e --ask request.json",
        "escher approve --request request.json",
    ),
)
