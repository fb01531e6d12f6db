"""Is a magic's line a command or a question? Pure.

A line is a command when its first word names one and the rest reads as that command's options; `%escher scan` is,
`%escher scan results of last week?` is a question. Nothing a question says can make it a command's options.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Collection
from dataclasses import dataclass

from escher.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Question:
    """Words for the brain."""

    text: str


@dataclass(frozen=True, slots=True)
class CommandLine:
    """Words for a command."""

    words: tuple[str, ...]


def parse(line: str, names: Collection[str], accepts: Callable[[list[str]], bool]) -> Question | CommandLine:
    """Read one line. `accepts` says whether words are a complete command. Raises InvalidInput for an empty line."""
    text = line.strip()
    if not text:
        raise InvalidInput("there is nothing to do.", hint="Type a question or a command: %escher --help")
    first = text.split(maxsplit=1)[0]
    if first in ("--help", "-h", "help") or (first in names and _looks_like_options(text, accepts)):
        return CommandLine(tuple(_words(text)))
    return Question(text)


def _looks_like_options(text: str, accepts: Callable[[list[str]], bool]) -> bool:
    if text.endswith("?"):
        return False
    words = _words(text)
    asks_for_help = any(word in ("--help", "-h") for word in words)
    has_options = any(word.startswith("--") for word in words[1:])
    return asks_for_help or has_options or accepts(words)


def _words(text: str) -> list[str]:
    try:
        return shlex.split(text)
    except ValueError:
        return text.split()
