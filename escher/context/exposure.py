"""Whether a known word in a text stands for the thing that bears it, or is just English. Pure.

Masking acts on this, and the guard asks it again of what masking left.
"""

from __future__ import annotations

import re

from escher.context.known import Hit, KnownWords
from escher.context.vocabulary import INTRODUCES_NAME, PHRASES, is_everyday, is_public

_SHORTEST_PART = 3
_JOINED = re.compile(r"[\w*]+(?:[-.@][\w*]+)*")
_QUOTES = {'"': '"', "'": "'", "`": "`", "“": "”", "‘": "’", "«": "»"}


def stands_for_itself(text: str, hit: Hit) -> bool:
    """Whether a known word means what bears it. An everyday word does when it is a name and is given as one."""
    if hit.word.unusual or not is_public(text[hit.start : hit.end]):
        return not _in_phrase(text, hit)
    bears_name = any(meaning.role in ("resource_name", "account") for meaning in hit.word.meanings)
    return bears_name and (is_introduced(text, hit) or _is_capitalised(text, hit))


def _is_capitalised(text: str, hit: Hit) -> bool:
    """`Deployment` inside a sentence, capitalised as its bearer is: everyday words are not, and `RDS` is none of these."""
    typed = text[hit.start : hit.end]
    return typed == hit.word.text and typed != typed.lower() and not typed.isupper() and bool(text[: hit.start].strip())


def is_introduced(text: str, hit: Hit) -> bool:
    """In quotes, or right after `named`: then it is a name, whatever the word."""
    before, after = text[: hit.start], text[hit.end :]
    quoted = before[-1:] in _QUOTES and after.startswith(_QUOTES[before[-1:]])
    return quoted or (before.split()[-1:] or [""])[0].lower() in INTRODUCES_NAME


def longer_name(text: str, hit: Hit) -> tuple[int, int] | None:
    """Where the name stands that a known word is only a part of; None when the part or the whole is everybody's."""
    if hit.end - hit.start < _SHORTEST_PART or is_public(text[hit.start : hit.end]):
        return None
    whole = next((found for found in _JOINED.finditer(text) if found.start() <= hit.start < found.end()), None)
    return whole.span() if whole and not is_everyday(whole[0]) else None


def is_exposed(text: str, known: KnownWords) -> bool:
    """Whether a masked text still holds a word of the user's own: never, unless masking has a fault."""
    return any(
        stands_for_itself(text, hit) if hit.alone else longer_name(text, hit) is not None for hit in known.find(text)
    )


def _in_phrase(text: str, hit: Hit) -> bool:
    """Whether the word is half of an everyday phrase: `security group`."""
    before = text[: hit.start].split()[-1:] or [""]
    after = text[hit.end :].split(None, 1)[:1] or [""]
    word = text[hit.start : hit.end]
    pairs = (f"{before[0]} {word}", f"{word} {after[0]}")
    return any(pair.lower().strip(".,;:?!\"'") in PHRASES for pair in pairs)
