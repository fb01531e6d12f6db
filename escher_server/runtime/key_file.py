"""The file of the API keys under the server's home: `keys.json`, mode 0600 in a folder of mode 0700.

Who changes it holds a lock and puts a whole new file in the old one's place; a running server sees the change within a
second and never half of one.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import stat
import tempfile
import time
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from pydantic import ValidationError

from escher.contract.wire import Wire
from escher.errors import ConfigurationError, InvalidInput, NotFound
from escher_server.runtime.caller import NOBODY, Caller, Right
from escher_server.runtime.keys import ACTIVE_KEYS, KeyRecord, Keyring, new_key
from escher_server.runtime.request_log import log_failure

_LOOK_AGAIN_S = 1.0


class _Document(Wire):
    """What `keys.json` holds."""

    format: int = 1
    keys: tuple[KeyRecord, ...] = ()


class KeyFile:
    """Creates, lists and revokes keys. Raises ConfigurationError for a file that is damaged or that others may write."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._path = home / "keys.json"

    def records(self) -> tuple[KeyRecord, ...]:
        """Every key there is or was, oldest first."""
        if not self._path.exists():
            return ()
        if stat.S_IMODE(self._path.stat().st_mode) & 0o022:
            raise ConfigurationError(f"others may write to {self._path}.", hint="Set its mode to 0600.")
        try:
            return _Document.model_validate_json(self._path.read_bytes()).keys
        except (OSError, ValidationError) as cause:
            raise ConfigurationError(f"{self._path} is damaged.", hint="Put back a copy of it.") from cause

    def create(self, tenant: str, scopes: Sequence[Right]) -> tuple[str, KeyRecord]:
        """A new key, which is told here and never again, and its record.

        Raises InvalidInput for a tenant's name that cannot be, and when two keys with these scopes are active.
        """
        with self._changing() as records:
            if len(_alike(records, tenant, scopes)) >= ACTIVE_KEYS:
                raise InvalidInput(
                    f"{tenant} has {ACTIVE_KEYS} active keys with these scopes already.",
                    hint="Revoke one, or: escher server keys rotate",
                )
            return self._added(records, tenant, scopes)

    def rotate(self, tenant: str, scopes: Sequence[Right]) -> tuple[str, KeyRecord]:
        """A new key beside the active one; where there are two, the older is revoked. Raises NotFound without any."""
        with self._changing() as records:
            alike = _alike(records, tenant, scopes)
            if not alike:
                raise NotFound(f"{tenant} has no active key with these scopes.", hint="See: escher server keys list")
            for oldest in alike[: 1 - ACTIVE_KEYS]:
                records[records.index(oldest)] = oldest.model_copy(update={"revoked_at": _now()})
            return self._added(records, tenant, scopes)

    def revoke(self, key_id: str) -> KeyRecord:
        """Take a key out of use, for good; a running server knows within a second. Raises NotFound."""
        with self._changing() as records:
            for place, record in enumerate(records):
                if record.key_id == key_id:
                    records[place] = record.model_copy(update={"revoked_at": record.revoked_at or _now()})
                    return records[place]
        raise NotFound(f"there is no key {key_id!r}.", hint="See: escher server keys list")

    def mark(self) -> tuple[int, int]:
        """Another value whenever the file has changed."""
        try:
            status = self._path.stat()
        except FileNotFoundError:
            return 0, 0
        return status.st_ino, status.st_mtime_ns

    def _added(self, records: list[KeyRecord], tenant: str, scopes: Sequence[Right]) -> tuple[str, KeyRecord]:
        opaque = next((record.opaque for record in records if record.tenant == tenant), secrets.token_hex(6))
        try:
            key, record = new_key(tenant, opaque, scopes, _now())
        except ValidationError as cause:
            raise InvalidInput(
                "a tenant's name is 1 to 64 lower-case letters, digits and hyphens.", hint="For example: --tenant acme"
            ) from cause
        records.append(record)
        return key, record

    @contextmanager
    def _changing(self) -> Generator[list[KeyRecord]]:
        """The records, to be changed in place; written when all went well. Only one process does so at a time."""
        self._home.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = os.open(self._home / "keys.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            records = list(self.records())
            yield records
            self._write(records)
        finally:
            os.close(lock)

    def _write(self, records: Iterable[KeyRecord]) -> None:
        handle, name = tempfile.mkstemp(dir=self._home, prefix=".keys-")  # mode 0600
        try:
            with os.fdopen(handle, "w") as file:
                file.write(_Document(keys=tuple(records)).model_dump_json(indent=2) + "\n")
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(self._path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise


class AcceptedKeys:
    """The keys of a running server: those of the file, as it is now, and those of its environment.

    Where no key was ever made, none is asked for; once there is one, a server never goes back to asking for none.
    """

    def __init__(
        self, file: KeyFile | None, chosen: tuple[KeyRecord, ...], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._file, self._chosen, self._clock = file, chosen, clock
        self._mark, self._looked_at = (0, 0), clock()
        self._asked_for = bool(chosen)
        self._ring = Keyring(chosen=chosen)
        self._read()

    @property
    def asked_for(self) -> bool:
        """Whether a key is asked for."""
        return self._asked_for

    def find(self, key: str) -> Caller | None:
        """Whom this key stands for; None when it opens no door."""
        if self._file and self._clock() - self._looked_at >= _LOOK_AGAIN_S:
            self._looked_at = self._clock()
            self._look()
        return self._ring.find(key) if self._asked_for else NOBODY

    def _look(self) -> None:
        try:
            self._read()
        except ConfigurationError as failure:  # a file that cannot be read opens no door
            self._ring = Keyring(chosen=self._chosen)
            log_failure(failure)

    def _read(self) -> None:
        mark = self._file.mark() if self._file else (0, 0)
        if self._file and mark != self._mark:
            self._mark, self._asked_for = mark, True
            self._ring = Keyring(self._file.records(), self._chosen)


def _alike(records: Iterable[KeyRecord], tenant: str, scopes: Sequence[Right]) -> list[KeyRecord]:
    """The active keys of a tenant with exactly these scopes, oldest first."""
    return [
        record for record in records if record.active and record.tenant == tenant and set(record.scopes) == set(scopes)
    ]


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
