"""One index, wherever it can live: on the server, in memory files, in the heap. It moves by itself when it must."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, TypeVar

from escher.contract.ports import Hit, IndexKind, Point, VectorIndex
from escher.errors import IndexLost
from escher.vectors.index import open_in_heap, open_index

if TYPE_CHECKING:
    from escher.vectors.remote import Server

_SPARE_POINTS = 10_000
T = TypeVar("T")


class MovingIndex:
    """A `VectorIndex` that is built anew in the next place when its own is lost. Not for threads.

    `everything` gives the keys of all points there should be, `point` the point of a key; `lost` tells why it last moved.
    """

    def __init__(
        self, name: str, dimension: int, everything: Callable[[], Sequence[str]], point: Callable[[str], Point],
        server: Server | None = None,
    ) -> None:  # fmt: skip
        self._name, self._dimension, self._server = name, dimension, server
        self._everything, self._point = everything, point
        self._index: VectorIndex | None = None
        self.lost = ""

    @property
    def kind(self) -> IndexKind | None:
        """Where it lives, or None before it is opened."""
        return self._index.kind if self._index is not None else None

    def open(self, ready: VectorIndex | None = None) -> None:
        """Take over an index that is filled already, or fill one in the best place. Raises IndexLost when none takes it."""
        self._index = ready if ready is not None else self._filled(after=None)

    def change(self, gone: Sequence[str], changed: Sequence[str]) -> None:
        """Take points out, and put these as they are now."""

        def apply(index: VectorIndex) -> None:
            index.delete(gone)
            index.upsert(map(self._point, changed))

        if gone or changed:
            self._with(apply)

    def search(self, vector: bytes | None, words: str, filters: Mapping[str, Sequence[str]], limit: int) -> list[Hit]:
        """As `VectorIndex` promises."""
        return self._with(lambda index: index.search(vector, words, filters, limit))

    def facets(self, field: str, filters: Mapping[str, Sequence[str]]) -> dict[str, int]:
        """As `VectorIndex` promises."""
        return self._with(lambda index: index.facets(field, filters))

    def current(self) -> VectorIndex | None:
        """The index itself, where it lives now."""
        return self._index

    def close(self) -> None:
        """Give memory and files back."""
        if self._index is not None:
            self._index.close()
        self._index = None

    def _with(self, use: Callable[[VectorIndex], T]) -> T:
        """Use the index, in its next place if it lost its own."""
        assert self._index is not None
        try:
            return use(self._index)
        except IndexLost as lost:
            self.lost, kind = lost.message, self._index.kind
            self.close()
            self._index = self._filled(after=kind)
            return use(self._index)

    def _filled(self, after: IndexKind | None) -> VectorIndex:
        failure = IndexLost("there is no place for the search index.")
        for place in self._places(after):
            index = None
            try:
                index = place()
                index.fill(map(self._point, self._everything()))
            except IndexLost as lost:
                failure, self.lost = lost, lost.message
                if index is not None:
                    index.close()
            else:
                return index
        raise failure

    def _places(self, after: IndexKind | None) -> Iterator[Callable[[], VectorIndex]]:
        """The places that come after the one that was lost, the best first."""
        name, dimension, server = self._name, self._dimension, self._server
        if server is not None and after is None:
            yield lambda: open_index(name, dimension, server=server)
        if after != "edge":
            yield lambda: open_index(name, dimension, expected_points=expected(len(self._everything())))
        yield lambda: open_in_heap(dimension)


def expected(points: int) -> int:
    """For how many points there should be room when there are so many now."""
    return 2 * points + _SPARE_POINTS
