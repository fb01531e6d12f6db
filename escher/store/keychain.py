"""The keychain of the operating system, and no other: the allowed backends are named here and made directly.

`keyring` picks whatever backend is installed or configured, plaintext files among them, so its choice is never asked
for.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from escher.errors import KeyUnavailable

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

SERVICE = "escher"
# The name of each, its module and its class.
_ALLOWED = {
    "darwin": (("macOS", "keyring.backends.macOS", "Keyring"),),
    "win32": (("Windows", "keyring.backends.Windows", "WinVaultKeyring"),),
}
_ALLOWED_ELSEWHERE = (
    ("SecretService", "escher.store.secret_service", "Keyring"),
    ("kwallet", "keyring.backends.kwallet", "DBusKeyring"),
)
_QUIET = {"SecretService": "QuietKeyring"}
_D_BUS_ERRORS = (
    ("secretstorage.exceptions", "SecretStorageException"),
    ("jeepney.wrappers", "DBusErrorResponse"),
    ("dbus.exceptions", "DBusException"),
)


class Keychain:
    """Entries of the service `escher`. Every method raises KeyUnavailable while the keychain is locked, gone or hangs.

    `backend` says which keychain this is: `SecretService`, `kwallet`, `macOS` or `Windows`.
    """

    def __init__(self, backend: KeyringBackend, name: str) -> None:
        self._backend = backend
        self.backend = name

    def read(self, name: str) -> str | None:
        """The text kept under a name, or None."""
        with _typed_failures():
            return self._backend.get_password(SERVICE, name)

    def write(self, name: str, text: str) -> None:
        """Keep a text under a name, in place of an older one."""
        with _typed_failures():
            self._backend.set_password(SERVICE, name, text)

    def remove(self, name: str) -> None:
        """Forget what is kept under a name, if anything is."""
        with _typed_failures():
            if self._backend.get_password(SERVICE, name) is not None:
                self._backend.delete_password(SERVICE, name)


def master_entry(store_id: bytes) -> str:
    """The name under which the master key of a store is kept."""
    return f"master-key {store_id.hex()}"


def pending_entry(store_id: bytes) -> str:
    """The name under which the next master key of a store is kept while it is being replaced."""
    return f"next-master-key {store_id.hex()}"


def anchor_entry(store_id: bytes) -> str:
    """The name under which the anchor of a store is kept."""
    return f"anchor {store_id.hex()}"


# All that the keychain may hold of a store.
ENTRIES = (master_entry, pending_entry, anchor_entry)


def open_keychain(*, quiet: bool = False) -> Keychain:
    """The first allowed keychain that works here. Raises KeyUnavailable when there is none.

    A `quiet` one asks nobody to unlock it where that can be helped: no dialogue comes up, a locked one is unavailable.
    """
    for name, module, kind in _ALLOWED.get(sys.platform, _ALLOWED_ELSEWHERE):
        chosen = _QUIET.get(name, kind) if quiet else kind
        backend: type[KeyringBackend] = getattr(importlib.import_module(module), chosen)
        if backend.viable:
            return Keychain(backend(), name)
    raise KeyUnavailable(
        "there is no keychain here (Secret Service, KWallet, macOS or Windows).",
        hint="Start one and try again.",
    )


@contextmanager
def _typed_failures() -> Generator[None]:
    try:
        yield
    except _failures() as cause:
        raise KeyUnavailable(
            f"the keychain of this system does not answer: {str(cause) or type(cause).__name__}.",
            hint="Unlock the keychain (log in to the desktop, or start its daemon) and try again.",
        ) from cause


def _failures() -> tuple[type[Exception], ...]:
    """What the allowed backends raise: keyring's errors, and those of the D-Bus libraries that they loaded."""
    from keyring.errors import KeyringError

    loaded = [getattr(sys.modules[module], name) for module, name in _D_BUS_ERRORS if module in sys.modules]
    return (KeyringError, OSError, *loaded)
