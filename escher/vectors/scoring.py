"""How meaning and words become one score from 0 to 1; both indexes share it, so both give the same answers. Pure.

A cosine is already an absolute measure; BM25 grows without bound and is bent to it: `b / (b + HALF)`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import NAMESPACE_OID, uuid5

from escher.contract.ports import Hit, Point

MEANING, WORDS = "meaning", "words"
MEANING_SHARE = 0.5
WORDS_SHARE = 0.5
HALF = 5.0
# Many texts share a common word and so one BM25 score; more of them are looked at than of the nearest by meaning.
_CANDIDATES = {MEANING: 100, WORDS: 200}
KEY = "key"


def point_id(key: str) -> str:
    """The UUID under which a point with this key is held."""
    return str(uuid5(NAMESPACE_OID, key))


def payload(point: Point) -> dict[str, str | list[str]]:
    """What is kept beside the vectors: the key and the filter fields, as text."""
    return {name: _text(value) for name, value in point.fields.items()} | {KEY: point.key}


def candidates(source: str, limit: int) -> int:
    """How many of the best by `source`, MEANING or WORDS, are looked at for `limit` results."""
    return max(_CANDIDATES[source], limit)


def bent(bm25: float) -> float:
    """A BM25 score from 0 to 1."""
    return bm25 / (bm25 + HALF)


def fused(meaning: Mapping[str, float] | None, words: Mapping[str, float] | None) -> dict[str, float]:
    """Score by key from cosines and BM25 scores by key; None where a query has no such part."""
    if meaning is None or words is None:
        only = {key: max(cosine, 0.0) for key, cosine in (meaning or {}).items()}
        return only | {key: bent(score) for key, score in (words or {}).items()}
    return {
        key: MEANING_SHARE * max(meaning.get(key, 0.0), 0.0) + WORDS_SHARE * bent(words.get(key, 0.0))
        for key in meaning.keys() | words.keys()
    }


def ranked(scores: Mapping[str, float], limit: int) -> list[Hit]:
    """The best hits, best first, equals in the order of their keys."""
    best = sorted(scores.items(), key=lambda item: (-item[1], item[0]))[:limit]
    return [Hit(key, min(score, 1.0)) for key, score in best]


def _text(value: str | int | bool | Sequence[str]) -> str | list[str]:
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, str | int) else list(value)
