"""Which bytes of a SQLite file are in use: the file's header, its b-tree pages and overflow chains, and the log.

Free pages and the gaps inside pages are not: nothing is ever read from them. Written against the file format's own
description, so that a test can flip a bit and know that it mattered.
"""

from __future__ import annotations

import sqlite3
import struct
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Kind = Literal["file header", "schema", "page header", "pointers", "table", "interior", "index", "overflow", "log"]
_INTERIOR_INDEX, _INTERIOR_TABLE, _LEAF_INDEX, _LEAF_TABLE = 2, 5, 10, 13
# Of the header of the file: not its counters of changes and free pages, nor which program wrote it last.
_HEADER = ((0, 24), (28, 32), (44, 92))
_WAL_HEADER, _FRAME_HEADER = 32, 24


@dataclass(frozen=True, slots=True)
class Span:
    """Bytes `start` to `stop` of the file, which are in use as a `kind` of the b-tree `tree`."""

    kind: Kind
    tree: str
    start: int
    stop: int


def live_spans(path: Path) -> list[Span]:
    """Every byte that is in use in a file without a log, once."""
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT name, rootpage FROM sqlite_master WHERE rootpage > 0").fetchall()
    pages = _Pages(path.read_bytes())
    spans = [Span("file header", "", start, stop) for start, stop in _HEADER]
    for name, root in (("schema", 1), *rows):
        spans.extend(pages.tree(name, root))
    return spans


def log_spans(log: bytes) -> list[Span]:
    """The log's header and the header and page of each of its frames."""
    size = struct.unpack_from(">I", log, 8)[0]
    frames = range(_WAL_HEADER, len(log) - size - _FRAME_HEADER + 1, size + _FRAME_HEADER)
    return [Span("log", "", 0, _WAL_HEADER), *(Span("log", "", at, at + _FRAME_HEADER + size) for at in frames)]


class _Pages:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self._size = struct.unpack_from(">H", data, 16)[0]
        self._usable = self._size - data[20]

    def tree(self, name: str, page: int) -> Iterator[Span]:
        base = (page - 1) * self._size
        at = base + (100 if page == 1 else 0)
        type_, _, cells = struct.unpack_from(">BHH", self._data, at)
        interior = type_ in (_INTERIOR_INDEX, _INTERIOR_TABLE)
        pointers = at + (12 if interior else 8)
        yield Span("page header", name, at, pointers)
        yield Span("pointers", name, pointers, pointers + 2 * cells)
        for offset in struct.unpack_from(f">{cells}H", self._data, pointers):
            yield from self._cell(name, type_, base + offset)
        if interior:
            children = [struct.unpack_from(">I", self._data, at + 8)[0]]
            children += [
                struct.unpack_from(">I", self._data, base + offset)[0]
                for offset in struct.unpack_from(f">{cells}H", self._data, pointers)
            ]
            for child in children:
                yield from self.tree(name, child)

    def _cell(self, name: str, type_: int, start: int) -> Iterator[Span]:
        at = start + (4 if type_ in (_INTERIOR_INDEX, _INTERIOR_TABLE) else 0)
        if type_ == _INTERIOR_TABLE:
            yield Span("interior", name, start, self._varint(at)[1])
            return
        payload, at = self._varint(at)
        if type_ == _LEAF_TABLE:
            at = self._varint(at)[1]
        local = self._local(payload, leaf_table=type_ == _LEAF_TABLE)
        spills = local < payload
        kind: Kind = "schema" if name == "schema" else "table" if type_ == _LEAF_TABLE else "index"
        yield Span(kind, name, start, at + local + (4 if spills else 0))
        if spills:
            yield from self._chain(name, struct.unpack_from(">I", self._data, at + local)[0], payload - local)

    def _chain(self, name: str, page: int, left: int) -> Iterator[Span]:
        while left > 0:
            base, here = (page - 1) * self._size, min(left, self._usable - 4)
            yield Span("overflow", name, base, base + 4 + here)
            page, left = struct.unpack_from(">I", self._data, base)[0], left - here

    def _local(self, payload: int, *, leaf_table: bool) -> int:
        usable = self._usable
        most = usable - 35 if leaf_table else (usable - 12) * 64 // 255 - 23
        least = (usable - 12) * 32 // 255 - 23
        if payload <= most:
            return payload
        kept = least + (payload - least) % (usable - 4)
        return kept if kept <= most else least

    def _varint(self, at: int) -> tuple[int, int]:
        value = 0
        for place in range(8):
            byte = self._data[at + place]
            value = value << 7 | byte & 0x7F
            if byte < 0x80:
                return value, at + place + 1
        return value << 8 | self._data[at + 8], at + 9
