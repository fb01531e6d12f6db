"""The Secret Service with a time limit: a daemon that hangs is an error after seconds, and a person has time to answer.

`keyring` and `secretstorage` wait for ever, so the limits are put on the D-Bus connection that they use.
"""

from __future__ import annotations

from collections import deque
from typing import Any

import secretstorage
from jeepney import Message
from jeepney.io.blocking import DBusConnection
from keyring.backends import SecretService
from keyring.errors import InitError, KeyringLocked

CALL_SECONDS = 5.0
PROMPT_SECONDS = 120.0


class Keyring(SecretService.Keyring):
    """keyring's own backend, except that it waits no longer than the limits."""

    may_ask = True

    def get_preferred_collection(self) -> Any:
        """The default collection, unlocked, on a connection of its own. Raises TimeoutError when the daemon hangs."""
        bus = _bounded(secretstorage.dbus_init())
        try:
            collection = self._collection(bus)
            if collection.is_locked():
                self._unlock(collection)
        except BaseException:
            bus.close()
            raise
        return collection

    def _collection(self, bus: DBusConnection) -> secretstorage.Collection:
        try:
            if self.may_ask:
                return secretstorage.get_default_collection(bus)
            return secretstorage.get_collection_by_alias(bus, "default")
        except secretstorage.SecretStorageException as cause:
            raise InitError(f"there is no collection to keep a key in ({cause})") from cause

    def _unlock(self, collection: secretstorage.Collection) -> None:
        if self.may_ask:
            collection.unlock()
        if collection.is_locked():
            raise KeyringLocked("it is locked")


class QuietKeyring(Keyring):
    """The same, and nobody is asked to unlock it: a locked one is KeyringLocked."""

    may_ask = False


def _bounded(bus: DBusConnection) -> DBusConnection:
    """Give a connection's calls and prompts a time limit, where the caller sets none."""
    call, wait = bus.send_and_get_reply, bus.recv_until_filtered

    def bounded_call(message: Message, *, timeout: float | None = None) -> Message:
        return call(message, timeout=timeout or CALL_SECONDS)

    def bounded_wait(queue: deque[Message], *, timeout: float | None = None) -> Message:
        return wait(queue, timeout=timeout or PROMPT_SECONDS)

    bus.send_and_get_reply, bus.recv_until_filtered = bounded_call, bounded_wait
    return bus
