"""Which store is this, before it is opened: what its header, a backup and an exported key say of it in clear."""

from __future__ import annotations

from dataclasses import dataclass
from sqlite3 import Connection

from escher.store.database import header


@dataclass(frozen=True, slots=True)
class Identity:
    """What is known of a store without its key: its id, the check of its master key, and its passphrase slot if any.

    A store keeps it in its header, a backup in the clear part of its archive, an exported key in its text.
    """

    store_id: bytes
    check: bytes
    slot: bytes | None


def identity_of(connection: Connection) -> Identity:
    """The identity in a store's header."""
    return Identity(
        header(connection, "store") or b"", header(connection, "check") or b"", header(connection, "passphrase")
    )
