"""`escher remediation`: what may be done about a failure by itself, within pre-approvals; off until you turn it on."""

from __future__ import annotations

import argparse
import time
from typing import get_args

from escher.commands.command import Command, Invocation, Outcome
from escher.contract.alerts import RemediationSetting
from escher.contract.failures import ErrorKind
from escher.errors import InvalidInput


def _configure(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION")
    actions.add_parser("list", help="the rules, and whether anything is done by itself")
    actions.add_parser("on", help="do what the rules say")
    actions.add_parser("off", help="do nothing by itself")
    add = actions.add_parser("add", help="a new rule, or another form of one")
    add.add_argument("name", help="what it is called")
    add.add_argument(
        "--when",
        required=True,
        metavar="SORT",
        help=f"{', '.join(get_args(ErrorKind))}; or SORT: words that it printed",
    )
    add.add_argument("--do", required=True, metavar="ID@VERSION", help="the playbook that clears it")
    add.add_argument(
        "--max-impact", choices=("low", "medium", "high"), default="low", help="the highest risk (default low)"
    )
    remove = actions.add_parser("remove", help="take a rule out")
    remove.add_argument("name")


def _run(call: Invocation) -> Outcome:
    book, options = call.session.remediation, call.options
    match options.action:
        case "on" | "off":
            book.switch(on=options.action == "on", at=int(time.time()))
        case "add":
            book.add(_rule(options), int(time.time()))
        case "remove":
            book.remove(options.name)
        case _:
            pass
    rules = [
        rule.model_dump(mode="json", include={"name", "condition", "action", "max_impact", "enabled"})
        for rule in book.rules()
    ]
    return Outcome({"on": book.is_on, "rules": rules}, _text(book.is_on, book.rules()))


def _rule(options: argparse.Namespace) -> RemediationSetting:
    sort = options.when.partition(":")[0].strip()
    playbook, _, version = options.do.partition("@")
    if sort not in get_args(ErrorKind):
        raise InvalidInput(f"there is no sort of failure {sort!r}.", hint=f"One of: {', '.join(get_args(ErrorKind))}")
    if not playbook or not version:
        raise InvalidInput(
            "a playbook is named with its version.", hint="escher-aws-ec2-start@1.0.0; see: escher playbook search"
        )
    return RemediationSetting(
        rule_id=options.name, name=options.name, condition=options.when, action=options.do,
        requires_approval=False, max_impact=options.max_impact, enabled=True,
    )  # fmt: skip


def _text(is_on: bool, rules: list[RemediationSetting]) -> str:
    state = "Failures are cleared by these rules" if is_on else "Nothing is done by itself (escher remediation on)"
    lines = [f"  {rule.name}: when {rule.condition}, {rule.action}, at most {rule.max_impact} risk" for rule in rules]
    return "\n".join([f"{state}{':' if rules else '; there are no rules.'}", *lines])


COMMAND = Command(
    "remediation",
    "Say what may be done about a failed run by itself; each time a pre-approval has to cover it.",
    _run,
    _configure,
    examples=(
        "escher remediation add 'stop first' --when wrong_state --do escher-aws-ec2-stop@1.0.0",
        "escher preapprove escher-aws-ec2-stop@1.0.0 --where tag:env=dev --at-most 3 --until 2027-01-31",
        "escher remediation on",
    ),
)
