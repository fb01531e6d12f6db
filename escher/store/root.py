"""The root of a store: what one commit leaves behind, sealed as one value, so that nothing can be exchanged in part.

It holds the commit number, each collection's digest and counters, and the head of the audit chain. Pure: it knows
no files. An `Anchor` is the root as the keychain remembers it.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic_core import from_json, to_json

from escher.contract.audit import GENESIS
from escher.errors import KeyUnavailable, MigrationError, StoreRolledBack, StoreTampered
from escher.store.collections import CollectionName
from escher.store.sealing import FORMAT, overwrite, seal, unseal

SCHEMA = 2


@dataclass(slots=True)
class CollectionState:
    """`digest` covers all rows, `records` counts those not deleted, `writes` those sealed under `key_id`.

    `key_made_at` is Unix seconds, 0 where it is not known. `rotating` says that older keys are on their way out.
    """

    key_id: int
    digest: int = 0
    records: int = 0
    last_position: int = 0
    writes: int = 0
    key_made_at: int = 0
    rotating: bool = False


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the audit chain: how many entries it has, the last one's hash, and the last one that was signed."""

    entries: int = 0
    hash: str = GENESIS
    checkpoint: int = 0


@dataclass(slots=True)
class Root:
    """What a store of version `schema` holds after commit `sequence`."""

    sequence: int
    states: dict[CollectionName, CollectionState]
    head: Head = Head()
    schema: int = SCHEMA

    def encode(self) -> bytes:
        """This root as JSON, before it is sealed."""
        states = {name: asdict(state) | {"digest": f"{state.digest:064x}"} for name, state in self.states.items()}
        return to_json({"schema": self.schema, "sequence": self.sequence, "states": states, "head": asdict(self.head)})


def decode(plain: bytes) -> Root:
    """Read what `Root.encode` wrote and the store authenticated. Raises MigrationError for a newer version's."""
    document: dict[str, Any] = from_json(plain)
    # The first version did not write its number.
    schema = document.get("schema", 1)
    refuse_newer(schema)
    states: dict[CollectionName, CollectionState] = {
        name: CollectionState(**state | {"digest": int(state["digest"], 16)})
        for name, state in document["states"].items()
    }
    return Root(document["sequence"], states, Head(**document["head"]), schema)


def refuse_newer(schema: int) -> None:
    """Raises MigrationError for a store that a later version of Escher wrote."""
    if schema > SCHEMA:
        raise MigrationError(
            f"this store is of version {schema}, and this Escher knows versions up to {SCHEMA}.",
            hint="Upgrade Escher; the store is as it was.",
        )


class RootSealer:
    """Seals and opens the root of one store."""

    def __init__(self, key: bytearray, store_id: bytes) -> None:
        self._cipher: AESGCM | None = AESGCM(key)
        self._bound = b"|".join((FORMAT, store_id, b"root"))
        overwrite(key)

    def forget(self) -> None:
        """Drop the key from memory."""
        self._cipher = None

    def seal(self, root: Root) -> bytes:
        """The bytes that stand in the store's header."""
        return seal(self._key(), root.encode(), self._bound)

    def open(self, sealed: bytes | None) -> Root:
        """The root in those bytes. Raises StoreTampered when they are not what was written."""
        try:
            return decode(unseal(self._key(), sealed or b"", self._bound))
        except (InvalidTag, TypeError) as cause:
            raise StoreTampered(
                "the root of the store was altered since it was written.", hint="Restore the store from a backup."
            ) from cause

    def _key(self) -> AESGCM:
        if self._cipher is None:
            raise KeyUnavailable("the store is closed; its keys are no longer in memory.", hint="Open it again.")
        return self._cipher


@dataclass(frozen=True, slots=True)
class Anchor:
    """A root outside the store: its number, the SHA-256 of its sealed bytes, and its audit head."""

    sequence: int
    root: str
    head: Head

    def encode(self) -> str:
        """This anchor as the text of a keychain entry."""
        return to_json(asdict(self)).decode()


def anchor_of(root: Root, sealed: bytes) -> Anchor:
    """The anchor of a root and the bytes it is stored as."""
    return Anchor(root.sequence, sha256(sealed).hexdigest(), root.head)


def decode_anchor(text: str) -> Anchor:
    """Read what `Anchor.encode` wrote."""
    document: dict[str, Any] = from_json(text)
    return Anchor(document["sequence"], document["root"], Head(**document["head"]))


def judge(current: Anchor, remembered: Anchor) -> StoreRolledBack | None:
    """What is wrong with a store whose root is `current`; nothing when it is ahead: a crash came before anchoring."""
    if current.sequence > remembered.sequence or current == remembered:
        return None
    behind = current.sequence < remembered.sequence
    what = f"{remembered.sequence - current.sequence} commits older than" if behind else "another history than"
    return StoreRolledBack(
        f"the store is {what} the one this machine's keychain remembers.",
        hint="Put the newer file back, or restore a backup archive.",
    )
