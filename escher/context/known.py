"""What an estate calls its things, as an index from exact words to what they can mean. Built once a snapshot.

A prompt is cut into runs of letters and digits, and runs of these are looked up, the longest first: the cost of a
lookup does not grow with the estate.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from escher.contract.environments import (
    APPLICATION_KEYS,
    ENVIRONMENT_KEYS,
    OWNER_KEYS,
    canonical_environment,
    environment_of,
)
from escher.contract.estate import Account, Resource
from escher.contract.vocabulary import Kind

Role = Literal["resource_name", "resource_id", "account", "environment", "application", "owner", "tag_value"]
_KINDS: tuple[Kind, ...] = get_args(Kind)
_RUNS = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Meaning:
    """One role of a word: how many resources it concerns, their kinds, the tag key when it is a tag's value.

    `resources` are the places in the estate of those that bear it as their name or id.
    """

    role: Role
    count: int
    kinds: tuple[Kind, ...] = ()
    tag_key: str = ""
    resources: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the estate as it is written there, and all it can mean. `value` is what an alias of it resolves to.

    `unusual`: everybody would take it for an environment (`playground`), and this estate has no such environment.
    """

    text: str
    meanings: tuple[Meaning, ...]
    value: str
    unusual: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """Where a known word stands in a text. `alone`: it is not a part of a longer name."""

    start: int
    end: int
    word: Word
    alone: bool


class _Bearers:
    """Which resources bear a word. Most words have one bearer, so no list is kept for those."""

    def __init__(self) -> None:
        self._first: dict[str, int] = {}
        self._others: dict[str, list[int]] = {}

    def add(self, key: str, number: int) -> None:
        """Note that a resource bears a word."""
        if self._first.setdefault(key, number) != number:
            self._others.setdefault(key, []).append(number)

    def get(self, key: str) -> tuple[int, ...]:
        """The resources that bear a word, each once."""
        first = self._first.get(key)
        return () if first is None else (first, *dict.fromkeys(self._others.get(key, ())))

    def __contains__(self, key: str) -> bool:
        return key in self._first

    def __iter__(self) -> Iterator[str]:
        return iter(self._first)


class KnownWords:
    """Every name, id, account and tag value of an estate, except environments of the allow-list."""

    def __init__(self, resources: Sequence[Resource], accounts: Iterable[Account] = ()) -> None:
        self.resources = resources
        self._names, self._ids, self._long_ids = _Bearers(), _Bearers(), _Bearers()
        for number, resource in enumerate(resources):
            self._add_resource(number, resource)
        self._tags = _tag_meanings(resources)
        self._environments = frozenset(environment_of(resource.tags) for resource in resources)
        self._accounts = _account_words(resources, accounts)
        self._lengths = _lengths((*self._names, *self._ids, *self._tags, *self._accounts))

    def _add_resource(self, number: int, resource: Resource) -> None:
        name, identifier = _trimmed(resource.name), _trimmed(resource.identifier)
        if name:
            self._names.add(name, number)
        if identifier and identifier != name:
            self._ids.add(identifier, number)
        self._long_ids.add(_trimmed(resource.resource_id), number)

    def get(self, text: str) -> Word | None:
        """The word that is exactly this text, whatever its case and the marks around it."""
        key = _trimmed(text)
        bearers: tuple[tuple[Role, _Bearers], ...] = (
            ("resource_name", self._names), ("resource_id", self._ids), ("resource_id", self._long_ids),
        )  # fmt: skip
        borne = [self._borne(role, words.get(key)) for role, words in bearers if key in words]
        account = self._accounts.get(key)
        tag_text, tagged = self._tags.get(key, ("", ()))
        meanings = (*borne, *([Meaning("account", 1)] if account else ()), *tagged)
        if not meanings:
            return None
        written = self._written(key, borne[0]) if borne else account[0] if account else tag_text
        environment = canonical_environment(key)
        unusual = environment is not None and environment not in self._environments
        return Word(written, meanings, account[1] if account and len(meanings) == 1 else written, unusual)

    def _borne(self, role: Role, numbers: tuple[int, ...]) -> Meaning:
        kinds = in_order(self.resources[number].kind for number in numbers)
        return Meaning(role, len(numbers), kinds, resources=numbers)

    def _written(self, key: str, borne: Meaning) -> str:
        """The word as the resource that bears it has it."""
        resource = self.resources[borne.resources[0]]
        candidates = (resource.name, resource.identifier, resource.resource_id)
        return next(text for text in candidates if _trimmed(text) == key)

    def find(self, text: str) -> Iterator[Hit]:
        """The known words in a text from left to right, at each place the longest, without overlaps."""
        # Some letters become two in lower case; those stay as they are, so that places in both texts agree.
        lowered = "".join(letter.lower() if len(letter.lower()) == 1 else letter for letter in text)
        runs = [found.span() for found in _RUNS.finditer(lowered)]
        at = 0
        while at < len(runs):
            length = self._longest(lowered, runs, at)
            if length:
                start, end = runs[at][0], runs[at + length - 1][1]
                word = self.get(lowered[start:end])
                if word is not None:
                    yield Hit(start, end, word, _stands_alone(lowered, start, end))
            at += length or 1

    def _longest(self, text: str, runs: list[tuple[int, int]], at: int) -> int:
        """How many runs the longest known word at a run has; 0 when none begins there."""
        start = runs[at][0]
        for length in self._lengths.get(text[start : runs[at][1]], ()):
            if at + length <= len(runs) and self._knows(text[start : runs[at + length - 1][1]]):
                return length
        return 0

    def _knows(self, key: str) -> bool:
        return key in self._names or key in self._ids or key in self._tags or key in self._accounts


def in_order(kinds: Iterable[Kind]) -> tuple[Kind, ...]:
    """The kinds, each once, in the order of the vocabulary."""
    present = set(kinds)
    return tuple(kind for kind in _KINDS if kind in present)


def tag_role(key: str) -> Role:
    """What the values of a tag key (lower case) name."""
    if key in APPLICATION_KEYS:
        return "application"
    if key in OWNER_KEYS:
        return "owner"
    return "environment" if key in ENVIRONMENT_KEYS else "tag_value"


def _tag_meanings(resources: Iterable[Resource]) -> dict[str, tuple[str, tuple[Meaning, ...]]]:
    """By tag value: as it is written, and a meaning for each key that has it."""
    counts: Counter[tuple[str, str, Kind]] = Counter(
        (key, value, one.kind) for one in resources for key, value in one.tags.items()
    )
    found: dict[str, tuple[str, dict[str, list[tuple[Kind, int]]]]] = {}
    for (key, value, kind), count in counts.items():
        trimmed, low = _trimmed(value), key.lower()
        if trimmed and low != "name" and not (low in ENVIRONMENT_KEYS and canonical_environment(value)):
            _, by_key = found.setdefault(trimmed, (value, {}))
            by_key.setdefault(key, []).append((kind, count))
    return {
        value: (text, tuple(_tag_meaning(key, counted) for key, counted in by_key.items()))
        for value, (text, by_key) in found.items()
    }


def _tag_meaning(key: str, counted: list[tuple[Kind, int]]) -> Meaning:
    kinds = in_order(kind for kind, _ in counted)
    return Meaning(tag_role(key.lower()), sum(count for _, count in counted), kinds, key)


def _account_words(resources: Iterable[Resource], accounts: Iterable[Account]) -> dict[str, tuple[str, str]]:
    """By account id and by account name: as it is written, and the account id."""
    named = {(account.account_id, account.name) for account in accounts}
    named |= {(resource.account_id, resource.account_name) for resource in resources}
    return {_trimmed(text): (text, id_) for id_, name in sorted(named) for text in (id_, name) if _trimmed(text)}


def _lengths(keys: Iterable[str]) -> dict[str, tuple[int, ...]]:
    """By the first run of a word: how many runs the words that begin with it have, the most first."""
    lengths: defaultdict[str, set[int]] = defaultdict(set)
    for key in keys:
        runs = _RUNS.findall(key)
        lengths[runs[0]].add(len(runs))
    return {first: tuple(sorted(found, reverse=True)) for first, found in lengths.items()}


def _trimmed(text: str) -> str:
    """A text in lower case from its first letter or digit to its last; empty when it has none."""
    if text.isascii() and text[:1].isalnum() and text[-1:].isalnum():
        return text.lower()
    runs = list(_RUNS.finditer(text.lower()))
    return text.lower()[runs[0].start() : runs[-1].end()] if runs else ""


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether what touches a word on both sides is no part of the same name."""
    before, after = text[max(start - 2, 0) : start], text[end : end + 2]
    joined_before = before[-1:] in ("_", "*") or (len(before) == 2 and before[1] in "-.@" and before[0].isalnum())
    joined_after = after[:1] in ("_", "*") or (
        len(after) == 2 and after[0] in "-.@" and (after[1].isalnum() or after[1] in "*_")
    )
    return not (joined_before or joined_after)
