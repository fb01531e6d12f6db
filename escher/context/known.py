"""What an estate calls its things, as an index from exact words to what they can mean. Built once a snapshot.

A prompt is cut into runs of letters and digits, and runs of these are looked up, the longest first: the cost of a
lookup does not grow with the estate.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from escher.contract.environments import APPLICATION_KEYS, ENVIRONMENT_KEYS, OWNER_KEYS, canonical_environment
from escher.contract.estate import Account, Resource
from escher.contract.vocabulary import Kind

Role = Literal["resource_name", "resource_id", "account", "environment", "application", "owner", "tag_value"]
RUNS = re.compile(r"[^\W_]+")
_LONGEST = 24


@dataclass(slots=True)
class Meaning:
    """One role of a word: the resources it concerns, their kinds, and the tag key when it is a tag's value."""

    role: Role
    tag_key: str = ""
    count: int = 0
    kinds: dict[Kind, None] = field(default_factory=dict[Kind, None])
    resources: list[int] = field(default_factory=list[int])


@dataclass(slots=True)
class Word:
    """A word of the estate as it is written there, and all it can mean; `account_id` when it names an account."""

    text: str
    account_id: str = ""
    meanings: list[Meaning] = field(default_factory=list[Meaning])


@dataclass(frozen=True, slots=True)
class Hit:
    """Where a known word stands in a text. `alone`: it is not a part of a longer name."""

    start: int
    end: int
    word: Word
    alone: bool


class KnownWords:
    """Every name, id, account and tag value of an estate, except environments of the allow-list."""

    def __init__(self, resources: Sequence[Resource], accounts: Iterable[Account] = ()) -> None:
        self.resources = resources
        self._words: dict[str, Word] = {}
        self._lengths: dict[str, tuple[int, ...]] = {}
        for number, resource in enumerate(resources):
            self._add_resource(number, resource)
        self._add_tags(resources)
        self._add_accounts(resources, accounts)
        self._index()

    def __len__(self) -> int:
        return len(self._words)

    def get(self, text: str) -> Word | None:
        """The word that is exactly this text, whatever its case and the marks around it."""
        return self._words.get(_trimmed(text))

    def find(self, text: str) -> Iterator[Hit]:
        """The known words in a text from left to right, at each place the longest, without overlaps."""
        lowered = text.lower()
        if len(lowered) != len(text):
            lowered = "".join(letter.lower() if len(letter.lower()) == 1 else letter for letter in text)
        runs = [found.span() for found in RUNS.finditer(lowered)]
        at = 0
        while at < len(runs):
            hit, taken = self._at(lowered, runs, at)
            if hit:
                yield hit
            at += taken

    def _at(self, text: str, runs: list[tuple[int, int]], at: int) -> tuple[Hit | None, int]:
        start = runs[at][0]
        for length in self._lengths.get(text[start : runs[at][1]], ()):
            if at + length > len(runs):
                continue
            end = runs[at + length - 1][1]
            word = self._words.get(text[start:end])
            if word is not None:
                return Hit(start, end, word, _stands_alone(text, start, end)), length
        return None, 1

    # -- building ------------------------------------------------------------------------------------------

    def _add_resource(self, number: int, resource: Resource) -> None:
        name = _trimmed(resource.name)
        for text, role in (
            (resource.name, "resource_name"),
            (resource.identifier, "resource_id"),
            (resource.resource_id, "resource_id"),
        ):
            key = _trimmed(text)
            if key and (role == "resource_name" or key != name):
                meaning = self._meaning(key, text, role, "")  # pyright: ignore[reportArgumentType] one of the two roles above
                if not meaning.resources or meaning.resources[-1] != number:
                    meaning.resources.append(number)
                    meaning.count += 1
                    meaning.kinds[resource.kind] = None

    def _add_tags(self, resources: Iterable[Resource]) -> None:
        counts: defaultdict[tuple[str, str, Kind], int] = defaultdict(int)
        for resource in resources:
            for key, value in resource.tags.items():
                counts[key, value, resource.kind] += 1
        for (key, value, kind), count in counts.items():
            self._add_tag(key, value, kind, count)

    def _add_tag(self, key: str, value: str, kind: Kind, count: int) -> None:
        trimmed, low = _trimmed(value), key.lower()
        if not trimmed or low == "name" or (low in ENVIRONMENT_KEYS and canonical_environment(value)):
            return
        meaning = self._meaning(trimmed, value, tag_role(low), key)
        meaning.count += count
        meaning.kinds[kind] = None

    def _add_accounts(self, resources: Iterable[Resource], accounts: Iterable[Account]) -> None:
        named = {(account.account_id, account.name) for account in accounts}
        named |= {(resource.account_id, resource.account_name) for resource in resources}
        for account_id, name in sorted(named):
            for text in (account_id, name):
                key = _trimmed(text)
                if key:
                    self._meaning(key, text, "account", "").count = 1
                    self._words[key].account_id = account_id

    def _meaning(self, key: str, text: str, role: Role, tag_key: str) -> Meaning:
        word = self._words.get(key)
        if word is None:
            word = self._words[key] = Word(text)
        for meaning in word.meanings:
            if meaning.role == role and meaning.tag_key == tag_key:
                return meaning
        meaning = Meaning(role, tag_key)
        word.meanings.append(meaning)
        return meaning

    def _index(self) -> None:
        lengths: defaultdict[str, set[int]] = defaultdict(set)
        for key in self._words:
            runs = RUNS.findall(key)
            lengths[runs[0]].add(len(runs))
        self._lengths = {first: tuple(sorted(found, reverse=True)) for first, found in lengths.items()}


def tag_role(key: str) -> Role:
    """What the values of a tag key (lower case) name."""
    if key in APPLICATION_KEYS:
        return "application"
    if key in OWNER_KEYS:
        return "owner"
    return "environment" if key in ENVIRONMENT_KEYS else "tag_value"


def mention_kinds(meaning: Meaning) -> tuple[Kind, ...]:
    """The kinds of a meaning in a fixed order."""
    return tuple(sorted(meaning.kinds))


def _trimmed(text: str) -> str:
    """A text in lower case from its first letter or digit to its last; empty when it has none."""
    runs = list(RUNS.finditer(text.lower()))
    return text.lower()[runs[0].start() : runs[-1].end()] if runs else ""


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether what touches a word on both sides is no part of the same name."""
    before = start > 1 and text[start - 1] in "-_.@" and text[start - 2].isalnum()
    touched = (start > 0 and text[start - 1] == "_") or (end < len(text) and text[end] in "_*")
    after = end + 1 < len(text) and text[end] in "-_.@" and (text[end + 1].isalnum() or text[end + 1] in "*_")
    return not (before or after or touched or (start > 0 and text[start - 1] == "*"))
