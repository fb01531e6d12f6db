"""`escher understand`: what the server understands of a request, without targets or a plan."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, TextIO

from rich.pretty import Pretty

from escher.commands.command import Command, Invocation, Outcome
from escher.errors import ForbiddenContent, InvalidInput

if TYPE_CHECKING:
    from escher.session.session import Session

_NOTHING = {"class": "clarification", "action": "none", "confidence": 0.0}


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("question", nargs="*", help="the request, as for escher ask; with --lines a file, - is stdin")
    parser.add_argument("--lines", action="store_true", help="one request a line in, one JSON document a line out")


def _run(call: Invocation) -> Outcome:
    words = call.options.question
    if call.options.lines:
        with _opened(words) as lines:
            _answer_lines(lines, call.session)
        return Outcome()
    if not words:
        raise InvalidInput("there is no request.", hint='For example: escher understand "stop all dev instances"')
    document = call.session.understand(" ".join(words))
    call.emit(document)
    return Outcome(document, Pretty(document["understanding"]))


def _opened(words: list[str]) -> TextIO:
    """The file, or standard input. Raises InvalidInput when there is none that can be read."""
    if len(words) > 1:
        raise InvalidInput("--lines reads one file.", hint="escher understand requests.txt --lines")
    path = words[0] if words else "-"
    try:
        return open(sys.stdin.fileno() if path == "-" else path, encoding="utf-8", closefd=path != "-")
    except OSError as cause:
        raise InvalidInput(f"cannot read {path!r}: {cause.strerror}.") from cause


def _answer_lines(lines: Iterable[str], session: Session) -> None:
    """Answer every line as it comes, in order; an empty one too."""
    try:
        for line in lines:
            print(json.dumps(_document(line.strip(), session), ensure_ascii=False), flush=True)
    except UnicodeDecodeError as cause:
        raise InvalidInput("a line is not text in UTF-8.") from cause


def _document(line: str, session: Session) -> dict[str, Any]:
    """What is understood of a line; what cannot be asked at all is a question back, so that the next line comes too."""
    try:
        return session.understand(line)
    except (InvalidInput, ForbiddenContent) as refused:
        question = f"{refused.message[:1].upper()}{refused.message[1:]} {refused.hint}".strip()
        return _asked_back(question)


def _asked_back(question: str) -> dict[str, Any]:
    from escher.contract.understanding import Clarification, Understanding

    return {
        "understanding": Understanding.model_validate(_NOTHING).model_dump(mode="json"),
        "clarification": Clarification(question=question).model_dump(mode="json"),
        "playbooks": [],
    }


COMMAND = Command(
    "understand",
    "Show what is understood of a request, without looking anything up.",
    _run,
    _configure,
    streams=True,
    examples=('escher understand "stop all dev instances" --json', "escher understand requests.txt --lines"),
)
