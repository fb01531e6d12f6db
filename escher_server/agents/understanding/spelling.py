"""Slips of the pen in verbs and nouns: one letter wrong, missing, too many or in the wrong place. Names are left alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from escher_server.agents.understanding.lexicon import closed, openings
from escher_server.agents.understanding.lexicon.conditions import ENVIRONMENTS, FLAGS, ROLES, SOFT, STATES
from escher_server.agents.understanding.lexicon.features import SETTINGS, TOPICS
from escher_server.agents.understanding.lexicon.nouns import GENERIC, NOUN_TABLE, NOUNS, PROVIDERS
from escher_server.agents.understanding.lexicon.phrases import Phrases, words
from escher_server.agents.understanding.lexicon.regions import REGIONS
from escher_server.agents.understanding.lexicon.verbs import CHANGES, READS, VAGUE_VERBS
from escher_server.agents.understanding.tokens import Token
from escher_server.agents.understanding.verb_forms import VERB_WORDS

_SHORTEST = 6
# English words that lie next to one of ours.
_REAL = words(
    "unable remote lunch police sever extent expend attack creature removal cables district relapse notate broken choose chosen "
    "severs evoke reverse machined resided remover installs instant distance assistance insurance restarts volumes "
    "serving service served severe stopper deploys storages tracking snapshotting resizes databases networks cluster "
    "blocked reserved disabled enabled detached attached updater creator secretly keeper tables groups policies"
)
_INTRODUCING = words("named called name id tag label key value = :")
_ENDINGS = ("s", "es", "d", "ed", "ing", "er", "ly")


def _long(words: Iterable[str]) -> frozenset[str]:
    return frozenset(word for word in words if len(word) >= _SHORTEST and word.isalpha())


def _less_one(word: str) -> Iterator[str]:
    return (word[:at] + word[at + 1 :] for at in range(len(word)))


def _near(target: Iterable[str]) -> dict[str, set[str]]:
    index: dict[str, set[str]] = {}
    for word in target:
        for shape in (word, *_less_one(word)):
            index.setdefault(shape, set()).add(word)
    return index


_VERBS = _long(word for phrase, verb in CHANGES for word in (*phrase.split(), *verb.tail))
_NOUNS = _long(word for phrase, _ in NOUN_TABLE for word in phrase.split())
_TARGETS = _VERBS | _NOUNS
_INDEX = _near(_TARGETS)
# What a verb that orders stands behind.
_LEADING = words("to you and then also just now hi hello hey ok someone first not or would could so but me")
_KNOWN_NOUNS = frozenset(word for phrase, _ in NOUN_TABLE for word in phrase.split())
_LISTS: tuple[Phrases[Any], ...] = (
    *(SETTINGS, TOPICS, READS, NOUNS, SOFT, FLAGS, STATES, ROLES, GENERIC, ENVIRONMENTS, REGIONS, VAGUE_VERBS),
    *(closed.EXCEPT, closed.FILLERS, PROVIDERS),
)
_KNOWN = (
    _TARGETS
    | _REAL
    | VERB_WORDS
    | closed.PREPOSITIONS
    | closed.COPULAS
    | openings.AFTER_RESULT
    | frozenset(word for table in _LISTS for phrase in table.phrases() for word in phrase)
)


def put_right(tokens: Sequence[Token]) -> tuple[Token, ...]:
    """The tokens with misspelt verbs and nouns put right, where only one word can be meant."""
    right: list[Token] = []
    for at, token in enumerate(tokens):
        after = tokens[at + 1].norm if at + 1 < len(tokens) else ""
        right.append(_right(token, right[-1] if right else None, after))
    return tuple(right)


def _right(token: Token, before: Token | None, after: str) -> Token:
    word = token.norm
    if token.kind != "word" or len(word) < _SHORTEST - 1 or not word.isalpha() or _is_known(word):
        return token
    # What is written with a capital, or follows a thing or `named`, is a name.
    if before is not None and (not token.text.islower() or before.norm in _INTRODUCING or before.norm in _NOUNS):
        return token
    near = (target for shape in (word, *_less_one(word)) for target in _INDEX.get(shape, ()))
    found = {target for target in near if _one_slip(word, target) and _can_stand(target, before, after)}
    target = _likeliest(word, found)
    return replace(token, text=target, norm=target) if target else token


def _can_stand(target: str, before: Token | None, after: str) -> bool:
    """A verb at the head; a noun where it cannot be a name that narrows the noun behind it."""
    if target in _VERBS and (before is None or before.kind == "mark" or before.norm in _LEADING):
        return True
    narrows = after in _KNOWN_NOUNS and (NOUNS.match([target, after], 0) or (0,))[0] != len((target, after))
    return target in _NOUNS and before is not None and not narrows


def _likeliest(word: str, found: set[str]) -> str:
    """The one that can be meant; of `volume` and `volumes` the one of the same length. Empty when there are several."""
    if len(found) > 1:
        found = {target for target in found if len(target) == len(word)}
    return found.pop() if len(found) == 1 else ""


def _is_known(word: str) -> bool:
    return word in _KNOWN or any(word.endswith(end) and _stem(word, end) for end in _ENDINGS)


def _stem(word: str, end: str) -> bool:
    stem = word[: -len(end)]
    return stem in _KNOWN or f"{stem}e" in _KNOWN or f"{stem[:-1]}y" in _KNOWN or stem[:-1] in _KNOWN


def _one_slip(word: str, target: str) -> bool:
    """One letter wrong, missing, too many, or two that changed places."""
    if abs(len(word) - len(target)) > 1 or word[0] != target[0]:
        return False
    at = next(
        (place for place, (a, b) in enumerate(zip(word, target, strict=False)) if a != b), min(len(word), len(target))
    )
    if len(word) == len(target):
        swapped = (
            word[at + 1 : at + 2] + word[at : at + 1] == target[at : at + 2] and word[at + 2 :] == target[at + 2 :]
        )
        return swapped or word[at + 1 :] == target[at + 1 :]
    return word[at + 1 :] == target[at:] if len(word) > len(target) else word[at:] == target[at + 1 :]
