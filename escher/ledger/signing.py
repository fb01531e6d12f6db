"""Who signs a trail, and whether a signature is theirs: Ed25519 over canonical JSON. Pure: no clock, no store."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from escher.contract.wire import canonical


class Signer:
    """Signs with a key made from 32 secret bytes."""

    def __init__(self, seed: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self.public_key = self._key.public_key().public_bytes_raw().hex()

    def sign(self, document: object) -> str:
        """The signature of a JSON document, in hexadecimal digits."""
        return self._key.sign(canonical(document)).hex()


def is_signed(document: object, signature: str, public_key: str) -> bool:
    """Whether the holder of this key signed this very document. False also for a key or signature that is none."""
    try:
        key, raw = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key)), bytes.fromhex(signature)
        key.verify(raw, canonical(document))
    except (InvalidSignature, ValueError):
        return False
    # The same digits in capital letters would be other bytes in a file.
    return raw.hex() == signature


def fingerprint(public_key: str) -> str:
    """A key's name for people, as ssh-keygen writes it."""
    return "SHA256:" + b64encode(sha256(bytes.fromhex(public_key)).digest()).decode().rstrip("=")
