"""`escher operations`: the operations of the clouds that a task in words may mean, from the command reference."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, get_args

from escher.commands.command import Command, Invocation, Outcome
from escher.contract.vocabulary import Provider
from escher.errors import EscherError, InvalidInput

if TYPE_CHECKING:
    from rich.console import RenderableType

    from escher.vectors.reference.search import Found

LONGEST = 64 * 1024
"""Characters of a line; nothing that is asked for comes near."""

_PROVIDERS: tuple[Provider, ...] = get_args(Provider)


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("text", nargs="*", help="the task: what is to be done to what")
    parser.add_argument("--provider", choices=_PROVIDERS, help="only this cloud's operations")
    parser.add_argument(
        "--service", default="", metavar="S", help="only this service's, as its CLI spells it: s3api, vm"
    )
    parser.add_argument("--limit", type=int, default=5, metavar="N", help="so many at most (default 5)")
    parser.add_argument(
        "--lines",
        action="store_true",
        help="a task a line of stdin, as text or as JSON {text, service, provider}; one JSON document a line out",
    )


def _run(call: Invocation) -> Outcome:
    options = call.options
    if options.limit < 1:
        raise InvalidInput("--limit is at least 1.", hint="See: escher operations --help")
    if options.lines:
        _answer_lines(sys.stdin, options)
        return Outcome()
    if not options.text:
        raise InvalidInput("a task is missing.", hint='Say: escher operations "stop an EC2 instance"')
    found = _find(_Task(" ".join(options.text)), options)
    document = [one.document() for one in found]
    if getattr(options, "json", False):
        print(json.dumps(document, indent=2))
    return Outcome(document, _table(found))


def _answer_lines(lines: Iterable[str], options: argparse.Namespace) -> None:
    """Answer every line as it comes, in order; one that cannot be used with `{"error": …}`."""
    try:
        for line in lines:
            print(json.dumps(_answer(line, options)), flush=True)
    except UnicodeDecodeError as cause:
        raise InvalidInput("a line is not text in UTF-8.") from cause


def _answer(line: str, options: argparse.Namespace) -> object:
    try:
        return [one.document() for one in _find(_task(line), options)]
    except EscherError as failure:
        return {"error": failure.document()}


@dataclass(frozen=True)
class _Task:
    text: str
    service: str = ""
    provider: Provider | None = None


def _task(line: str) -> _Task:
    """A line as what is asked for. Raises InvalidInput for JSON that is something else."""
    if len(line) > LONGEST:
        raise InvalidInput(f"a task is longer than {LONGEST // 1024} Ki characters.")
    if not line.lstrip().startswith("{"):
        return _Task(line.strip())
    try:
        read: Mapping[str, Any] = json.loads(line)
    except (ValueError, RecursionError) as cause:
        raise InvalidInput("a line begins like JSON and is none.", hint='Send {"text": "…"}.') from cause
    text, service, provider = read.get("text"), read.get("service") or "", read.get("provider") or None
    if isinstance(text, str) and isinstance(service, str) and (provider is None or provider in _PROVIDERS):
        return _Task(text, service, provider)
    raise InvalidInput(
        "a line of JSON needs a text, and may have a service and a provider.",
        hint='Send {"text": "stop an instance", "service": "ec2", "provider": "aws"}.',
    )


def _find(task: _Task, options: argparse.Namespace) -> list[Found]:
    from escher.vectors.reference.search import find_operations

    provider, service = task.provider or options.provider, task.service or options.service
    return find_operations(task.text, provider=provider, service=service, limit=options.limit)


def _table(found: Sequence[Found]) -> RenderableType:
    if not found:
        return "There is no word in it that says what is to be done."
    from escher.commands.tables import CLOUDS, Column, Rows

    columns = (Column("cloud"), Column("service"), Column("operation"), Column("likely"))
    rows = [
        {
            "cloud": CLOUDS[one.provider],
            "service": one.service,
            "operation": one.operation,
            "likely": f"{one.score:.0%}",
        }
        for one in found
    ]
    return Rows(rows, columns)


COMMAND = Command(
    "operations",
    "Find the operation of a cloud for a task in words, without a language model.",
    _run,
    _configure,
    streams=True,
    examples=(
        'escher operations "stop an EC2 instance"',
        'escher operations "spin up a virtual machine" --provider azure --json',
        "escher operations --lines < tasks.jsonl",
    ),
)
