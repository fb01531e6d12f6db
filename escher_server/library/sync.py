"""Bring the library up to its source, version by version: what is there already is not fetched, and never replaced.

Fetched versions lie below the server's home, beside the packaged ones; a broken one is left out, and the rest serves.
"""

from __future__ import annotations

import fcntl
import hashlib
import shutil
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from pathlib import Path

from pydantic import ValidationError

from escher.contract.playbook import Playbook
from escher.contract.publication import PublishAnswer, SyncReport
from escher.contract.wire import Wire
from escher.scripts.playbook_scripts import script_findings
from escher.scripts.reader import Reader
from escher_server.errors import InvalidRequest, SyncFailed
from escher_server.library.loader import Library, load
from escher_server.library.publishing import judged
from escher_server.library.sources import Index, LibrarySource, ListedFile
from escher_server.library.tenants import Key, unknown

_RECORD, _LOCK = "sync.json", "sync.lock"


class Synced(Wire):
    """What was fetched so far: the source's marker, when (Unix seconds), and each version's digest by `id:version`."""

    marker: str = ""
    at: int = 0
    versions: dict[str, str] = {}


class LibrarySync:
    """The library of a server that has a home. `source` None: nothing is fetched, and what was fetched serves."""

    def __init__(self, home: Path, packaged: Path, source: LibrarySource | None) -> None:
        self._folder, self._packaged, self._source = home / "library", packaged, source
        self._stamp: tuple[int, int] = (0, 0)

    def fresh(self) -> Library | None:
        """The library, when any worker has synced since this was last asked; else None."""
        try:
            status = (self._folder / _RECORD).stat()
        except FileNotFoundError:
            return None
        stamp = status.st_ino, status.st_mtime_ns
        if stamp == self._stamp:
            return None
        self._stamp = stamp
        return load(self._packaged, self._folder)

    def run(self, now: int) -> SyncReport:
        """Fetch the versions that are new. Raises InvalidRequest without a source, SyncFailed."""
        with self._alone() as (source, before):
            index = source.index(before.marker)
            if index is None:
                return SyncReport(marker=before.marker, unchanged=len(before.versions))
            asked = before.model_copy(update={"marker": index.marker, "at": now})
            return self._take(source, _by_version(index), asked)

    def register(self, playbook_id: str, version: str) -> PublishAnswer:
        """Fetch one version, and say how good it is. Raises UnknownPlaybook, SyncFailed with what is broken."""
        with self._alone() as (source, before):
            index = source.index("") or Index(files=())
            files = _by_version(index).get((playbook_id, version))
            if files is None:
                raise unknown()
            report = self._take(source, {(playbook_id, version): files}, before)
        if report.refused:
            raise SyncFailed("; ".join(report.refused), hint="Correct it at the source.")
        entry = load(self._packaged, self._folder).entries[playbook_id, version]
        answer = judged(entry.playbook, (), entry.cases)
        return answer.model_copy(update={"status": entry.playbook.metadata.status})

    def _take(self, source: LibrarySource, wanted: Mapping[Key, list[ListedFile]], before: Synced) -> SyncReport:
        digests = {key: _digest(files) for key, files in wanted.items()}
        known = {key: before.versions.get(_name(key)) for key in wanted}
        packaged = {key for key in wanted if (self._packaged / key[0] / f"v{key[1]}").is_dir()}
        new = [key for key in wanted if known[key] is None and key not in packaged]
        changed = [key for key in wanted if known[key] not in (None, digests[key])]
        for key in new:
            self._fetch(source, key, wanted[key])
        broken = self._without_broken(new)
        added = [key for key in new if key not in broken]
        versions = before.versions | {_name(key): digests[key] for key in added}
        # What was refused is looked at again by the next sync, so its marker is not kept.
        self._write(Synced(marker="" if broken else before.marker, at=before.at, versions=versions))
        told = [f"{_name(key)} was released with other content" for key in changed]
        return SyncReport(
            marker=before.marker,
            added=tuple(map(_name, added)),
            unchanged=len(wanted) - len(new) - len(changed),
            refused=(*broken.values(), *told),
        )

    def _fetch(self, source: LibrarySource, key: Key, files: Iterable[ListedFile]) -> None:
        """All files of a version, or none of them."""
        incoming = self._folder / ".incoming"
        shutil.rmtree(incoming, ignore_errors=True)
        for file in files:
            target = incoming / file.path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(source.read(file))
        place = self._place(key)
        shutil.rmtree(place, ignore_errors=True)
        place.parent.mkdir(parents=True, exist_ok=True)
        (incoming / key[0] / f"v{key[1]}").replace(place)

    def _without_broken(self, new: Iterable[Key]) -> dict[Key, str]:
        """Take out what cannot be served, and then what cannot be without it; why each cannot."""
        left, broken = set(new), dict[Key, str]()
        while found := self._broken(left):
            for key in found:
                shutil.rmtree(self._place(key))
            broken |= found
            left -= set(found)
        return broken

    def _broken(self, new: Iterable[Key]) -> dict[Key, str]:
        """Why each of the new ones that cannot be served cannot: file and line."""
        library = load(self._packaged, self._folder)
        told = [str(refused) for refused in library.refused]
        found: dict[Key, str] = {}
        for key in new:
            entry = library.entries.get(key)
            problem = _unreadable(entry.playbook) if entry else _about(key, told)
            if problem:
                found[key] = problem
        return found

    @contextmanager
    def _alone(self) -> Generator[tuple[LibrarySource, Synced]]:
        """One sync at a time, over all workers."""
        if self._source is None:
            raise InvalidRequest("this server has no source for its library.", hint="Set ESCHER_SERVER_LIBRARY.")
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with (self._folder / _LOCK).open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield self._source, self._read()

    def _read(self) -> Synced:
        try:
            return Synced.model_validate_json((self._folder / _RECORD).read_bytes())
        except (FileNotFoundError, ValidationError):
            return Synced()

    def _write(self, synced: Synced) -> None:
        new = self._folder / f".{_RECORD}"
        new.write_text(synced.model_dump_json(indent=1))
        new.replace(self._folder / _RECORD)

    def _place(self, key: Key) -> Path:
        return self._folder / key[0] / f"v{key[1]}"


def _by_version(index: Index) -> dict[Key, list[ListedFile]]:
    found: dict[Key, list[ListedFile]] = {}
    for file in index.files:
        found.setdefault(file.version, []).append(file)
    return found


def _digest(files: Iterable[ListedFile]) -> str:
    listed = sorted(f"{file.path} {file.sha256}" for file in files)
    return hashlib.sha256("\n".join(listed).encode()).hexdigest()


def _name(key: Key) -> str:
    return f"{key[0]}:{key[1]}"


def _about(key: Key, told: Iterable[str]) -> str:
    """What was said of a version that is not served."""
    mine = [text for text in told if text.startswith(f"{key[0]}/v{key[1]}")]
    return mine[0] if mine else f"{_name(key)} cannot be served"


def _unreadable(playbook: Playbook) -> str:
    """The first thing that stands against its scripts, or nothing."""
    found = script_findings(playbook, Reader())
    return f"{playbook.metadata.playbook_id}: {found[0]}" if found else ""
