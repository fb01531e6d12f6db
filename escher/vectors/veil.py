"""What a server that holds the index may see: keyed hashes, ciphertext, and vectors turned by a secret rotation.

Equal values stay equal and near vectors stay near, or nothing could be found; so frequencies and nearness still tell
something. Names, ids, tags and words do not leave. Pure.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from hashlib import blake2b
from secrets import token_bytes
from uuid import UUID

import numpy as np
import numpy.typing as npt
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from escher.contract.ports import Point

_NONCE_BYTES = 12
_SEPARATOR = b"\0"


class Veil:
    """One secret's view of keys, fields, words and vectors."""

    def __init__(self, secret: bytes, dimension: int) -> None:
        self._secret = secret
        self._cipher = AESGCM(self._hash("cipher", size=32))
        self._rotation = _rotation(self._hash("rotation", size=32), dimension)

    def collection(self, name: str) -> str:
        """The name under which a collection is kept."""
        return f"escher_{self._hash('collection', name).hex()}"

    def point_id(self, key: str) -> str:
        """The id of the point with this key."""
        return str(UUID(bytes=self._hash("point", key)))

    def field(self, name: str) -> str:
        """The name of a filter field."""
        return f"f{self._hash('field', name, size=8).hex()}"

    def value(self, field: str, value: str) -> str:
        """A value of a filter field; the same word in another field looks different."""
        # The letter keeps it from being read as a UUID, which a server would write in another way.
        return f"v{self._hash('value', field, value).hex()}"

    def words(self, weights: Mapping[int, float]) -> tuple[list[int], list[float]]:
        """Word numbers, replaced, and their weights. Two words that become one number count together."""
        veiled: dict[int, float] = {}
        for number, weight in weights.items():
            other = int.from_bytes(self._hash("word", str(number), size=4), "big")
            veiled[other] = veiled.get(other, 0.0) + weight
        return [*veiled], [*veiled.values()]

    def vector(self, vector: bytes) -> list[float]:
        """A vector turned so that all cosines stay and the numbers mean nothing to who lacks the secret."""
        return (self._rotation @ np.frombuffer(vector, "<f4")).tolist()

    def print_of(self, point: Point) -> str:
        """Equal for points that hold the same."""
        fields = repr(sorted(point.fields.items()))
        return self._hash("print", point.words, fields, (point.vector or b"").hex()).hex()

    def sealed(self, key: str) -> str:
        """A key as ciphertext, bound to its point."""
        nonce = token_bytes(_NONCE_BYTES)
        ciphertext = self._cipher.encrypt(nonce, key.encode(), self.point_id(key).encode())
        return base64.b64encode(nonce + ciphertext).decode()

    def opened(self, point_id: object, sealed: object) -> str | None:
        """The key of a point, or None when the ciphertext was not made here, or for another point."""
        if not isinstance(sealed, str) or not isinstance(point_id, str):
            return None
        try:
            raw = base64.b64decode(sealed, validate=True)
            key = self._cipher.decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], point_id.encode())
            return key.decode()
        except (binascii.Error, InvalidTag, ValueError):
            return None

    def _hash(self, purpose: str, *texts: str, size: int = 16) -> bytes:
        # A length before each text, so that no two lists of texts make the same bytes.
        said = _SEPARATOR.join(str(len(text)).encode() + _SEPARATOR + text.encode() for text in (purpose, *texts))
        return blake2b(said, digest_size=size, key=self._secret).digest()


def _rotation(seed: bytes, dimension: int) -> npt.NDArray[np.float32]:
    """An orthogonal matrix, the same for the same seed on every machine."""
    numbers = np.random.default_rng(int.from_bytes(seed, "big")).standard_normal((dimension, dimension))
    directions, lengths = np.linalg.qr(numbers)
    return (directions * np.sign(np.diag(lengths))).astype("<f4")
