"""The index's encrypted image beside the store, and what has changed in the store since it was made."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

from escher.contract.ports import Embedder, VectorIndex
from escher.errors import StoreError
from escher.store.collections import CollectionName
from escher.store.vault import Store
from escher.vectors.edge import EdgeIndex
from escher.vectors.image import ImageUnusable, read_image, write_image
from escher.vectors.index import room_for
from escher.vectors.private_folder import memory_root

# Below, building anew is as fast as opening an image.
WORTH_KEEPING = 2_000
_ENGINE = "qdrant-edge-py"
_SETTINGS = 1  # to be counted up whenever what a point holds, or how the engine is set up, changes


class KeptImage:
    """`data/index/<collection>.image`: made by any process with this store, of use to any."""

    def __init__(self, store: Store, collection: CollectionName) -> None:
        self._store = store
        self._collection: CollectionName = collection
        self.path = store.path.parent / "index" / f"{collection}.image"
        self._secret = store.derive(f"index image of {collection}")

    def sequence(self) -> int:
        """The number of the last commit: an image of what is read after this call holds at least as much."""
        return self._store.sequence

    def load(self, name: str, embedder: Embedder, points: int) -> tuple[EdgeIndex, set[str]]:
        """The index out of the image, and the keys that it may hold otherwise than the store. Raises ImageUnusable.

        Keys whose deletion the store has forgotten are not among them; then the index has too many points.
        """
        if not self.path.exists():
            raise ImageUnusable("there is no image.")
        root = memory_root(room_for(points))
        if root is None:
            raise ImageUnusable("there is no room for the image in memory.")
        since = 0

        def unpack(folder: Path) -> None:
            nonlocal since
            since = int(read_image(self.path, self._secret, self._header(embedder), folder)["sequence"])

        index = EdgeIndex.load(root, name, unpack)
        feed = self._store.follow(self._collection, since)
        if not 0 < since <= feed.sequence:
            index.close()
            raise ImageUnusable("the image is newer than the store.")
        return index, {change.key for change in feed.changes}

    def save(self, index: VectorIndex | None, embedder: Embedder, sequence: int, go_on: Callable[[], bool]) -> bool:
        """Write the image of an index that holds the store as of this commit; False when it is not worth one.

        Raises StoreError when it could not be written, Abandoned when `go_on` said no. A store that is gone gets none.
        """
        if not isinstance(index, EdgeIndex) or index.count() < WORTH_KEEPING:
            return False
        header = self._header(embedder) | {"sequence": sequence}
        index.pack(lambda folder: write_image(self.path, self._secret, header, folder, go_on))
        return True

    def _header(self, embedder: Embedder) -> dict[str, str | int]:
        try:
            file = self._store.path.stat().st_ino
        except OSError as cause:
            raise StoreError("there is no store for the image.", hint="It is built from the store.") from cause
        return {
            "store": self._store.store_id,
            # A restored store is another file with another past, though it counts its commits from the same number.
            "file": file,
            "collection": self._collection,
            "embedder": embedder.name,
            "dimension": embedder.dimension,
            "engine": version(_ENGINE),
            "settings": _SETTINGS,
        }


def forget_images(store_path: Path) -> None:
    """Remove all images beside a store: after a restore, when what was committed is no longer what they hold."""
    shutil.rmtree(store_path.parent / "index", ignore_errors=True)
