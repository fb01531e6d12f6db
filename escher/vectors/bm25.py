"""Term weights of texts for BM25, the same for both indexes."""

from __future__ import annotations

from functools import cache

import qdrant_edge as engine

from escher.vectors.canonical import words

_AVERAGE_LENGTH = 16.0  # terms in the text of a typical resource


def document_weights(text: str) -> dict[int, float]:
    """The weight of every term of an indexed text, by the term's number."""
    return _weights(_model().embed_document(words(text)))


def query_weights(text: str) -> dict[int, float]:
    """1.0 for every term that is looked for, by the term's number; empty when only stop words are."""
    return _weights(_model().embed_query(words(text)))


def _weights(vector: engine.SparseVector) -> dict[int, float]:
    return dict(zip(vector.indices, vector.values, strict=True))


@cache
def _model() -> engine.Bm25:
    return engine.Bm25(engine.Bm25Config(avg_len=_AVERAGE_LENGTH))
