"""A stream of any length in AES-256-GCM chunks of 1 MiB: none can be altered, moved, left out or added unnoticed.

The nonce of a chunk is its number and whether it is the last one, so a stream that was cut does not open. The key is
used for one stream only. Chunks of two streams do not mix: each has its own key, and is bound to its archive's header.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from escher.store.sealing import TAG_BYTES

CHUNK_BYTES = 1 << 20
_NUMBER_BYTES = 11


class ChunkWriter:
    """Encrypts what is written to it, a chunk at a time; `close` writes the last one."""

    def __init__(self, sink: Callable[[bytes], object], key: bytes | bytearray, bound_to: bytes) -> None:
        self._sink, self._cipher, self._bound_to = sink, AESGCM(key), bound_to
        self._waiting, self._number = bytearray(), 0

    def write(self, data: bytes) -> int:
        """Take data in; a chunk goes on when it is certain that more follows."""
        self._waiting += data
        while len(self._waiting) > CHUNK_BYTES:
            self._seal(bytes(self._waiting[:CHUNK_BYTES]), last=False)
            del self._waiting[:CHUNK_BYTES]
        return len(data)

    def flush(self) -> None:
        """Writers of files are asked for this; a chunk is written when it is full."""

    def close(self) -> None:
        """Write the last chunk, which may be empty."""
        self._seal(bytes(self._waiting), last=True)
        self._waiting.clear()

    def _seal(self, plain: bytes, *, last: bool) -> None:
        self._sink(self._cipher.encrypt(_nonce(self._number, last=last), plain, self._bound_to))
        self._number += 1


class ChunkReader:
    """Decrypts the next `length` bytes of a file. Reading raises InvalidTag for chunks that are not what was written."""

    def __init__(self, file: BinaryIO, length: int, key: bytes | bytearray, bound_to: bytes) -> None:
        self._file, self._left, self._cipher, self._bound_to = file, length, AESGCM(key), bound_to
        self._plain, self._number = bytearray(), 0

    def read(self, size: int = -1) -> bytes:
        """At most `size` bytes, fewer only at the end; all that is left for -1."""
        while self._left and (size < 0 or len(self._plain) < size):
            self._open_next()
        size = len(self._plain) if size < 0 else size
        data = bytes(self._plain[:size])
        del self._plain[:size]
        return data

    def _open_next(self) -> None:
        wanted = min(self._left, CHUNK_BYTES + TAG_BYTES)
        sealed = self._file.read(wanted)
        if len(sealed) != wanted or wanted < TAG_BYTES:
            raise InvalidTag
        self._left -= wanted
        self._plain += self._cipher.decrypt(_nonce(self._number, last=not self._left), sealed, self._bound_to)
        self._number += 1


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(_NUMBER_BYTES, "big") + bytes([last])
