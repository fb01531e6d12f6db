"""Everything of one collection in memory, decoded, following the store: read once, then only what changed."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import Generic, TypeVar

from escher.store.collections import CollectionName
from escher.store.records import Feed, Record
from escher.store.vault import Store

T = TypeVar("T")


class Mirror(Generic[T]):
    """Values by natural key. What `current` returns never changes; after a commit it returns another mapping.

    `group` names the group that a value is in, for who asks for `members`.
    """

    def __init__(
        self,
        store: Store,
        collection: CollectionName,
        decode: Callable[[Record], T],
        group: Callable[[T], str] = lambda value: "",
    ) -> None:
        self._store, self._decode, self._group = store, decode, group
        self._collection: CollectionName = collection
        self._lock = threading.Lock()
        self._sequence = 0
        self._values: dict[str, T] = {}
        self._current: Mapping[str, T] = MappingProxyType(self._values)
        self._groups: dict[str, set[str]] | None = None

    def current(self) -> Mapping[str, T]:
        """All values as of the last commit; microseconds when nothing was committed since. Raises StoreTampered."""
        with self._lock:
            self._in_step()
            return self._current

    def members(self, *groups: str) -> dict[str, T]:
        """The values in these groups as of the last commit. The first call walks all values, later ones what changed."""
        with self._lock:
            self._in_step()
            if self._groups is None:
                self._groups = {}
                for key, value in self._values.items():
                    self._groups.setdefault(self._group(value), set()).add(key)
            return {key: self._values[key] for group in groups for key in self._groups.get(group, ())}

    def _in_step(self) -> None:
        if self._store.sequence != self._sequence:
            with _collector_paused():
                self._follow()

    def _follow(self) -> None:
        feed = self._store.follow(self._collection, self._sequence)
        values = self._applied(self._values, feed)
        # Deletions were forgotten before this mirror came to read them.
        if len(values) != feed.count:
            self._groups = None
            feed = self._store.follow(self._collection, 0)
            values = self._applied({}, feed)
        if values is not self._values:
            self._values, self._current = values, MappingProxyType(values)
        self._sequence = feed.sequence

    def _applied(self, values: dict[str, T], feed: Feed) -> dict[str, T]:
        """The values after these changes: the same object when there are none, a copy otherwise."""
        changed = values
        keys: list[str] = []
        for change in feed.changes:
            changed = values.copy() if changed is values else changed
            keys.append(change.key)
            if change.record is None:
                changed.pop(change.key, None)
            else:
                changed[change.key] = self._decode(change.record)
        if self._groups is not None:
            self._regroup(self._groups, keys, values, changed)
        return changed

    def _regroup(self, groups: dict[str, set[str]], keys: list[str], old: dict[str, T], new: dict[str, T]) -> None:
        for key in keys:
            if key in old:
                groups[self._group(old[key])].discard(key)
            if key in new:
                groups.setdefault(self._group(new[key]), set()).add(key)


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
