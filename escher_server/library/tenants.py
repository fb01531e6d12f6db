"""What tenants keep here: the playbooks that they published, their states and statistics. Nothing else of theirs.

One folder a tenant, one a version: `playbook.json` is written once and never again, `state.json` says how it stands
for this tenant. A version of the library has a `state.json` alone: the tenant's own statistics and states of it.
"""

from __future__ import annotations

import fcntl
import json
import logging
import os
import re
import shutil
import threading
from collections import OrderedDict
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from escher.contract.lifecycle import TOMBSTONE_DAYS, Move
from escher.contract.playbook import SLUG, VERSION, Author, Playbook, Status
from escher.contract.publication import content_hash
from escher.contract.wire import Wire
from escher_server.errors import Conflict, UnknownPlaybook, WithoutTenant

LOG = logging.getLogger("escher_server")
TENANT = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?")
Key = tuple[str, str]
_ID, _VERSION = re.compile(SLUG), re.compile(VERSION)
_CONTENT, _STATE, _CHANGED, _LOCK = "playbook.json", "state.json", "changed", "lock"
MOST_VERSIONS = 1_000
_KEPT_IN_MEMORY = 64
_DAY = 86_400


class VersionState(Wire):
    """How one version stands for one tenant. `sha256` is that of its content; empty for a version of the library."""

    sha256: str
    author: Author
    status: Status
    needs_update: bool = False
    quality: int = 0
    updated_at: str
    history: tuple[Move, ...] = ()
    deprecated_by: str | None = None
    deprecation_reason: str | None = None
    execution_count: int = 0
    success_count: int = 0
    avg_duration_seconds: float | None = None
    last_executed: str | None = None
    failures_in_row: int = 0


@dataclass(frozen=True, slots=True)
class Holding:
    """All that a tenant keeps, as it was at one moment. `broken` are versions whose files are not what was written."""

    stamp: tuple[int, int]
    states: Mapping[Key, VersionState]
    playbooks: Mapping[Key, Playbook]
    broken: tuple[Key, ...] = ()


class TenantStore:
    """The folders of the tenants below the server's home. Safe for threads and for several workers."""

    def __init__(self, home: Path) -> None:
        self._root = home / "tenants"
        self._shelves: OrderedDict[str, TenantShelf] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, tenant: str) -> TenantShelf:
        """The one way to a tenant's playbooks. Raises WithoutTenant for a name that no tenant can have."""
        if not TENANT.fullmatch(tenant):
            raise WithoutTenant(
                "this key belongs to no tenant, so nothing can be kept for it.", hint="Use another key."
            )
        with self._lock:
            shelf = self._shelves.pop(tenant, None) or TenantShelf(self._root / tenant)
            self._shelves[tenant] = shelf
            while len(self._shelves) > _KEPT_IN_MEMORY:
                self._shelves.popitem(last=False)
            return shelf


class TenantShelf:
    """One tenant's playbooks."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._held: Holding | None = None

    def holding(self) -> Holding:
        """All that is kept now; read again only when another process changed it."""
        stamp = self._stamp()
        if self._held is None or self._held.stamp != stamp:
            self._held = self._read(stamp)
        return self._held

    @contextmanager
    def changing(self) -> Generator[Changes]:
        """Change what is kept, alone: other threads and workers wait. An error leaves what was written before it."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with (self._folder / _LOCK).open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            changes = Changes(self._folder, self.holding())
            try:
                yield changes
            finally:
                if changes.made:
                    _write(self._folder / _CHANGED, b"")

    def _stamp(self) -> tuple[int, int]:
        """What differs after every change: each one puts a new file in the place of the old."""
        try:
            status = (self._folder / _CHANGED).stat()
        except FileNotFoundError:
            return 0, 0
        return status.st_ino, status.st_mtime_ns

    def _read(self, stamp: tuple[int, int]) -> Holding:
        states: dict[Key, VersionState] = {}
        playbooks: dict[Key, Playbook] = {}
        broken: list[Key] = []
        for path in sorted(self._folder.glob(f"playbooks/*/v*/{_STATE}")):
            key = path.parent.parent.name, path.parent.name.removeprefix("v")
            try:
                state = VersionState.model_validate_json(path.read_bytes())
                if state.sha256:
                    playbooks[key] = _content(path.with_name(_CONTENT), state.sha256)
                states[key] = state
            except (OSError, ValidationError, ValueError):
                broken.append(key)
        if broken:
            LOG.warning("%d published versions of a tenant are not what was published; the rest serves", len(broken))
        return Holding(stamp, states, playbooks, tuple(broken))


class Changes:
    """Writes to one tenant's folder, made while its lock is held."""

    def __init__(self, folder: Path, held: Holding) -> None:
        self._folder = folder
        self.states = dict(held.states)
        self.playbooks = dict(held.playbooks)
        self.made = False

    def state(self, key: Key) -> VersionState:
        """How a version stands now. Raises UnknownPlaybook."""
        if key not in self.states:
            raise unknown()
        return self.states[key]

    def add(self, key: Key, playbook: Playbook, state: VersionState) -> bool:
        """Keep a new version; whether it is new. Raises Conflict when it is there with other content, or all is full."""
        old = self.states.get(key)
        if old is not None and old.sha256 == state.sha256 and old.status != "deleted":
            return False
        if old is not None:
            raise Conflict("that version is published with other content.", hint="Give it a higher version.")
        if len(self.playbooks) >= MOST_VERSIONS:
            raise Conflict(f"there are {MOST_VERSIONS} versions already.", hint="Delete some that are archived.")
        _write(self._place(key) / _CONTENT, playbook.model_dump_json().encode())
        self.playbooks[key] = playbook
        self.put(key, state)
        return True

    def put(self, key: Key, state: VersionState) -> None:
        """How a version stands from now on."""
        _write(self._place(key) / _STATE, json.dumps(state.model_dump(mode="json"), indent=1).encode())
        self.states[key] = state
        self.made = True

    def expire(self, now: int) -> None:
        """Remove what was deleted 30 days ago or earlier."""
        for key, state in tuple(self.states.items()):
            gone = state.status == "deleted" and state.history and state.history[-1].at <= now - TOMBSTONE_DAYS * _DAY
            if gone:
                shutil.rmtree(self._place(key))
                self.playbooks.pop(key, None)
                del self.states[key]
                self.made = True

    def _place(self, key: Key) -> Path:
        """The folder of a version. Raises UnknownPlaybook for what is no id or version, so that no path leads out."""
        playbook_id, version = key
        if not _ID.fullmatch(playbook_id) or not _VERSION.fullmatch(version):
            raise unknown()
        folder = self._folder / "playbooks" / playbook_id / f"v{version}"
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return folder


def unknown() -> UnknownPlaybook:
    """The refusal of what is not there."""
    return UnknownPlaybook("there is no such playbook or version.", hint="Search for it: /v1/playbooks/search")


def _content(path: Path, sha256: str) -> Playbook:
    """A published playbook. Raises ValueError when it is not what was published."""
    playbook = Playbook.model_validate_json(path.read_bytes())
    if content_hash(playbook) != sha256:
        raise ValueError("it is not what was published")
    return playbook


def _write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    new = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}")
    with new.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
