"""The forms in which a verb of change is met: `stop`, `stopping`, `stopped`, and `shut … down` around its object."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from escher.contract.vocabulary import Action
from escher_server.agents.understanding.lexicon.verbs import CHANGES, Verb, gerunds, participles

# How many words may stand between the halves of a split verb.
_WIDEST_GAP = 18
_DONE: dict[str, tuple[Action, ...]] = {
    "gone": ("delete",),
    "down": ("stop",),
    "off": ("stop",),
    "up": ("start",),
    "on": ("start",),
    "private": ("block_public_access",),
    "running": ("start",),
}


@dataclass(frozen=True, slots=True)
class Found:
    """A verb in a sentence: its actions, which words it is made of, and where its first half ends."""

    actions: tuple[Action, ...]
    words: tuple[int, ...]
    head_end: int


class Forms:
    """One form of every verb of change, by its first word; the longest and most split phrase is tried first."""

    def __init__(self, inflect: Callable[[str], Sequence[str]]) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], Verb]]] = {}
        for phrase, verb in CHANGES:
            for words in _inflected(phrase.split(), inflect):
                self._by_first.setdefault(words[0], []).append((words, verb))
        for found in self._by_first.values():
            found.sort(key=lambda entry: (-len(entry[0]) - len(entry[1].tail), len(entry[1].tail)))

    def match(self, words: Sequence[str], at: int, end: int) -> Found | None:
        """The verb that begins at `at`, its second half looked for up to `end`."""
        best: Found | None = None
        for phrase, verb in self._by_first.get(words[at], ()):
            found = _complete(words, at, end, phrase, verb)
            if found and (best is None or _is_better(found, best)):
                best = found
        return best


def _complete(words: Sequence[str], at: int, end: int, phrase: tuple[str, ...], verb: Verb) -> Found | None:
    after = at + len(phrase)
    if after > end or tuple(words[at:after]) != phrase:
        return None
    tail = _find(words, verb.tail, after, end) if verb.tail else after
    if tail is None:
        return None
    return Found(verb.actions, (*range(at, after), *range(tail, tail + len(verb.tail))), after)


def _is_better(found: Found, best: Found) -> bool:
    """More words; of as many, the one that is complete first: `turn protection off on x` is no `turn on`."""
    return (len(found.words), -found.words[-1]) > (len(best.words), -best.words[-1])


def _inflected(words: list[str], inflect: Callable[[str], Sequence[str]]) -> Iterator[tuple[str, ...]]:
    for first in dict.fromkeys(inflect(words[0])):
        yield (first, *words[1:])
        if len(words) > 1:
            yield ("-".join((first, *words[1:])),)


def _find(words: Sequence[str], tail: tuple[str, ...], start: int, end: int) -> int | None:
    """Where the second half of a split verb stands, with something between the halves."""
    for at in range(start + 1, min(end, start + _WIDEST_GAP) - len(tail) + 1):
        if words[at] == tail[0] and tuple(words[at : at + len(tail)]) == tail:
            return at
    return None


BASE = Forms(lambda verb: (verb,))
GERUND = Forms(gerunds)
DONE = Forms(participles)


# Single words that are forms of a verb: no name by themselves.
VERB_WORDS: frozenset[str] = frozenset(
    form for phrase, _ in CHANGES if len(phrase.split()) == 1 for form in (phrase, *gerunds(phrase))
)


def done(words: Sequence[str], at: int, end: int) -> Found | None:
    """What `stopped`, `shut down`, `gone` or `private` says was done."""
    found = DONE.match(words, at, end)
    if found is None and words[at] in _DONE:
        return Found(_DONE[words[at]], (at,), at + 1)
    return found
