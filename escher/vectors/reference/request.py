"""What a task in words says, for the ranking: its verb, what it is done to, and the words around. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from escher.vectors.reference.aliases import BRANDS, LONGEST
from escher.vectors.reference.everyday import documented
from escher.vectors.reference.words import STOP, is_plural, pairs, stem, terms, word_set

_QUOTED = re.compile(r"``?[^`]*``?|\"[^\"]*\"|(?<!\w)'[^']{2,}'(?!\w)")
_ONE_WORD = re.compile(r"^``?[A-Za-z-]+``?$")
_ID = re.compile(r"\barn:\S+|\b[a-z]+-[0-9a-f]{8,}\b|\S+@\S+|\b[0-9a-f]{8}-[0-9a-f-]{27}\b")
_NAMED = re.compile(r"\b(?:named|called|with (?:the )?(?:ID|name|ARN)s?) (?:``?[^`]+``?|\"[^\"]+\")", re.IGNORECASE)
_SPECIFIED = re.compile(r"\b(?:the |a |an )?specified\b|\b(?:in|for) your (?:AWS )?account\b|\bthe following\b")
# Where the thing that the verb is about ends.
_BOUNDARY = word_set(
    "for of from in with to that using by on into at which when if and or as associated attached containing under within "
    "through between named called whose identified via off about out i we you is are was were have has do does"
)
_EMPTY_HEADS = frozenset(map(stem, word_set("details information list summary all description data metadata copy set")))
_BEFORE_THE_VERB = frozenset(
    map(stem, word_set("operation command example api action request this initiates how shows"))
)
_LONGEST_HEAD = 5
_SPOKEN = re.compile(r"[A-Za-z][A-Za-z0-9/-]*")
_NAME = re.compile(r"[A-Za-z0-9+.-]+")
_BRANDED_THINGS = word_set("account accounts region regions cli service services resource resources")


@dataclass(frozen=True)
class Request:
    """A task: `terms` with their counts, the stem of its `verb`, and the `head`, what is acted upon, as stems.

    `number` is 1 for several things, -1 for one, 0 when nothing is named.

    `text` is what is embedded: without quoted names and ids, everyday words as the documentation has them.
    """

    text: str
    terms: Mapping[str, int]
    verb: str
    head: Sequence[str]
    number: int
    neighbours: frozenset[tuple[str, str]]

    @classmethod
    def read(cls, text: str) -> Request:
        """Take a text apart."""
        text = documented(text)
        bare = _ID.sub(" ", _QUOTED.sub(lambda found: found[0] if _ONE_WORD.match(found[0]) else " ", text))
        found = terms(bare)
        verb = spoken_verb(found)
        to_embed = re.sub(r"\s+", " ", _SPECIFIED.sub("", _ID.sub("", _NAMED.sub("", text)))).strip()
        head, last = _head(_SPOKEN.findall(bare), verb)
        number = (1 if is_plural(last) else -1) if head else 0
        return cls(to_embed or text, Counter(found), verb, head, number, frozenset(pairs(found)))


def spoken_verb(found: Sequence[str]) -> str:
    """The verb of a sentence that begins with it, as the documentation's do; empty for a text without a word."""
    return next((term for term in found[:5] if term not in _BEFORE_THE_VERB), "")


def _head(words: Sequence[str], verb: str) -> tuple[list[str], str]:
    """The stems between the verb and the next preposition, and the last word as it stands.

    `details of the volumes` is about volumes.
    """
    spoken = [word.lower() for word in words]
    start = next((n for n, word in enumerate(spoken) if word not in STOP and stem(word) == verb), len(spoken))
    head: list[str] = []
    last = ""
    for word in spoken[start + 1 :]:
        if word in _BOUNDARY:
            if head and not _EMPTY_HEADS.issuperset(head):
                break
            head = []
        elif word not in STOP:
            head += terms(word.replace("-", " "))
            last = word
        if len(head) >= _LONGEST_HEAD:
            break
    return head, last


@dataclass(frozen=True)
class Mention:
    """A service that a text names: by which words, and whether among what is acted upon (else it is said later)."""

    service: str
    words: frozenset[str]
    first: bool


def mentioned(text: str, aliases: Mapping[str, Sequence[object]]) -> list[Mention]:
    """The services that a text names; the longest names first, none inside another."""
    shown = _NAME.findall(text)
    words = [word.lower().strip(".-") for word in shown]
    later = next((n for n, word in enumerate(words) if n and word in _BOUNDARY), len(words))
    taken: set[int] = set()
    found: dict[str, Mention] = {}
    for start, size in _spans(len(words)):
        span = range(start, start + size)
        name = " ".join(words[start : start + size])
        known = aliases.get(name) or (aliases.get(name.removesuffix("s")) if size == 1 and len(name) > 4 else None)
        if known and taken.isdisjoint(span) and (known[0] or _stands_out(shown, words, span)):
            taken.update(span)
            for service in map(str, known[1:]):
                found.setdefault(service, Mention(service, frozenset(terms(name)), start <= later))
    return list(found.values())


def _spans(length: int) -> Iterator[tuple[int, int]]:
    for size in range(min(LONGEST, length), 0, -1):
        yield from ((start, size) for start in range(length - size + 1))


def _stands_out(shown: Sequence[str], words: Sequence[str], span: range) -> bool:
    """Whether a name that is also an ordinary word is written as a name here: `AWS Connect`, not `an AWS account`."""
    start = span.start
    if start == 0:
        return shown[0].isupper()
    capitals = all(shown[n][0].isupper() for n in span)
    return capitals or (words[start - 1] in BRANDS and words[start] not in _BRANDED_THINGS)
