"""Has another process put another store, or another master key, in the place of what is open here?

A restore and a new master key do that. Who notices opens the store anew; nothing is lost, as it is all in the file.
"""

from __future__ import annotations

from contextlib import closing

from escher.errors import StoreError, StoreReplaced
from escher.store.database import connect, translated
from escher.store.identity import identity_of
from escher.store.vault import Store


class Outdated:
    """Compares an open store with its file; costs microseconds while nobody writes."""

    def __init__(self, store: Store) -> None:
        self._store, self._sequence, self._check = store, -1, self._check_of(store)

    def __bool__(self) -> bool:
        try:
            sequence = self._store.sequence
            if sequence == self._sequence:
                return False
            self._sequence = sequence
            return self._check_of(self._store) != self._check
        except StoreReplaced:
            return True
        except StoreError:
            return False  # damaged, or gone: what was called says it

    @staticmethod
    def _check_of(store: Store) -> bytes:
        with translated(store.path), closing(connect(store.path)) as connection:
            return identity_of(connection).check
