"""What the object stores of the three clouds have in common: checksums, private files, and errors that say what to do."""

from __future__ import annotations

import os
from collections.abc import Generator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from escher.errors import BackupError, BackupTargetUnavailable, MissingDependency

# The name of an object's metadata that holds the SHA-256 of its bytes.
CHECKSUM = "sha256"
TRIES = 5
_BUSY = frozenset({408, 425, 429})


def checksum_of(path: Path) -> str:
    """The SHA-256 of a file. Raises BackupError."""
    hashed = sha256()
    with opened(path) as file:
        while block := file.read(1 << 20):
            hashed.update(block)
    return hashed.hexdigest()


@contextmanager
def opened(path: Path) -> Generator[BinaryIO]:
    """A file to send. Raises BackupError."""
    try:
        with path.open("rb") as file:
            yield file
    except OSError as cause:
        raise _local(path, cause) from cause


@contextmanager
def new_file(path: Path) -> Generator[BinaryIO]:
    """A new file of mode 0600 to receive into; gone when the block raises. Raises BackupError."""
    try:
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            try:
                yield file
            except BaseException:
                path.unlink(missing_ok=True)
                raise
    except OSError as cause:
        raise _local(path, cause) from cause


def must_be_whole(url: str, source: Path, checksum: str, there: tuple[int, str]) -> None:
    """Compare what was sent with what is there: size and checksum. Raises BackupTargetUnavailable."""
    if there != (source.stat().st_size, checksum):
        raise BackupTargetUnavailable(f"{url} did not keep {source.name} as it was sent.", hint="Send it again.")


def failure(url: str, status: int | None, cause: BaseException, login: str) -> BackupError:
    """The error for an answer with an HTTP status, or for none at all. `login` is how to get the right to be there."""
    said = f"{type(cause).__name__}: {str(cause).splitlines()[0] if str(cause) else 'no reason given'}"
    if status in (401, 403):
        return BackupError(f"{url} refuses this: {said}.", hint=login)
    if status == 404:
        return BackupError(f"{url} has no such bucket, container or object: {said}.", hint="Correct backup_target.")
    if status is not None and 400 <= status < 500 and status not in _BUSY:
        return BackupError(f"{url} does not take this: {said}.", hint="Correct backup_target.")
    return BackupTargetUnavailable(f"{url} did not answer as it should: {said}.", hint="Try again later.")


def not_logged_in(url: str, cause: BaseException, login: str) -> BackupError:
    """The error for credentials that are missing or no longer good."""
    return BackupError(f"there are no credentials for {url}: {cause}.".replace("..", "."), hint=login)


def missing(url: str, extra: str, cause: ImportError) -> MissingDependency:
    """The error for an SDK that is not installed."""
    return MissingDependency(f"{url} needs the package {cause.name}.", hint=f"pip install 'escher[{extra}]'")


def _local(path: Path, cause: OSError) -> BackupError:
    return BackupError(f"cannot read or write {path}: {cause.strerror}.", hint="Check the disk and who owns the file.")
