"""Everything of one collection in memory, decoded, following the store: read once, then only what changed."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import Generic, TypeVar

from escher.store.collections import CollectionName
from escher.store.records import Record
from escher.store.vault import Feed, Store

T = TypeVar("T")


class Mirror(Generic[T]):
    """Values by natural key. What `current` returns never changes; after a commit it returns another mapping."""

    def __init__(self, store: Store, collection: CollectionName, decode: Callable[[Record], T]) -> None:
        self._store, self._decode = store, decode
        self._collection: CollectionName = collection
        self._lock = threading.Lock()
        self._sequence = 0
        self._values: dict[str, T] = {}
        self._current: Mapping[str, T] = MappingProxyType(self._values)

    def current(self) -> Mapping[str, T]:
        """All values as of the last commit; microseconds when nothing was committed since. Raises StoreTampered."""
        with self._lock:
            if self._store.sequence != self._sequence:
                with _collector_paused():
                    self._follow()
            return self._current

    def _follow(self) -> None:
        feed = self._store.follow(self._collection, self._sequence)
        values = self._applied(self._values, feed)
        # Deletions were forgotten before this mirror came to read them.
        if len(values) != feed.count:
            feed = self._store.follow(self._collection, 0)
            values = self._applied({}, feed)
        if values is not self._values:
            self._values, self._current = values, MappingProxyType(values)
        self._sequence = feed.sequence

    def _applied(self, values: dict[str, T], feed: Feed) -> dict[str, T]:
        """The values after these changes: the same object when there are none, a copy otherwise."""
        changed = values
        for change in feed.changes:
            changed = values.copy() if changed is values else changed
            if change.record is None:
                changed.pop(change.key, None)
            else:
                changed[change.key] = self._decode(change.record)
        return changed


@contextmanager
def _collector_paused() -> Generator[None]:
    """Many new objects without a cycle: the collector would walk them again and again (measured: a third of the time)."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
