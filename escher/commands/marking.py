"""What `escher ignore` and `escher protect` share: lists of patterns."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from escher.commands.command import Invocation, Outcome
from escher.contract.marks import FIELDS, MarkEffect
from escher.errors import InvalidInput


def configure(parser: argparse.ArgumentParser) -> None:
    """A pattern to add or remove; without one the list is shown."""
    fields = ", ".join(f"{field}:" for field in FIELDS)
    parser.add_argument("pattern", nargs="?", help=f"such as tag:env=prod or name:web-*; fields: {fields}")
    parser.add_argument("--remove", action="store_true", help="take the pattern off the list")


def outcome(call: Invocation, effect: MarkEffect, has: str, none: str) -> Outcome:
    """Change the list if that was asked for, and tell what is on it."""
    exploring, pattern = call.session.exploring, call.options.pattern
    if call.options.remove and not pattern:
        raise InvalidInput("--remove takes a pattern of the list.", hint=f"See: escher {effect}")
    if pattern and call.options.remove:
        exploring.remove_mark(effect, pattern)
    elif pattern:
        exploring.add_mark(effect, pattern)
    marks = [mark for mark in exploring.marks() if mark.effect == effect]
    text = f"{has}: {', '.join(mark.pattern for mark in marks)}" if marks else none
    return Outcome([asdict(mark) for mark in marks], text)
