"""Is a line a command or a question?"""

from __future__ import annotations

import pytest

from escher.commands.command import commands, parser
from escher.commands.parse import CommandLine, Question, parse
from escher.errors import InvalidInput


def _accepts(words: list[str]) -> bool:
    try:
        parser("%escher").parse_args(words)
    except InvalidInput:
        return False
    return True


@pytest.mark.parametrize(
    "line",
    [
        "stop every dev instance in us-east-1",
        "scan results of last week?",
        "how do I stop an instance?",
        "run the cleanup of old snapshots in eu-west-1",
        "approve nothing, just tell me",
        "estate of the web shop",
        "audit who stopped web-1",
        "what's running?",
    ],
)
def test_words_are_a_question(line: str) -> None:
    """Plain words stay words, also when the first of them is a command's name."""
    assert parse(line, commands(), _accepts) == Question(line)


@pytest.mark.parametrize(
    "line", ["scan", "estate", "audit verify", "runs --limit 3", "run plan-1a2b", "scan --help", "accounts list"]
)
def test_commands_are_commands(line: str) -> None:
    """A command's name with its own options is that command."""
    assert isinstance(parse(line, commands(), _accepts), CommandLine)


def test_nothing_is_a_clear_error() -> None:
    """An empty line says what to type."""
    with pytest.raises(InvalidInput, match="nothing to do"):
        parse("   ", commands(), _accepts)
