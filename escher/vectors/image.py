"""An index as one encrypted file, so that it need not be built again: unreadable, and worthless when altered.

A file is the format's mark, a salt, and chunks of a length, ciphertext and tag. The key comes from the secret and the
salt, a chunk's nonce is its number, and the last chunk is marked, so that chunks cannot be left out, moved or taken
from another image. The first chunk is the header, the others are a tar of the index's folder, compressed.
"""

from __future__ import annotations

import io
import json
import os
import struct
import tarfile
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from secrets import token_bytes
from typing import IO, Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from escher.errors import StoreError

_MARK = b"ESCHER-INDEX-1\n"
_SALT_BYTES = 32
_CHUNK = 1024 * 1024
_LONGEST = _CHUNK + 4096  # what does not compress grows by a little
_LONGEST_WRITING_SECONDS = 600
_LENGTH = struct.Struct("<I")
_NONCE = struct.Struct("<Q?3x")

Header = Mapping[str, str | int]


class ImageUnusable(StoreError):
    """There is no image, or it is damaged, altered, or of something else; the index is built from the store."""

    code = "image_unusable"


class Abandoned(StoreError):
    """Nobody waits for the image any more; nothing was written."""

    code = "image_abandoned"


def write_image(path: Path, secret: bytes, header: Header, folder: Path, go_on: Callable[[], bool]) -> None:
    """Write the folder's files as an image in place of an older one. Raises Abandoned, StoreError when the disk is full.

    `go_on` is asked before every megabyte. Processes that write at once do not disturb each other; one of them wins.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}-{token_bytes(4).hex()}")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _remove_drafts(path)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            _write(file, secret, header, folder, go_on)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError as cause:
        raise StoreError(f"the index's image cannot be written: {cause}.", hint="Free some room.") from cause
    finally:
        draft.unlink(missing_ok=True)


def read_image(path: Path, secret: bytes, expected: Header, folder: Path) -> Header:
    """Unpack an image whose header has all that is `expected`; the whole header. Raises ImageUnusable.

    What was unpacked before a fault was found stays in the folder, for the caller to remove.
    """
    try:
        with path.open("rb") as file:
            chunks = _opened(file, secret)
            header: dict[str, Any] = json.loads(next(chunks))
            differing = sorted(name for name, value in expected.items() if header.get(name) != value)
            if differing:
                raise ImageUnusable(f"the image is of another {', '.join(differing)}.")
            with tarfile.open(fileobj=_Reader(chunks), mode="r|") as archive:
                archive.extractall(folder, filter="data")
            for _ in chunks:  # up to the mark of the end
                pass
    except (OSError, InvalidTag, zlib.error, tarfile.TarError, ValueError, StopIteration) as cause:
        raise ImageUnusable(f"the image cannot be used: {type(cause).__name__}.") from cause
    return header


def _remove_drafts(path: Path) -> None:
    """What processes left that were killed; no image takes as long to write."""
    for draft in path.parent.glob(f".{path.name}.*"):
        with suppress(FileNotFoundError):
            if time.time() - draft.stat().st_mtime > _LONGEST_WRITING_SECONDS:
                draft.unlink()


def _write(file: IO[bytes], secret: bytes, header: Header, folder: Path, go_on: Callable[[], bool]) -> None:
    salt = token_bytes(_SALT_BYTES)
    file.write(_MARK + salt)
    writer = _Writer(file, _cipher(secret, salt), go_on)
    writer.seal(json.dumps(dict(header)).encode())
    with tarfile.open(fileobj=writer, mode="w|", bufsize=_CHUNK) as archive:
        archive.add(folder, arcname=".")
    writer.end()


def _opened(file: IO[bytes], secret: bytes) -> Iterator[bytes]:
    """The plain chunks of an image, up to the last. Raises ValueError, InvalidTag, zlib.error."""
    if file.read(len(_MARK)) != _MARK:
        raise ValueError("another format")
    cipher, number, is_last = _cipher(secret, file.read(_SALT_BYTES)), 0, False
    while not is_last:
        (length,) = _LENGTH.unpack(file.read(_LENGTH.size).ljust(_LENGTH.size, b"\xff"))
        is_last = length >> 31 == 1
        length &= 0x7FFF_FFFF
        if length > _LONGEST:
            raise ValueError("a chunk without end")
        yield zlib.decompress(cipher.decrypt(_NONCE.pack(number, is_last), file.read(length), _MARK))
        number += 1
    if file.read(1):
        raise ValueError("something behind the end")


def _cipher(secret: bytes, salt: bytes) -> AESGCM:
    return AESGCM(HKDF(SHA256(), 32, salt, b"escher index image").derive(secret))


class _Writer(io.RawIOBase):
    """Takes a stream of bytes and seals it chunk by chunk."""

    def __init__(self, file: IO[bytes], cipher: AESGCM, go_on: Callable[[], bool]) -> None:
        self._file, self._cipher, self._go_on = file, cipher, go_on
        self._number = 0

    def write(self, data: Any, /) -> int:
        """Seal one block of the tar."""
        self.seal(bytes(data))
        return len(data)

    def seal(self, plain: bytes, *, is_last: bool = False) -> None:
        """Write one chunk."""
        if not self._go_on():
            raise Abandoned("the image was not finished.", hint="It is written another time.")
        sealed = self._cipher.encrypt(_NONCE.pack(self._number, is_last), zlib.compress(plain, 1), _MARK)
        self._file.write(_LENGTH.pack(len(sealed) | is_last << 31) + sealed)
        self._number += 1

    def end(self) -> None:
        """Mark the end."""
        self.seal(b"", is_last=True)


class _Reader(io.RawIOBase):
    """Gives a stream of bytes from chunks."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks, self._rest = chunks, memoryview(b"")

    def read(self, size: int = -1, /) -> bytes:
        """The next `size` bytes, fewer at the end."""
        parts: list[memoryview] = []
        while size:
            if not self._rest:
                self._rest = memoryview(next(self._chunks, b""))
                if not self._rest:
                    break
            parts.append(self._rest[:size])
            size -= len(parts[-1])
            self._rest = self._rest[len(parts[-1]) :]
        return b"".join(parts)
