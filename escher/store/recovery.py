"""An exported master key: wrapped by a passphrase, as text that survives a printer and a person who types it again.

It holds version, store id, check and slot in base32. Each line bears its number and a checksum over both, so that a
mistake is named by its line; the slot is authenticated as a whole (`passphrase`). Without the passphrase it is as
useless as the store without its key.
"""

from __future__ import annotations

import os
import struct
from base64 import b32decode, b32encode
from binascii import Error
from hashlib import sha256
from pathlib import Path

from escher.errors import InvalidInput, StoreError, WrongKey
from escher.store import passphrase
from escher.store.identity import Identity
from escher.store.keys import MasterKey

VERSION = 1
TITLE = "ESCHER EXPORTED KEY"
_FORM = struct.Struct(f">B16s32s{passphrase.SLOT_BYTES}s")
_LINE, _GROUP, _SUM = 32, 4, 4
_END = "END"


def export(master: MasterKey, identity: Identity, given: bytes) -> str:
    """The text of a store's master key behind a passphrase. Raises InvalidInput for a weak one."""
    passphrase.require_quality(given)
    slot = passphrase.lock(bytes(master.secret()), given, identity.store_id)
    return armoured(Identity(identity.store_id, identity.check, slot))


def opened(exported: Identity, given: bytes, hint: str = "Type the passphrase that was given to the export.") -> bytes:
    """The master key in an export. Raises WrongKey for another passphrase."""
    assert exported.slot is not None
    key = passphrase.unlock(exported.slot, given, exported.store_id, hint)
    if MasterKey(key, exported.store_id).check() != exported.check:
        raise WrongKey("the exported key is not the one that it says.", hint="Use another copy of the export.")
    return key


def is_export(text: str) -> bool:
    """Whether a text says that it is an exported key."""
    return text.lstrip().upper().startswith(TITLE)


def armoured(exported: Identity) -> str:
    """An export as text."""
    packed = _FORM.pack(VERSION, exported.store_id, exported.check, exported.slot)
    letters = b32encode(packed).decode().rstrip("=")
    lines = [letters[start : start + _LINE] for start in range(0, len(letters), _LINE)]
    return "\n".join(
        (
            TITLE,
            f"Store {exported.store_id.hex()}. This and its passphrase open it: keep the two apart.",
            "Put it back with: escher keys import FILE",
            "",
            *(f"{number:>2}  {_grouped(line)}  {_checksum(number, line)}" for number, line in enumerate(lines, 1)),
            _END,
            "",
        )
    )


def parse(text: str) -> Identity:
    """Read an export, however it was typed in. Raises InvalidInput that names the first bad line."""
    if not is_export(text):
        raise InvalidInput(
            "this is no exported key.", hint=f"Name the file that escher keys export wrote; it begins with {TITLE}."
        )
    packed = _letters(text)
    try:
        data = b32decode(packed + "=" * (-len(packed) % 8))
        if data[:1] > bytes([VERSION]):
            raise InvalidInput(f"this export is of version {data[0]}.", hint="Upgrade Escher.")
        _, store_id, check, slot = _FORM.unpack(data)
    except (Error, struct.error) as cause:
        raise _mistyped("the exported key is not complete") from cause
    return Identity(store_id, check, slot)


def write_private(path: Path, text: str) -> None:
    """Write a new file of mode 0600, whole and on the disk. Raises StoreError; an existing file stays as it is."""
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError as cause:
        raise StoreError(f"{path} exists already; it is left as it is.", hint="Choose another name.") from cause
    except OSError as cause:
        raise StoreError(f"cannot write {path}: {cause.strerror}.", hint="Choose another place.") from cause
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
    except OSError as cause:
        path.unlink(missing_ok=True)
        raise StoreError(f"cannot write {path}: {cause.strerror}.", hint="Choose another place.") from cause


def _letters(text: str) -> str:
    """The base32 of all numbered lines, each checked."""
    letters, ended = list[str](), False
    for words in (line.upper().split() for line in text.splitlines()):
        ended = ended or words == [_END]
        if not words or not words[0].isdigit() or ended:
            continue
        number, line, found = int(words[0]), _unambiguous("".join(words[1:-1])), _unambiguous(words[-1])
        if number != len(letters) + 1:
            raise _mistyped(f"line {len(letters) + 1} of the exported key is missing")
        if found != _checksum(number, line):
            raise _mistyped(f"line {number} of the exported key was mistyped")
        letters.append(line)
    if not ended:
        raise _mistyped("the end of the exported key is missing")
    return "".join(letters)


def _unambiguous(letters: str) -> str:
    """What was printed, from what people take it for: base32 has no 0, 1 and 8."""
    return letters.translate(str.maketrans("018", "OIB"))


def _checksum(number: int, line: str) -> str:
    return b32encode(sha256(f"{number} {line}".encode()).digest()).decode()[:_SUM]


def _grouped(line: str) -> str:
    return " ".join(line[start : start + _GROUP] for start in range(0, len(line), _GROUP))


def _mistyped(what: str) -> InvalidInput:
    return InvalidInput(f"{what}.", hint="Compare it with the paper, or use another copy.")
