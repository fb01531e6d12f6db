"""A folder on a memory file system that nobody else can read and that goes when its process goes.

Whatever is written there is in memory only. It is removed at exit; after a kill by a guardian, a shell that waits for
the end of a pipe which only this process holds open; and what both missed is removed when the next folder is made.
"""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from stat import S_ISDIR
from threading import Lock

_SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 a memory file system, checked before use; folders in it are 0700
_MEMORY_FILE_SYSTEMS = frozenset({"tmpfs", "ramfs"})
_PREFIX = "escher-"
_GUARDIAN = 'read -r _; exec rm -rf -- "$1"'


def memory_root(room: int) -> Path | None:
    """A memory file system with `room` free bytes where this user may make folders, or None."""
    return next((root for root in _roots() if shutil.disk_usage(root).free >= room), None)


def remove_leftovers() -> None:
    """Remove now what processes of this user left behind when they died."""
    for root in _roots():
        _remove_stale(root)


def _roots() -> list[Path]:
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    return [root for root in (_SHARED_MEMORY, *([Path(runtime)] if runtime else [])) if _usable(root)]


class PrivateFolder:
    """The folder of this process on `root`; `part()` gives new folders inside it."""

    def __init__(self, root: Path) -> None:
        _remove_stale(root)
        self.path = Path(tempfile.mkdtemp(prefix=f"{_mark(os.getpid())}-", dir=root))
        self.owner = os.getpid()
        self._guardian = _start_guardian(self.path)
        # A forked child must neither keep the guardian waiting nor remove its parent's folder.
        os.register_at_fork(after_in_child=self._forget_guardian)
        atexit.register(self.remove)

    def part(self, name: str) -> Path:
        """A new folder for one shard."""
        return Path(tempfile.mkdtemp(prefix=f"{name}-", dir=self.path))

    def remove(self) -> None:
        """Take the folder away, if it is this process's own."""
        if os.getpid() != self.owner:
            return
        shutil.rmtree(self.path, ignore_errors=True)
        self._forget_guardian()
        self._guardian.wait()

    def _forget_guardian(self) -> None:
        if self._guardian.stdin is not None:
            self._guardian.stdin.close()


_folders: dict[Path, PrivateFolder] = {}
_making = Lock()


def private_part(root: Path, name: str) -> Path:
    """A new folder for one shard inside the one private folder that this process has on `root`."""
    with _making:
        folder = _folders.get(root)
        if folder is None or folder.owner != os.getpid() or not folder.path.is_dir():
            folder = _folders[root] = PrivateFolder(root)
        return folder.part(name)


def _usable(root: Path) -> bool:
    return root.is_dir() and os.access(root, os.W_OK | os.X_OK) and _file_system(root) in _MEMORY_FILE_SYSTEMS


def _file_system(path: Path) -> str:
    """The type of the file system that `path` is on, as Linux tells it; empty elsewhere."""
    mounts = Path("/proc/self/mounts")
    if not mounts.exists():
        return ""
    entries = [line.split(" ")[1:3] for line in mounts.read_text().splitlines()]
    above = [(mount, kind) for mount, kind in entries if path.resolve().is_relative_to(mount)]
    # The longest mount point holds the path; of equal ones, the last that was mounted.
    return max(enumerate(above), key=lambda item: (len(item[1][0]), item[0]))[1][1]


def _mark(pid: int) -> str:
    """Names a process for good: its number, when it started, and the namespace in which the number means it."""
    namespace = Path("/proc/self/ns/pid").stat().st_ino
    return f"{_PREFIX}{namespace}-{pid}-{_start_ticks(pid)}"


def _start_ticks(pid: int) -> int | None:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return int(fields[19])  # field 22 of proc(5), counted behind the name


def _remove_stale(root: Path) -> None:
    namespace = _mark(os.getpid()).split("-")[1]
    for folder in root.glob(f"{_PREFIX}{namespace}-*"):
        pid = folder.name.split("-")[2]
        alive = pid.isdigit() and folder.name.startswith(f"{_mark(int(pid))}-")
        if not alive and _is_mine(folder):
            shutil.rmtree(folder, ignore_errors=True)


def _is_mine(folder: Path) -> bool:
    try:
        status = folder.lstat()
    except FileNotFoundError:
        return False
    return S_ISDIR(status.st_mode) and status.st_uid == os.getuid()


def _start_guardian(path: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        ["/bin/sh", "-c", _GUARDIAN, "sh", str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={"PATH": "/usr/bin:/bin"},
        cwd="/",
        start_new_session=True,  # an interrupt of the notebook is not for the guardian
    )
