"""An embedder without a model: words and their trigrams, hashed. It finds similar spelling, not similar meaning."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from zlib import crc32

import numpy as np

DIMENSION = 384


class HashingEmbedder:
    """Stands in when the model cannot be loaded; its `name` says so, so that nobody mixes its vectors with others."""

    name = "hashing-384 (no model)"
    dimension = DIMENSION

    def embed(self, texts: Sequence[str]) -> list[bytes]:
        """One little-endian float32 vector of length 1 a text."""
        return [self._vector(text) for text in texts]

    def _vector(self, text: str) -> bytes:
        vector = np.zeros(DIMENSION, dtype="<f4")
        for feature, weight in _features(text.lower()):
            code = crc32(feature.encode())
            vector[code % DIMENSION] += weight if code & 0x8000_0000 else -weight
        length = float(np.linalg.norm(vector))
        if length == 0:
            vector[0] = length = 1.0
        return (vector / length).astype("<f4").tobytes()


def _features(text: str) -> Iterator[tuple[str, float]]:
    for word in text.split():
        yield word, 1.0
        padded = f" {word} "
        for start in range(len(padded) - 2):
            yield padded[start : start + 3], 0.5
