"""`escher preapprove`: allow a playbook beforehand, narrowed to values, things, a number and a time."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from rich.table import Table
from rich.text import Text

from escher.approval.preapproval import Pin, Where
from escher.approval.preapproved import Preapproved
from escher.commands.command import Command, Invocation, Outcome
from escher.contract.risk import RISKS
from escher.contract.vocabulary import KINDS
from escher.errors import ConsentMissing, InvalidInput
from escher.widgets.visible import visible

_BOUNDS = re.compile(r"(-?\d+(?:\.\d+)?)?\.\.(-?\d+(?:\.\d+)?)?")
_PLACES = {"kind": "kinds", "region": "regions", "account": "accounts"}


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", help="a playbook with its version (ID@1.0.0); or `list`, or `remove`")
    parser.add_argument("id", nargs="?", default="", help="the pre-approval to remove")
    parser.add_argument("--pin", action="append", default=[], metavar="P", help="NAME=VALUE, NAME=2..5, NAME={a,b}")
    parser.add_argument(
        "--where", action="append", default=[], metavar="W", help="kind=K, region=R, account=A, tag:KEY=VALUE; repeated"
    )
    parser.add_argument("--at-most", type=int, default=1, metavar="N", help="so many targets in 24 hours (default 1)")
    parser.add_argument(
        "--max-risk", choices=RISKS[:-1], default="low", help="the highest risk of a plan (default low)"
    )
    parser.add_argument("--until", default="", metavar="DATE", help="its last day, at most 30 days from now")
    parser.add_argument("--confirm", default="", metavar="ID", help="the playbook's id, typed as consent")


def _run(call: Invocation) -> Outcome:
    options = call.options
    if options.what == "list":
        found = call.session.consenting.preapproved()
        return Outcome([_document(one) for one in found], _table(found) if found else "Nothing is pre-approved.")
    if options.what == "remove":
        call.session.consenting.take_back(options.id)
        return Outcome({"removed": options.id}, f"{options.id} allows nothing any more.")
    try:
        return _give(call, options.confirm)
    except ConsentMissing as missing:
        if call.prompt is None or options.confirm:
            raise
        return _give(call, call.prompt(f"{missing.message} "))


def _give(call: Invocation, typed: str) -> Outcome:
    options = call.options
    playbook_id, _, version = options.what.partition("@")
    given = call.session.consenting.preapprove(
        playbook_id,
        version,
        pins=dict(pin(word) for word in options.pin),
        where=where(options.where),
        at_most=options.at_most,
        max_risk=options.max_risk,
        until=_day(options.until),
        typed=typed,
    )
    document = given.model_dump(mode="json", exclude={"signature"})
    return Outcome(document, f"{given.preapproval_id} allows {given.playbook_id} until {given.until[:10]}.")


def pin(word: str) -> tuple[str, Pin]:
    """`name=value`, `name=2..5` or `name={a,b}` as a pin. Raises InvalidInput."""
    name, equals, said = word.partition("=")
    bounds = _BOUNDS.fullmatch(said)
    if not equals or not name or (bounds is None and said.startswith("{") and not said.endswith("}")):
        raise InvalidInput(f"{word!r} is no pin.", hint="NAME=VALUE, NAME=2..5 or NAME={a,b}")
    if bounds is not None and said != "..":
        low, high = (float(part) if part else None for part in bounds.groups())
        return name, Pin(minimum=low, maximum=high)
    options = said[1:-1].split(",") if said.startswith("{") else [said]
    return name, Pin(options=tuple(option.strip() for option in options))


def where(words: Iterable[str]) -> Where:
    """Conditions as a selector. Raises InvalidInput; also without any, as a pre-approval for everything is none."""
    found: dict[str, list[str]] = {}
    tags: dict[str, str] = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals or not value or (name not in _PLACES and not name.startswith("tag:")):
            raise InvalidInput(f"{word!r} is no condition.", hint="kind=K, region=R, account=A or tag:KEY=VALUE")
        if name == "kind" and value not in KINDS:
            raise InvalidInput(f"there is no kind {value!r}.", hint=f"One of: {', '.join(KINDS)}.")
        if name in _PLACES:
            found.setdefault(_PLACES[name], []).append(value)
        else:
            tags[name.removeprefix("tag:")] = value
    if not found and not tags:
        raise InvalidInput("what may it act on?", hint="--where kind=K, region=R, account=A or tag:KEY=VALUE")
    return Where(tags=tags, **{name: tuple(values) for name, values in found.items()})


def _day(word: str) -> datetime:
    try:
        day = datetime.fromisoformat(word)
    except ValueError as cause:
        raise InvalidInput(
            f"{word!r} is no day." if word else "--until is needed.", hint="--until 2027-01-31"
        ) from cause
    return day if day.tzinfo else day.replace(tzinfo=UTC)


def _document(one: Preapproved) -> dict[str, Any]:
    used = sum(use.targets for use in one.uses)
    return one.given.model_dump(mode="json", exclude={"signature"}) | {"used": used, "void": one.void}


def _table(found: Iterable[Preapproved]) -> Table:
    table = Table("id", "playbook", "where", "at most", "used", "until", "state", box=None)
    for one in found:
        given = one.given
        tags = [f"{key}={value}" for key, value in given.where.tags.items()]
        places = [*given.where.kinds, *given.where.regions, *given.where.accounts, *tags]
        used = sum(use.targets for use in one.uses)
        cells = (given.preapproval_id, f"{given.playbook_id}@{given.version}", visible(" ".join(places)))
        limits = (f"{given.at_most} a day", str(used), given.until[:10], visible(one.void) or "allowed")
        table.add_row(*(Text(cell) for cell in (*cells, *limits)))
    return table


COMMAND = Command(
    "preapprove",
    "Allow a playbook beforehand, within limits.",
    _run,
    _configure,
    examples=(
        "escher preapprove escher-aws-ec2-stop@1.0.0 --where tag:env=dev --at-most 5 --until 2027-01-31",
        "escher preapprove list",
        "escher preapprove remove pre-1a2b3c4d",
    ),
)
