r"""Expand one bash word as bash would, from its source text. Pure; what is not in this grammar is refused.

    word      = *( plain / "\\" character / single / double / expansion )
    expansion = $name / ${name} / $1 / ${1} / $# / "$@" / "${@:2}" / $( command )
    braces    = plain "{" item 1*( "," item ) "}" plain    ; one list in a word, its items plain or in quotes

Unquoted expansions of anything, globs that could name a file, other braces, tildes, arithmetic and indirection are refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from escher.scripts.words import Word, joined, script_word

_PLAIN = re.compile(r"[A-Za-z0-9%+,./:=@^_-]+")
_SINGLE = re.compile(r"'([^']*)'")
_IN_DOUBLE = re.compile(r'[^"\\$`]+')
_NAME = re.compile(r"\$(?:([A-Za-z_][A-Za-z0-9_]*|[1-9#])|\{([A-Za-z_][A-Za-z0-9_]*|[1-9][0-9]*|#)\})")
_ALL = re.compile(r"\$(?:@|\{@(?::([1-9][0-9]?))?\})")
_ITEM = r"""(?:[A-Za-z0-9%+/:=@^_-]+|'[^'{}]*'|"[^"\\$`{}]*")+"""
_BRACES = re.compile(rf"([A-Za-z0-9%+/:@^_-]*)\{{({_ITEM}(?:,{_ITEM})+)\}}([A-Za-z0-9%+/:@^_-]*)")
_COMMAND = "$("
# A dollar sign that begins nothing, as at the end of a regular expression.
_BARE_DOLLAR = re.compile(r"\$(?=[\"\\\s.,;:/|)\]=%^&+])")


class WordRefused(ValueError):
    """A word whose value in bash cannot be told for certain."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a word may refer to.

    `variable` gives the word of a name or number; `arguments` are the words of `"$@"`; `command` the word that a
    command substitution, given by its place in the text, stands for, and where it ends.
    """

    variable: Callable[[str], Word]
    arguments: Callable[[], tuple[Word, ...]]
    command: Callable[[int], tuple[Word, int]]


def expand(text: str, around: Surroundings) -> tuple[Word, ...]:
    """The words that an argument's source becomes: one, or several for `"$@"` and `{a,b}`. Raises WordRefused."""
    if listed := _BRACES.fullmatch(text):
        items = re.findall(_ITEM, listed[2])
        return tuple(_Expansion(f"{listed[1]}{item}{listed[3]}", around, unsplit=False).word() for item in items)
    if every := re.fullmatch(f'"{_ALL.pattern}"', text):
        return around.arguments()[int(every[1] or 1) - 1 :]
    return (_Expansion(text, around, unsplit=False).word(),)


def assigned(text: str, around: Surroundings) -> Word:
    """The word that an assignment's right side becomes; bash does not split it. Raises WordRefused."""
    return _Expansion(text, around, unsplit=True).word()


class _Expansion:
    def __init__(self, text: str, around: Surroundings, *, unsplit: bool) -> None:
        self._text = text
        self._around = around
        self._unsplit = unsplit
        self._at = 0
        self._parts: list[Word] = []

    def word(self) -> Word:
        while self._at < len(self._text):
            self._next()
        return joined(self._parts)

    def _next(self) -> None:
        character = self._text[self._at]
        if character == "'":
            self._take(_SINGLE, group=1)
        elif character == '"':
            self._double()
        elif character == "\\":
            self._escaped()
        elif found := _PLAIN.match(self._text, self._at):
            self._add(found.group(), found.end())
        else:
            self._special(character)

    def _special(self, character: str) -> None:
        """A character that is plain only in some places, outside quotes."""
        rest = self._text[self._at :]
        if character == "$":
            if self._unsplit and self._text.startswith(_COMMAND, self._at):
                self._command()
                return
            if self._text.startswith("$#", self._at):
                self._parts.append(self._around.variable("#"))
                self._at += 2
                return
            raise WordRefused(f"{rest[:20]!r} is not in double quotes")
        plain = {
            "#": self._at > 0,
            "!": self._at > 0 or rest == "!",
            "~": self._at > 0 and self._text[self._at - 1] not in ":=",
            "]": True,
            "[": self._text[0] not in "/.~",
            "*": bool(re.search(r"\[\*\]", self._text[max(0, self._at - 1) : self._at + 2])),
            "{": not _expands_braces(_unquoted(self._text)),
            "}": True,
        }
        if not plain.get(character):
            raise WordRefused(f"{rest[:20]!r} has a meaning of its own outside quotes; quote it")
        self._add(character, self._at + 1)

    def _escaped(self) -> None:
        if self._text[self._at + 1 : self._at + 2] in ("", "\n"):
            raise WordRefused("a word goes on in the next line")
        self._add(self._text[self._at + 1], self._at + 2)

    def _double(self) -> None:
        self._at += 1
        while self._text[self._at : self._at + 1] != '"':
            self._in_double()
        self._at += 1

    def _in_double(self) -> None:
        if found := _IN_DOUBLE.match(self._text, self._at):
            self._add(found.group(), found.end())
        elif self._text.startswith("\\", self._at):
            escaped = self._text[self._at + 1 : self._at + 2]
            self._add({"\n": ""}.get(escaped, escaped) if escaped in '"\\$`\n' else f"\\{escaped}", self._at + 2)
        elif found := _BARE_DOLLAR.match(self._text, self._at):
            self._add("$", found.end())
        elif found := _NAME.match(self._text, self._at):
            self._parts.append(self._around.variable(found[1] or found[2]))
            self._at = found.end()
        elif self._text.startswith(_COMMAND, self._at):
            self._command()
        else:
            raise WordRefused(f"{self._text[self._at :][:20]!r} is not an expansion that can be read")

    def _command(self) -> None:
        word, self._at = self._around.command(self._at)
        self._parts.append(word)

    def _take(self, pattern: re.Pattern[str], group: int) -> None:
        found = pattern.match(self._text, self._at)
        if found is None:
            raise WordRefused("a quote is not closed")
        self._add(found[group], found.end())

    def _add(self, text: str, end: int) -> None:
        self._parts.append(script_word(text))
        self._at = end


def _expands_braces(text: str) -> bool:
    """Whether bash might see a brace expansion: a comma or two dots inside braces, or braces that do not pair."""
    depth = 0
    for found in re.finditer(r"[{},]|\.\.", text):
        depth += {"{": 1, "}": -1}.get(found.group(), 0)
        if depth < 0 or (depth > 0 and found.group() in (",", "..")):
            return True
    return depth != 0


def _unquoted(text: str) -> str:
    """What of a word stands outside quotes."""
    return re.sub(r"'[^']*'|\"(?:\\.|[^\"\\])*\"|\\.", "", text, flags=re.DOTALL)
