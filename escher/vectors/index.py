"""Chooses where the index lives: on the user's own server, in Qdrant's engine, or in this process's heap."""

from __future__ import annotations

from typing import TYPE_CHECKING

from escher.contract.ports import VectorIndex
from escher.vectors.private_folder import memory_root

if TYPE_CHECKING:
    from escher.vectors.remote import Server

_EXPECTED_POINTS = 20_000


def open_index(
    name: str, dimension: int, *, expected_points: int = _EXPECTED_POINTS, server: Server | None = None
) -> VectorIndex:
    """An index for `expected_points` vectors of `dimension` numbers: a new one, or the one on the server.

    Locally nothing of it is ever on a disk. Raises IndexLost when there is a server and it does not answer.
    """
    if server is not None:
        from escher.vectors.remote import RemoteIndex

        return RemoteIndex(server, name, dimension)
    from escher.vectors import edge

    root = memory_root(room_for(expected_points))
    return open_in_heap(dimension) if root is None else edge.EdgeIndex(root, name, dimension)


def open_in_heap(dimension: int) -> VectorIndex:
    """A new index for which there need be no memory file system."""
    from escher.vectors.memory import MemoryIndex

    return MemoryIndex(dimension)


def room_for(points: int) -> int:
    """The free bytes that a memory file system must have for an index of so many points."""
    from escher.vectors import edge

    return edge.ROOM_FOR_EMPTY * 2 + edge.BYTES_PER_POINT * points
