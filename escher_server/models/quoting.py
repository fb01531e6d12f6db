"""What a model is given of an estate or of a request: quoted data, from which no text can get out. Pure."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence

LIMIT = 160
LIMIT_REQUEST = 2_000
_SPACES = re.compile(r"\s+")
# What chat formats take for a change of speaker, for the end of a text, or for a call.
_FENCES = re.compile(r"`{2,}|~{3,}|-{3,}|={3,}|#{2,}")
_SPEAKERS = re.compile(r"(?i)\b(system|assistant|user|developer|human|tool|function)(\s*):")
_MARKERS = re.compile(r"(?i)\[/?(?:inst|sys|system|user|assistant|tool_calls?)\]|<<?/?sys>>?|<\|[^|<>]{0,40}\|>")
_IDENTIFIER = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._:/@-]{0,62}[A-Za-z0-9])?")


def quoted(tag: str, document: Mapping[str, object]) -> str:
    """A document as one line of JSON between tags that nothing within can close: `<`, `>` and all but ASCII are escaped."""
    text = json.dumps(_cleaned(document), ensure_ascii=True, separators=(",", ":"))
    for sign in "<>&":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return f"<{tag}>{text}</{tag}>"


def clean(text: str, limit: int = LIMIT) -> str:
    """A text on one line, at most `limit` characters long, without signs that are not seen and marks that end a quotation.

    Look-alikes of ASCII become it; direction marks, zero-width and control characters go; words that name a speaker
    lose their colon.
    """
    seen = "".join(_visible(sign) for sign in unicodedata.normalize("NFKC", text))
    for pattern, instead in ((_MARKERS, " "), (_FENCES, " "), (_SPEAKERS, r"\1")):
        seen = pattern.sub(instead, seen)
    line = _SPACES.sub(" ", seen).strip()
    return line if len(line) <= limit else f"{line[: limit - 1]}…"


def identifier(text: str) -> str:
    """The text when it is one identifier of plain letters, as regions and tag keys are; else nothing.

    An estate's own words reach a model this way only: what is no identifier has nothing to tell it.
    """
    return text if _IDENTIFIER.fullmatch(text) else ""


def identifiers(texts: Sequence[str], most: int = 30) -> list[str]:
    """Those of the texts that are identifiers, each once."""
    return list(dict.fromkeys(filter(None, map(identifier, texts))))[:most]


def _visible(sign: str) -> str:
    category = unicodedata.category(sign)
    if category in ("Zl", "Zp", "Zs") or sign in "\t\n\r":
        return " "
    return "" if category[0] == "C" or category == "Mn" else sign


def _cleaned(value: object) -> object:
    if isinstance(value, str):
        return clean(value, LIMIT_REQUEST)
    if isinstance(value, Mapping):
        return {clean(str(key)): _cleaned(one) for key, one in value.items()}
    if isinstance(value, Sequence):
        return [_cleaned(one) for one in value]
    return value
