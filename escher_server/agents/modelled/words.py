"""What a language model may say to a person: nothing that it was not given, no order, nothing to run, no promise. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

_FIGURE = re.compile(r"[\w$€£%.,:/-]*\d[\w%.,:/-]*")
_EDGES = "$€£%.,:/-*"
# Numbers that come without a digit; `one` and `second` are everyday words.
_NUMBER = re.compile(
    r"\b(?:zero|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|twenty|thirty|forty|fifty|sixty|seventy|"
    r"eighty|ninety|hundreds?|thousands?|millions?|billions?|dozens?|half|twice|doubled?|triple|quarter|third|percent)\b"
)
# Signs of code, markup and addresses; and words of one who acts, promises or commands.
_SIGNS = re.compile(r"[`$|;{}<>\\#\[\]=~^]|://|www\.|\bsudo\b|--\w")
_ACTING = re.compile(
    r"(?i)\b(?:I|we|I'm|I've|we've|me|my|our)\b|\b(?:approve[ds]?|approval|execut\w*|password|token|credentials?|"
    r"ignor\w*|instructions?|click|paste|type|run|safe|guarantee\w*|already (?:been )?\w+ed)\b"
)
LONGEST = 400
_SENTENCE = re.compile(r"(?<=[.!?])\s+")


def may_be_said(text: str, source: str) -> bool:
    """Whether a text says no figure or alias that `source` does not have, and nothing that is not for a model to say."""
    if not text or len(text) > LONGEST or not text.isprintable() or not text.isascii():
        return False
    if _SIGNS.search(text) or _ACTING.search(text):
        return False
    return set(_figures(text)) <= set(_figures(source))


def sentences(pieces: str) -> tuple[list[str], str]:
    """The whole sentences at the beginning of a text that is still growing, and what is left of it."""
    *whole, rest = _SENTENCE.split(pieces)
    return whole, rest


def _figures(text: str) -> Iterator[str]:
    """Whatever holds a digit, without the signs around it, and numbers in words."""
    for found in _FIGURE.findall(text):
        yield found.strip(_EDGES).replace(",", "").lower()
    yield from _NUMBER.findall(text.lower())
