"""The three indexes, for tests that must hold for each."""

from collections.abc import Callable, Iterator
from itertools import count

import pytest

from escher.contract.ports import VectorIndex
from escher.vectors.edge import EdgeIndex
from escher.vectors.memory import MemoryIndex
from escher.vectors.private_folder import memory_root
from escher.vectors.remote import RemoteIndex, Server
from tests.fixtures.qdrant_server import QdrantServer, qdrant_server

KINDS = ("edge", "memory", "remote")
SECRET = b"a secret of thirty-two bytes ..."
_names = count()


@pytest.fixture(scope="session")
def served() -> Iterator[QdrantServer]:
    with qdrant_server() as server:
        yield server


@pytest.fixture(scope="session")
def opened(served: QdrantServer) -> Callable[[str], VectorIndex]:
    """`opened(kind)`: a new, empty index of one kind."""

    def open_one(kind: str) -> VectorIndex:
        if kind == "memory":
            return MemoryIndex(384)
        if kind == "remote":
            return RemoteIndex(Server(served.url, "", SECRET), f"test {next(_names)}", 384)
        root = memory_root(64 * 1024 * 1024)
        if root is None:
            pytest.skip("no memory file system with 64 MB of room")
        return EdgeIndex(root, "test", 384)

    return open_one


@pytest.fixture(params=KINDS)
def index(request: pytest.FixtureRequest, opened: Callable[[str], VectorIndex]) -> Iterator[VectorIndex]:
    one = opened(request.param)
    yield one
    one.close()
