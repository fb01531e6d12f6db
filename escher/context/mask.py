"""Mask a text: credentials, then everything the estate knows, then whatever has the shape of an id or address. Pure.

Each pass claims stretches of the original text; a later pass gets only what an earlier one left. What is claimed is
replaced at the end, all at once, so nothing is masked twice.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from escher.context import patterns
from escher.context.aliases import Conversation, Letter
from escher.context.exposure import is_introduced, longer_name, stands_for_itself
from escher.context.known import Hit, KnownWords, Meaning, Word, in_order
from escher.context.summary import bucket
from escher.context.vocabulary import PUBLIC_KEYS, is_public
from escher.contract.context import Mention

_COLON_PAIR = re.compile(rf"(?i)\b({'|'.join(sorted(PUBLIC_KEYS))})\s{{0,2}}:\s{{0,2}}()()([^\s,;\"'<>)]{{1,200}})")
_PAIR = re.compile(
    r"(?<![\w=])([A-Za-z][\w.:/-]{0,60}?)\s{0,2}={1,2}\s{0,2}(?:\"([^\"\n]{1,200})\"|'([^'\n]{1,200})'|"
    r"([^\s,;\"'<>=)]{1,200}))"
)
_LETTERS: dict[str, Letter] = {"resource_name": "r", "resource_id": "r", "account": "a"}


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the text and what replaces it."""

    start: int
    end: int
    replacement: str


@dataclass(frozen=True, slots=True)
class Masked:
    """A text that may leave, the mentions of its aliases, and the places in the estate of what they stand for."""

    text: str
    mentions: tuple[Mention, ...]
    resources: dict[str, tuple[int, ...]] = field(default_factory=dict[str, tuple[int, ...]])


def normalised(text: str) -> str:
    """The text with look-alike forms of letters and digits made plain, and invisible characters taken out."""
    plain = unicodedata.normalize("NFKC", text)
    return "".join(
        letter for letter in plain if letter in "\n\t" or unicodedata.category(letter) not in ("Cf", "Cc", "Co", "Cs")
    )


def mask(text: str, known: KnownWords, conversation: Conversation, credentials: Iterable[str] = ()) -> Masked:
    """The text without anything of the user's own but aliases. `credentials` are values to find exactly."""
    return _Masking(normalised(text), known, conversation).masked(tuple(credentials))


class _Masking:
    """One text being masked."""

    def __init__(self, text: str, known: KnownWords, conversation: Conversation) -> None:
        self._text = text
        self._known = known
        self._conversation = conversation
        self._spans: list[Span] = []
        self._mentions: dict[tuple[str, str, str], Mention] = {}
        self._resources: dict[str, tuple[int, ...]] = {}
        # An alias must not be mistaken for something the user typed.
        self._avoid = frozenset(re.findall(r"\b[rat]\d{4,}\b", text.lower()))

    def masked(self, credentials: Sequence[str]) -> Masked:
        self._secrets(credentials)
        self._structured()
        self._pairs()
        self._words()
        for pattern, mark in (*patterns.LOOSE, (patterns.HOSTS, "<host>"), (patterns.OPAQUE, "<secret>")):
            self._shapes(pattern, mark)
        return Masked(self._rendered(), tuple(self._mentions.values()), self._resources)

    # -- passes --------------------------------------------------------------------------------------------

    def _secrets(self, credentials: Sequence[str]) -> None:
        for value in filter(None, credentials):
            for start in _occurrences(self._text, value):
                self._claim(start, start + len(value), "<secret>")
        self._known_ids()  # a part of a long one may look like a secret
        for pattern in patterns.SECRETS:
            self._shapes(pattern, "<secret>")

    def _known_ids(self) -> None:
        for pattern, _ in patterns.STRUCTURED:
            for found in pattern.finditer(self._text):
                end = found.start() + len(found[0].rstrip(".,:;!?"))
                word = self._known.get(self._text[found.start() : end])
                if word and self._is_free(found.start(), end):
                    self._claim(found.start(), end, self._alias(word))

    def _structured(self) -> None:
        for pattern, mark in patterns.STRUCTURED:
            for found in pattern.finditer(self._text):
                end = found.start() + len(found[0].rstrip(".,:;!?"))
                word = self._known.get(self._text[found.start() : end]) or self._bucket(found[0])
                if self._is_free(found.start(), end):
                    self._claim(found.start(), end, self._alias(word) if word else mark)

    def _bucket(self, address: str) -> Word | None:
        """The bucket of an `s3://bucket/…` address."""
        scheme, _, rest = address.partition("://")
        return self._known.get(rest.partition("/")[0]) if scheme.lower() in ("s3", "s3a", "gs") and rest else None

    def _pairs(self) -> None:
        """The value of `key=value` is a tag's, known or not."""
        for found in (*_PAIR.finditer(self._text), *_COLON_PAIR.finditer(self._text)):
            group = next(number for number in (2, 3, 4) if found[number])
            start, end = found.span(group)
            value = found[group].rstrip(".!?") if group == 4 else found[group]
            if not value or is_public(value) or not self._is_free(start, start + len(value)):
                continue
            word = self._known.get(value)
            alias = self._alias(word) if word else self._unknown("t", value)
            self._claim(start, start + len(value) if group == 4 else end, alias)

    def _words(self) -> None:
        for hit in self._known.find(self._text):
            if not self._is_free(hit.start, hit.end):
                continue
            if not hit.alone:
                self._longer_name(hit)
            elif stands_for_itself(self._text, hit):
                named = is_introduced(self._text, hit)
                self._claim(hit.start, hit.end, self._alias(hit.word, named=named))

    def _longer_name(self, hit: Hit) -> None:
        whole = longer_name(self._text, hit)
        if whole and self._is_free(*whole):
            self._claim(*whole, self._unknown("r", self._text[slice(*whole)]))

    def _shapes(self, pattern: re.Pattern[str], mark: str) -> None:
        for found in pattern.finditer(self._text):
            if self._is_free(*found.span()):
                word = self._known.get(found[0]) if mark in ("<account>", "<id>") else None
                word = word or (self._known.get(re.sub(r"[- ]", "", found[0])) if mark == "<account>" else None)
                self._claim(*found.span(), self._alias(word) if word else mark)

    # -- aliases ------------------------------------------------------------------------------------------

    def _alias(self, word: Word, *, named: bool = False) -> str:
        """The alias of a known word, its mentions noted; only as a name when it was introduced as one."""
        names = tuple(meaning for meaning in word.meanings if meaning.role in ("resource_name", "account"))
        meanings = names if named and names else word.meanings
        numbers = tuple(dict.fromkeys(number for meaning in meanings for number in meaning.resources))
        ids = (self._known.resources[number].resource_id for number in numbers)
        letter = _LETTERS.get(meanings[0].role, "t")
        alias = self._conversation.stand_for(letter, word.text, word.value, ids, self._avoid)
        for meaning in meanings:
            self._mention(alias, meaning)
        if numbers:
            self._resources[alias] = numbers
        return alias

    def _mention(self, alias: str, meaning: Meaning) -> None:
        self._mentions[alias, meaning.role, meaning.tag_key] = Mention(
            alias=alias,
            role=meaning.role,
            tag_key=self._key(meaning.tag_key) if meaning.tag_key else None,
            matches=bucket(meaning.count),
            kinds=meaning.kinds,
        )

    def _key(self, tag_key: str) -> str:
        """A tag key everybody uses in clear; any other as an alias of its own."""
        if tag_key.lower() in PUBLIC_KEYS:
            return tag_key.lower()
        return self._conversation.stand_for("t", tag_key, tag_key, avoid=self._avoid)

    def _unknown(self, letter: Letter, text: str) -> str:
        """The alias of a name or value that nothing bears; a name with `*` stands for those that fit."""
        numbers = tuple(self._fitting(text)) if "*" in text and letter == "r" else ()
        kinds = in_order(self._known.resources[number].kind for number in numbers)
        alias = self._conversation.stand_for(letter, text, text, avoid=self._avoid)
        role = "resource_name" if letter == "r" else "tag_value"
        self._mentions[alias, role, ""] = Mention(alias=alias, role=role, matches=bucket(len(numbers)), kinds=kinds)
        return alias

    def _fitting(self, pattern: str) -> Iterator[int]:
        lowered = pattern.lower().replace("[", "[[]").replace("?", "[?]")
        return (
            number
            for number, resource in enumerate(self._known.resources)
            if fnmatchcase(resource.name.lower(), lowered)
        )

    # -- claiming ------------------------------------------------------------------------------------------

    def _is_free(self, start: int, end: int) -> bool:
        return start < end and all(end <= span.start or span.end <= start for span in self._spans)

    def _claim(self, start: int, end: int, replacement: str) -> None:
        if self._is_free(start, end):
            self._spans.append(Span(start, end, replacement))

    def _rendered(self) -> str:
        parts: list[str] = []
        at = 0
        for span in sorted(self._spans, key=lambda span: span.start):
            parts += (self._text[at : span.start], span.replacement)
            at = span.end
        return "".join((*parts, self._text[at:]))


def _occurrences(text: str, value: str) -> Iterator[int]:
    at = text.find(value)
    while at >= 0:
        yield at
        at = text.find(value, at + len(value))
