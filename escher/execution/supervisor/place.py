"""Where the supervisor of a home is: its lock says whether it lives, a note where its socket is, a folder holds journals.

The socket is in a folder of mode 0700 of its own, below the runtime folder where there is one: the path of a Unix socket
has at most 108 bytes, and a home may be deep.
"""

from __future__ import annotations

import fcntl
import os
import stat
import tempfile
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from escher.contract.wire import digest
from escher.settings import Settings

_LONGEST = 60
_REACHING = ("AWS_", "AZURE_", "GOOGLE_", "CLOUDSDK_", "ESCHER_")
_ALSO = frozenset({"HOME", "PATH", "HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY", "https_proxy", "http_proxy", "no_proxy"})
# The home is the same for all who ask, and how each of them comes by the store's key is its own affair.
_NOT_HERE = frozenset({"ESCHER_HOME", "ESCHER_MASTER_KEY", "ESCHER_KEY_FILE", "ESCHER_PASSPHRASE_FILE"})


@dataclass(frozen=True, slots=True)
class Place:
    """The files by which a home's supervisor is found, in the home's folder of data."""

    data: Path

    @classmethod
    def of(cls, settings: Settings) -> Place:
        """The place of this home's supervisor."""
        return cls(settings.store_path.parent)

    @property
    def journals(self) -> Path:
        """The folder of the runs' journals."""
        return self.data / "runs"

    @property
    def socket(self) -> Path | None:
        """Where the supervisor said that it listens, or None; it may have ended since."""
        try:
            return Path(self._note.read_text("utf-8"))
        except (OSError, ValueError):
            return None

    def announce(self, socket: Path) -> None:
        """Write down where the supervisor listens, whole or not at all."""
        draft = self._note.with_name(f".{self._note.name}.{os.getpid()}")
        with os.fdopen(os.open(draft, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w", encoding="utf-8") as file:
            file.write(str(socket))
        draft.replace(self._note)

    @contextmanager
    def owned(self) -> Generator[bool]:
        """The right to own this home's runs while the block lasts, or False: another process has it."""
        descriptor = os.open(self._lock, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        try:
            yield _lock(descriptor, fcntl.LOCK_EX)
        finally:
            os.close(descriptor)

    @property
    def is_owned(self) -> bool:
        """Whether a supervisor lives."""
        try:
            descriptor = os.open(self._lock, os.O_RDWR | os.O_CLOEXEC)
        except FileNotFoundError:
            return False
        try:
            return not _lock(descriptor, fcntl.LOCK_SH)
        finally:
            os.close(descriptor)

    @property
    def _lock(self) -> Path:
        return self.data / "supervisor.lock"

    @property
    def _note(self) -> Path:
        return self.data / "supervisor.socket"


def private_folder() -> Path:
    """A new folder of mode 0700 with a short path, for the socket of this process."""
    runtime = Path(os.environ.get("XDG_RUNTIME_DIR") or "/nowhere")
    roots = [root for root in (runtime, Path(tempfile.gettempdir())) if len(str(root)) <= _LONGEST]
    usable = [root for root in roots if root != runtime or _is_private(root)]
    return Path(tempfile.mkdtemp(prefix="escher-runs-", dir=usable[0] if usable else "/tmp"))  # noqa: S108 made with 0700


def surroundings(environment: Mapping[str, str]) -> str:
    """A digest of the variables that say how clouds are reached and how runs go: who has others needs another supervisor."""
    reaching = {name: value for name, value in environment.items() if name.startswith(_REACHING) or name in _ALSO}
    return digest({name: value for name, value in reaching.items() if name not in _NOT_HERE})


def _is_private(folder: Path) -> bool:
    try:
        found = folder.stat()
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid() and os.access(folder, os.W_OK)


def _lock(descriptor: int, how: int) -> bool:
    try:
        fcntl.flock(descriptor, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
