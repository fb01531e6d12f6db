"""Both indexes, for tests that must hold for either."""

from collections.abc import Callable, Iterator

import pytest

from escher.contract.ports import VectorIndex
from escher.vectors.edge import EdgeIndex
from escher.vectors.memory import MemoryIndex
from escher.vectors.private_folder import memory_root


def _edge() -> VectorIndex:
    root = memory_root(64 * 1024 * 1024)
    if root is None:
        pytest.skip("no memory file system with 64 MB of room")
    return EdgeIndex(root, "test", 384)


FACTORIES: dict[str, Callable[[], VectorIndex]] = {"edge": _edge, "memory": lambda: MemoryIndex(384)}


@pytest.fixture(params=FACTORIES)
def index(request: pytest.FixtureRequest) -> Iterator[VectorIndex]:
    opened = FACTORIES[request.param]()
    yield opened
    opened.close()


@pytest.fixture
def both() -> Iterator[tuple[VectorIndex, VectorIndex]]:
    pair = FACTORIES["edge"](), FACTORIES["memory"]()
    yield pair
    for opened in pair:
        opened.close()
