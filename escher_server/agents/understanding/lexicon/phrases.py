"""Word lists as tables: phrases by their first word, the longest match first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Generic, TypeVar

Value_co = TypeVar("Value_co", covariant=True)
_SMALL_NUMBERS = (
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
)
NUMBERS: Mapping[str, int] = {word: number for number, word in enumerate(_SMALL_NUMBERS)} | {
    "twenty": 20, "thirty": 30, "sixty": 60, "ninety": 90, "hundred": 100,
}  # fmt: skip


class Phrases(Generic[Value_co]):
    """Finds the longest phrase that begins at a word. `shut down` is also found as `shut-down`."""

    def __init__(self, entries: Iterable[tuple[str, Value_co]]) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], Value_co]]] = {}
        for phrase, value in entries:
            for words in _spellings(phrase):
                self._by_first.setdefault(words[0], []).append((words, value))
        for found in self._by_first.values():
            found.sort(key=lambda entry: -len(entry[0]))

    def match(self, words: Sequence[str], at: int) -> tuple[int, Value_co] | None:
        """How many words the longest phrase at `at` has, and its value; None when no phrase begins there."""
        for phrase, value in self._by_first.get(words[at], ()):
            if tuple(words[at : at + len(phrase)]) == phrase:
                return len(phrase), value
        return None

    def phrases(self) -> Iterator[tuple[str, ...]]:
        """Every phrase, as its words."""
        return (words for found in self._by_first.values() for words, _ in found)


def phrase_set(text: str) -> Phrases[bool]:
    """The phrases of a text, separated by `|`."""
    return Phrases((phrase.strip(), True) for phrase in text.split("|"))


def words(text: str) -> frozenset[str]:
    """The words of a text, as a set."""
    return frozenset(text.split())


def rows(table: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The lines `head: phrase | phrase` of a table, without blank ones."""
    for line in filter(None, map(str.strip, table.splitlines())):
        head, _, phrases = line.partition(":")
        yield head.strip(), tuple(phrase.strip() for phrase in phrases.split("|") if phrase.strip())


def _spellings(phrase: str) -> Iterator[tuple[str, ...]]:
    words = tuple(phrase.split())
    yield words
    if len(words) > 1:
        yield ("-".join(words),)
