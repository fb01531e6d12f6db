"""The master key behind a passphrase: Argon2id makes a key of the passphrase, and that key wraps the master key.

A slot, as the store's header keeps it: iterations, memory in KiB, lanes (big-endian 32-bit numbers), salt, sealed key.
"""

from __future__ import annotations

import os
import stat
import struct
from itertools import pairwise
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from escher.errors import ConfigurationError, InvalidInput, WrongKey
from escher.store.sealing import FORMAT, NONCE_BYTES, TAG_BYTES, seal, unseal

_COST = struct.Struct(">III")
_SALT_BYTES = 16
SLOT_BYTES = _COST.size + _SALT_BYTES + NONCE_BYTES + 32 + TAG_BYTES
ITERATIONS, MEMORY_KIB, LANES = 3, 64 * 1024, 4
# A slot is read before it can be authenticated: costs beyond these are an attack on memory and time.
_MOST = (16, 512 * 1024, 16)
_HINT = "Correct the file that ESCHER_PASSPHRASE_FILE names."


LEAST_CHARACTERS, LEAST_DIFFERENT = 12, 5


def read_private(path: Path, what: str, variable: str) -> bytes:
    """What is in a file that only its owner can read. Raises ConfigurationError for any other."""
    try:
        mode, text = path.stat().st_mode, path.read_bytes()
    except OSError as cause:
        raise ConfigurationError(
            f"cannot read the {what} {path}: {cause.strerror}.", hint=f"Correct {variable}."
        ) from cause
    if stat.S_IMODE(mode) & 0o077:
        raise ConfigurationError(
            f"the {what} {path} can be read by others (mode {stat.S_IMODE(mode):04o}).", hint=f"chmod 600 {path}"
        )
    return text


def read_passphrase(path: Path, variable: str = "ESCHER_PASSPHRASE_FILE") -> bytes:
    """The passphrase in a file, without its last line break. Raises ConfigurationError unless the file is private."""
    passphrase = read_private(path, "passphrase file", variable).removesuffix(b"\n").removesuffix(b"\r")
    if not passphrase:
        raise ConfigurationError(f"the passphrase file {path} is empty.", hint="Write a passphrase into it.")
    return passphrase


def require_quality(passphrase: bytes) -> None:
    """Raises InvalidInput for a new passphrase that is short, or one piece over and over, or a plain sequence.

    This keeps out what costs an attacker nothing; it cannot tell a good passphrase from a known one.
    """
    text = passphrase.decode("utf-8", "replace")
    if len(text) < LEAST_CHARACTERS:
        raise _weak(f"it has fewer than {LEAST_CHARACTERS} characters")
    if len(set(text)) < LEAST_DIFFERENT or (text + text).index(text, 1) <= len(text) // 2:
        raise _weak("it repeats itself")
    steps = {ord(after) - ord(before) for before, after in pairwise(text)}
    if len(steps) == 1:
        raise _weak("it is a sequence")


def _weak(why: str) -> InvalidInput:
    return InvalidInput(f"this passphrase protects nothing: {why}.", hint="Take four or more words at random.")


def lock(key: bytes, passphrase: bytes, store_id: bytes) -> bytes:
    """The slot that gives `key` back to whoever has the passphrase."""
    cost, salt = _COST.pack(ITERATIONS, MEMORY_KIB, LANES), os.urandom(_SALT_BYTES)
    return cost + salt + seal(_cipher(cost, salt, passphrase), key, _bound(store_id, cost, salt))


def unlock(slot: bytes, passphrase: bytes, store_id: bytes, hint: str = _HINT) -> bytes:
    """The key in a slot. Raises WrongKey for another passphrase or an altered slot."""
    cost = slot[: _COST.size]
    salt, sealed = slot[_COST.size : _COST.size + _SALT_BYTES], slot[_COST.size + _SALT_BYTES :]
    try:
        return unseal(_cipher(cost, salt, passphrase), sealed, _bound(store_id, cost, salt))
    except (InvalidTag, struct.error, ValueError) as cause:
        raise WrongKey("the passphrase does not open this store.", hint=hint) from cause


def _cipher(cost: bytes, salt: bytes, passphrase: bytes) -> AESGCM:
    iterations, memory, lanes = parameters = _COST.unpack(cost)
    if any(value > most for value, most in zip(parameters, _MOST, strict=True)):
        raise ValueError("the cost of this slot is beyond reason")
    derivation = Argon2id(salt=salt, length=32, iterations=iterations, lanes=lanes, memory_cost=memory)
    return AESGCM(derivation.derive(passphrase))


def _bound(store_id: bytes, cost: bytes, salt: bytes) -> bytes:
    return b"|".join((FORMAT, store_id, b"passphrase", cost, salt))
