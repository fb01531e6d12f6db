"""Term weights of texts for BM25, the same for both indexes."""

from __future__ import annotations

from functools import cache

import qdrant_edge as engine

from escher.vectors.canonical import words

_AVERAGE_LENGTH = 16.0  # terms in the text of a typical resource


def document_vector(text: str) -> engine.SparseVector:
    """The weight of every term of an indexed text; a term's index is its number."""
    return _model().embed_document(words(text))


def query_vector(text: str) -> engine.SparseVector:
    """1.0 for every term that is looked for; empty when only stop words are."""
    return _model().embed_query(words(text))


@cache
def _model() -> engine.Bm25:
    return engine.Bm25(engine.Bm25Config(avg_len=_AVERAGE_LENGTH))
