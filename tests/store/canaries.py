"""Canaries: words and vectors that are nowhere else, put into every field there is, and a detector that finds them.

The detector knows the forms in which a careless program would leave them: other encodings, escaped, reversed, in base64
at any of three alignments, in hexadecimal, as decimal numbers, and inside compressed streams.
"""

from __future__ import annotations

import bz2
import json
import lzma
import re
import secrets
import zlib
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from urllib.parse import quote

import numpy as np

_PREFIX = 8
_BLOCK = 16
_CHUNK = 1 << 20
_MOST_UNPACKED = 4 << 20
_STREAMS: dict[bytes, Callable[[], zlib._Decompress | bz2.BZ2Decompressor | lzma.LZMADecompressor]] = {
    rb"\x78[\x01\x5e\x9c\xda]": zlib.decompressobj,
    rb"\x1f\x8b\x08": lambda: zlib.decompressobj(wbits=31),
    rb"BZh[1-9]1AY&SY": bz2.BZ2Decompressor,
    rb"\xfd7zXZ\x00": lzma.LZMADecompressor,
}


class Canaries:
    """Makes new ones, and remembers them all."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.vectors: list[bytes] = []

    def word(self) -> str:
        """One that may stand in an id: letters and digits."""
        return self._kept(f"zq{secrets.token_hex(9)}")

    def text(self) -> str:
        """One that JSON escapes, and of which no long part is without a character to escape."""
        return self._kept(f'{secrets.token_hex(3)}ü"{secrets.token_hex(4)}é{secrets.token_hex(3)}')

    def digits(self) -> str:
        """One that looks like the id of an account."""
        return self._kept(str(10**11 + secrets.randbelow(9 * 10**11)))

    def instance(self) -> str:
        """One that is the id of an instance, as the cloud makes them."""
        return self._kept(f"i-0{secrets.token_hex(8)}")

    def vector(self) -> bytes:
        """384 random float32 numbers of length 1 together."""
        numbers = np.random.default_rng(secrets.randbits(64)).standard_normal(384)
        self.vectors.append((numbers / np.linalg.norm(numbers)).astype("<f4").tobytes())
        return self.vectors[-1]

    def _kept(self, word: str) -> str:
        self.words.append(word)
        return word


class Detector:
    """Finds canaries in bytes, and names the form in which they were found."""

    def __init__(self, words: Iterable[str], vectors: Iterable[bytes] = ()) -> None:
        self._needles: dict[bytes, list[tuple[bytes, str]]] = {}
        # One place for each beginning of three bytes, as most bytes of a file begin no needle at all.
        self._begins = np.zeros(1 << 24, dtype=bool)
        for word in words:
            self._learn(word, _forms_of_word(word))
        for number, vector in enumerate(vectors):
            self._learn(f"vector {number}", _forms_of_vector(vector))

    def hits(self, data: bytes) -> set[str]:
        """`name (form)` of everything that is in these bytes, or in a compressed stream among them."""
        found = self._plain_hits(data)
        for stream in _unpacked(data):
            found |= {f"{hit}, compressed" for hit in self._plain_hits(stream)}
        return found

    def hits_under(self, *folders: Path) -> dict[str, set[str]]:
        """By path, the hits in all files under these folders, and in their names."""
        found = {str(path): self.hits(data) | self.hits(str(path).encode()) for path, data in files_under(*folders)}
        return {path: hits for path, hits in found.items() if hits}

    def _learn(self, name: str, forms: Iterable[tuple[str, bytes]]) -> None:
        for form, needle in forms:
            self._needles.setdefault(needle[:_PREFIX], []).append((needle, f"{name} ({form})"))
            self._begins[int.from_bytes(needle[:3], "big")] = True

    def _plain_hits(self, data: bytes) -> set[str]:
        found: set[str] = set()
        for start in range(0, len(data), _CHUNK):
            numbers = np.frombuffer(data[start : start + _CHUNK + 2], dtype=np.uint8)
            # Files in memory are mostly zeros that nobody wrote.
            if len(numbers) < 3 or not numbers.any():
                continue
            wide = numbers.astype(np.uint32)
            begins = self._begins[wide[:-2] << 16 | wide[1:-1] << 8 | wide[2:]]
            for at in (np.flatnonzero(begins) + start).tolist():
                needles = self._needles.get(data[at : at + _PREFIX], ())
                found |= {name for needle, name in needles if data.startswith(needle, at)}
        return found


def files_under(*folders: Path) -> Iterator[tuple[Path, bytes]]:
    """All regular files that are there, whoever may take them away meanwhile."""
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            try:
                if path.is_file() and not path.is_symlink():
                    yield path, path.read_bytes()
            except FileNotFoundError:
                continue


def _forms_of_word(word: str) -> Iterator[tuple[str, bytes]]:
    plain = word.encode()
    yield from ((encoding, word.encode(encoding)) for encoding in ("utf-8", "utf-16-le", "utf-16-be", "utf-32-le"))
    yield "JSON", json.dumps(word)[1:-1].encode()
    yield "URL", quote(word).encode()
    yield "reversed", plain[::-1]
    yield from _printed(plain)


def _forms_of_vector(vector: bytes) -> Iterator[tuple[str, bytes]]:
    """Whatever 32 bytes of a vector are somewhere, one of its blocks of 16 is among them whole."""
    numbers = np.frombuffer(vector, dtype="<f4")
    for form, data in (
        ("float32", vector),
        ("big-endian", numbers.astype(">f4").tobytes()),
        ("reversed", vector[::-1]),
    ):
        blocks = (data[at : at + _BLOCK] for at in range(0, len(data), _BLOCK))
        # Zeros are everywhere and say nothing.
        yield from ((form, block) for block in blocks if len(set(block)) > 9)
    yield "float64", numbers[:8].astype("<f8").tobytes()
    for at in range(0, 24, 3):
        yield from (
            ("decimal", between.join(map(str, numbers[at : at + 3].tolist())).encode()) for between in (",", ", ")
        )
    yield from _printed(vector[:48])


def _printed(data: bytes) -> Iterator[tuple[str, bytes]]:
    """As hexadecimal digits, and as that part of any base64 text which does not depend on what stands around it."""
    yield from (("hex", data.hex().encode()), ("hex", data.hex().upper().encode()))
    for before in range(3):
        for form, encode in (("base64", b64encode), ("base64 for URLs", urlsafe_b64encode)):
            yield form, encode(bytes(before) + data)[(before * 8 + 5) // 6 : (before + len(data)) * 8 // 6]


def _unpacked(data: bytes) -> Iterator[bytes]:
    view = memoryview(data)
    for begin, decompressor in _STREAMS.items():
        for match in re.finditer(begin, data, re.DOTALL):
            try:
                yield decompressor().decompress(view[match.start() :], _MOST_UNPACKED)
            except (zlib.error, OSError, lzma.LZMAError):
                continue
