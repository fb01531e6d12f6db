"""Nothing of an index lasts: not on a disk, not after its process, not for others to read."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from escher.contract.ports import Point
from escher.vectors.edge import EdgeIndex
from escher.vectors.private_folder import memory_root

CANARY = np.random.default_rng(20_261_124).standard_normal(384).astype("<f4")
CANARY /= np.linalg.norm(CANARY)
# The engine keeps vectors at eight bits a number; what stands beside them is there as it was given.
ENGINE_CANARY = b"canary-key"
OPENS_AND_WAITS = """
import sys, time
import numpy as np
from escher.contract.ports import Point
from escher.vectors.index import open_index
index = open_index("estate", 384)
canary = np.random.default_rng(20_261_124).standard_normal(384).astype("<f4")
canary /= np.linalg.norm(canary)
index.upsert([Point("canary-key", canary.tobytes(), "canary words", {"region": "eu"})])
print(index._folder.parent, flush=True)
sys.stdin.read(1)
"""

FORKS = """
import os, sys
from pathlib import Path
from escher.vectors.private_folder import private_part
mine = private_part(Path(sys.argv[1]), "parent")
if os.fork() == 0:
    sys.exit(0)
os.wait()
print(mine.is_dir())
"""


@pytest.fixture
def child(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A process with an open index, whose home and temporary folder are `tmp_path`."""
    if memory_root(256 * 1024 * 1024) is None:
        pytest.skip("no memory file system with 256 MB of room")
    home = {"HOME": str(tmp_path), "TMPDIR": str(tmp_path), "ESCHER_HOME": str(tmp_path)}
    process = subprocess.Popen(
        [sys.executable, "-c", OPENS_AND_WAITS],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | home,
        cwd=tmp_path,
    )
    yield process
    process.kill()
    process.communicate()


def folder_of(process: subprocess.Popen[str]) -> Path:
    assert process.stdout is not None
    return Path(process.stdout.readline().strip())


def gone_within(folder: Path, seconds: float) -> bool:
    end = time.monotonic() + seconds
    while folder.exists() and time.monotonic() < end:
        time.sleep(0.02)
    return not folder.exists()


def files_with(needle: bytes, root: Path) -> list[Path]:
    return [path for path in root.rglob("*") if path.is_file() and needle in path.read_bytes()]


def test_vectors_are_in_memory_and_on_no_disk(child: subprocess.Popen[str], tmp_path: Path) -> None:
    """What is indexed is in the private folder, not below home and temp, and no other file is open for writing."""
    folder = folder_of(child)
    assert files_with(ENGINE_CANARY, folder)
    assert files_with(ENGINE_CANARY, tmp_path) == files_with(CANARY[40:48].tobytes(), tmp_path) == []
    mapped = [line.split(maxsplit=5) for line in Path(f"/proc/{child.pid}/maps").read_text().splitlines()]
    shared = {line[5] for line in mapped if len(line) == 6 and line[1].endswith("s") and "w" in line[1]}
    opened = {str(fd.readlink()) for fd in Path(f"/proc/{child.pid}/fd").iterdir()}
    elsewhere = {path for path in shared | opened if path.startswith("/") and not path.startswith(str(folder))}
    assert elsewhere == set()


def test_the_folder_is_private(child: subprocess.Popen[str]) -> None:
    """Only its owner may enter."""
    assert folder_of(child).stat().st_mode & 0o777 == 0o700


def test_a_killed_process_leaves_nothing(child: subprocess.Popen[str]) -> None:
    """Within a second of `kill -9` the guardian has removed the folder."""
    folder = folder_of(child)
    assert folder.is_dir()
    child.send_signal(signal.SIGKILL)
    child.wait()
    assert gone_within(folder, 1)


def test_an_interrupt_does_not_reach_the_guardian(child: subprocess.Popen[str]) -> None:
    """The guardian has a session of its own: what stops a notebook's cell does not stop it."""
    folder = folder_of(child)
    children = Path(f"/proc/{child.pid}/task/{child.pid}/children").read_text().split()
    assert [os.getsid(int(pid)) for pid in children] == [int(pid) for pid in children]
    assert folder.is_dir()


def test_exit_removes_the_folder(child: subprocess.Popen[str]) -> None:
    """A process that ends by itself takes its folder along, without a word on the error stream."""
    folder = folder_of(child)
    _, errors = child.communicate("x", timeout=20)
    assert (child.returncode, errors) == (0, "")
    assert not folder.exists()


def test_close_removes_the_shard(child: subprocess.Popen[str]) -> None:
    """Closing gives the memory back at once."""
    root = folder_of(child).parent
    index = EdgeIndex(root, "closing", 384)
    index.upsert([Point("canary-key", CANARY.tobytes(), "words")])
    folder = index._folder
    assert files_with(ENGINE_CANARY, folder)
    index.close()
    assert not folder.exists()


def test_the_next_one_removes_what_a_dead_process_left(child: subprocess.Popen[str]) -> None:
    """A folder named after a process that is no more goes; that of a living one, and a stranger's, stay."""
    alive = folder_of(child)
    namespace = alive.name.split("-")[1]
    stale = alive.with_name(f"escher-{namespace}-{child.pid}-1-left")
    stranger = alive.with_name(f"escher-1-{child.pid}-1-other-namespace")
    for folder in (stale, stranger):
        folder.mkdir()
    try:
        subprocess.run(
            [sys.executable, "-c", OPENS_AND_WAITS], stdin=subprocess.DEVNULL, capture_output=True, check=True
        )
        assert not stale.exists()
        assert stranger.is_dir() and alive.is_dir()
    finally:
        stranger.rmdir()


def test_a_forked_child_does_not_remove_its_parents_folder(child: subprocess.Popen[str]) -> None:
    """A child that ends normally leaves the parent's index alone."""
    root = folder_of(child).parent
    done = subprocess.run([sys.executable, "-c", FORKS, str(root)], capture_output=True, text=True, check=True)
    assert done.stdout == "True\n"


def test_a_disk_is_no_memory_file_system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A runtime folder on a disk is not used, however much room it has."""
    monkeypatch.setattr("escher.vectors.private_folder._SHARED_MEMORY", tmp_path)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    assert memory_root(0) is None
