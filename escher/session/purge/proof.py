"""The proof of a purge: a JSON document signed with Ed25519, to be shown to an auditor.

The key is derived from the store's own, so nobody else can have signed; its public half is in the document and in the
`purged` event of the audit trail, by which the two can be compared.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from escher.contract.wire import canonical

PURPOSE = "purge proofs"
# What no purge can promise, said in the proof itself.
LIMITS = (
    "Copies of the whole file from before this purge, backups among them, open with the master key.",
    "The audit trail keeps that the account existed and what was done in it.",
    "What was shown in notebooks, exported or sent elsewhere is outside the store.",
)


class Notary:
    """Signs proofs with the key that a store derives for them (32 secret bytes)."""

    def __init__(self, secret: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(secret)

    @property
    def public_key(self) -> str:
        """The public key as 64 hexadecimal digits."""
        return self._key.public_key().public_bytes_raw().hex()

    def signed(self, document: Mapping[str, Any]) -> dict[str, Any]:
        """The document with `public_key` and `signature` over the canonical JSON of all else."""
        whole = {**document, "public_key": self.public_key}
        return whole | {"signature": self._key.sign(canonical(whole)).hex()}


def is_genuine(proof: Mapping[str, Any], public_key: str = "") -> bool:
    """Whether a proof bears the signature of its own key, and that is the given one if one is given."""
    whole = {name: value for name, value in proof.items() if name != "signature"}
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(str(proof["public_key"])))
        key.verify(bytes.fromhex(str(proof["signature"])), canonical(whole))
    except (InvalidSignature, KeyError, ValueError):
        return False
    return public_key in ("", proof["public_key"])
