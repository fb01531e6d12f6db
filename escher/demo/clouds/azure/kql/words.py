"""A query as a line of words: names, values and marks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal


class KqlError(Exception):
    """A query that is not understood."""


Kind = Literal["name", "value", "mark", "end"]


@dataclass(frozen=True, slots=True)
class Word:
    """A word; `value` is what a value stands for; a mark is a sign, or an operator of letters such as `!in~`."""

    kind: Kind
    text: str
    value: Any = None


_UNITS = {"d": 86400, "h": 3600, "m": 60, "s": 1, "ms": 0.001}
_PATTERN = re.compile(
    r"""
    (?P<space>\s+|//[^\n]*)
  | (?P<span>\d+(?:\.\d+)?(?:ms|[dhms])(?![A-Za-z0-9_]))
  | (?P<number>\d+(?:\.\d+)?)
  | (?P<text>@?"(?:[^"\\]|\\.)*"|@?'(?:[^'\\]|\\.)*')
  | (?P<mark>=~|!~|==|!=|<=|>=|=>|\.\.|!(?:in~|in\b|contains_cs\b|contains\b|has_cs\b|has\b|startswith_cs\b|startswith\b|endswith_cs\b|endswith\b|between\b)|in~|[|()\[\]{},.:;<>=+\-*/%])
  | (?P<name>\$?[A-Za-z_][A-Za-z0-9_]*)
    """,
    re.VERBOSE,
)
_ESCAPE = re.compile(r"\\(.)")


def words(text: str) -> list[Word]:
    """Split a query. Raises KqlError for a sign that means nothing."""
    found: list[Word] = []
    at = 0
    while at < len(text):
        match = _PATTERN.match(text, at)
        if match is None:
            raise KqlError(f"Query is invalid: unexpected '{text[at]}' at position {at}.")
        at = match.end()
        if match.lastgroup != "space":
            found.append(_word(str(match.lastgroup), match.group()))
    return [*found, Word("end", "")]


def _word(kind: str, text: str) -> Word:
    if kind == "span":
        number, unit = re.fullmatch(r"([\d.]+)(\w+)", text).groups()  # pyright: ignore[reportOptionalMemberAccess] matched above
        return Word("value", text, timedelta(seconds=float(number) * _UNITS[unit]))
    if kind == "number":
        return Word("value", text, float(text) if "." in text else int(text))
    if kind == "text":
        return Word("value", text, _unquoted(text))
    if kind == "name" and text in ("true", "false", "null"):
        return Word("value", text, {"true": True, "false": False, "null": None}[text])
    return Word("mark" if kind == "mark" else "name", text)


def _unquoted(text: str) -> str:
    if text.startswith("@"):
        return text[2:-1]
    return _ESCAPE.sub(lambda match: {"n": "\n", "t": "\t", "r": "\r"}.get(match[1], match[1]), text[1:-1])


@dataclass
class Reader:
    """Reads the words one by one."""

    line: list[Word]
    at: int = 0

    @property
    def next(self) -> Word:
        """The word that comes."""
        return self.line[self.at]

    def sees(self, *texts: str) -> bool:
        """Whether the word that comes is one of these; values never are."""
        return self.next.kind in ("mark", "name") and self.next.text.lower() in texts

    def take(self) -> Word:
        """Go on to the next word; gives back the one left behind."""
        word = self.next
        if word.kind != "end":
            self.at += 1
        return word

    def takes(self, *texts: str) -> bool:
        """Go on if the word that comes is one of these."""
        if seen := self.sees(*texts):
            self.take()
        return seen

    def want(self, text: str) -> None:
        """Go on over this word. Raises KqlError for another."""
        if not self.takes(text):
            raise KqlError(f"Query is invalid: expected '{text}', found '{self.next.text or 'the end'}'.")

    def name(self) -> str:
        """Go on over a name. Raises KqlError for another word."""
        if self.next.kind != "name":
            raise KqlError(f"Query is invalid: expected a name, found '{self.next.text or 'the end'}'.")
        return self.take().text

    def until(self, texts: tuple[str, ...]) -> bool:
        """Whether more comes before one of these or the end."""
        return self.next.kind != "end" and not self.sees(*texts)
