"""`escher check`: what a script or a command would do, without running it; no store, no account, no network."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from escher.commands.command import Command, Invocation, Outcome
from escher.errors import InvalidInput

if TYPE_CHECKING:
    from rich.console import RenderableType

    from escher.contract.check import Check
    from escher.contract.vocabulary import Language

LARGEST = 1024 * 1024
"""Bytes of a script; no playbook comes near."""

_LANGUAGES: dict[str, Language] = {".sh": "bash", ".bash": "bash", ".py": "python"}
_COLOURS = {"read": "green", "write": "yellow", "secret": "magenta", "destroy": "red"}


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="the script; - reads standard input")
    parser.add_argument("argument", nargs="*", help="an argument that the script gets")
    parser.add_argument("--language", choices=("bash", "python"), help="told from the file's ending unless you say")
    parser.add_argument("--lines", action="store_true", help="one command a line in, one JSON document a line out")


def _run(call: Invocation) -> Outcome:
    path, language = call.options.file, _language(call.options)
    if call.options.lines:
        with _opened(path) as lines:
            _answer_lines(lines, language, call.options.argument)
        return Outcome()
    with _opened(path) as source:
        check = _check(_text(source, path), language, call.options.argument)
    call.emit(check.model_dump(mode="json"))
    return Outcome(check.model_dump(mode="json"), _shown(check))


def _language(options: argparse.Namespace) -> Language:
    told = options.language or _LANGUAGES.get(Path(options.file).suffix) or ("bash" if options.lines else None)
    if told is None:
        raise InvalidInput("in which language is this?", hint="Say --language bash or --language python.")
    return told


def _opened(path: str) -> TextIO:
    """The file, or standard input. Raises InvalidInput when there is none that can be read."""
    try:
        return open(sys.stdin.fileno() if path == "-" else path, encoding="utf-8", closefd=path != "-")
    except OSError as cause:
        raise InvalidInput(f"cannot read {path!r}: {cause.strerror}.") from cause


def _text(source: TextIO, path: str) -> str:
    try:
        text = source.read(LARGEST + 1)
    except UnicodeDecodeError as cause:
        raise InvalidInput(f"{path!r} is not text in UTF-8.") from cause
    if len(text) > LARGEST:
        raise InvalidInput(f"{path!r} is longer than {LARGEST // 1024} KiB.")
    return text


def _answer_lines(lines: Iterable[str], language: Language, arguments: list[str]) -> None:
    """Answer every line as it comes, in order; an empty one too."""
    try:
        for line in lines:
            print(_check(line.rstrip("\r\n"), language, arguments).model_dump_json(), flush=True)
    except UnicodeDecodeError as cause:
        raise InvalidInput("a line is not text in UTF-8.") from cause


def _check(script: str, language: Language, arguments: list[str]) -> Check:
    from escher.scripts.check import document
    from escher.scripts.reader import Reader

    return document(Reader().read(script, language, tuple(arguments)))


def _shown(check: Check) -> RenderableType:
    from rich.console import Group
    from rich.text import Text

    lines = [Text(check.verdict, style=f"bold {_COLOURS.get(check.verdict, 'bright_red')}")]
    for operation in check.operations:
        name = f"{operation.provider} {operation.service} {operation.operation}".rstrip()
        lines.append(Text(f"  {operation.effect:8} {name}  {' '.join(operation.targets)}".rstrip()))
    lines += [Text(f"  line {problem.line}: {problem.message}") for problem in check.problems]
    return Group(*lines)


COMMAND = Command(
    "check",
    "Tell what a script would do to your clouds, without running it.",
    _run,
    _configure,
    streams=True,
    examples=(
        "escher check stop.sh --json",
        "escher check - --language bash",
        "escher check commands.txt --lines",
    ),
)
