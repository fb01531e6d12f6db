"""Chooses the index: Qdrant's engine where memory can hold its files, else `qdrant-client` in the heap."""

from __future__ import annotations

from escher.contract.ports import VectorIndex
from escher.vectors.private_folder import memory_root

_EXPECTED_POINTS = 20_000


def open_index(name: str, dimension: int, *, expected_points: int = _EXPECTED_POINTS) -> VectorIndex:
    """A new, empty index for `expected_points` vectors of `dimension` numbers. Nothing of it is ever on a disk."""
    from escher.vectors import edge

    root = memory_root(edge.ROOM_FOR_EMPTY * 2 + edge.BYTES_PER_POINT * expected_points)
    if root is not None:
        return edge.EdgeIndex(root, name, dimension)
    from escher.vectors.memory import MemoryIndex

    return MemoryIndex(dimension)
