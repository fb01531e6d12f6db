"""An index as one encrypted file: whatever was done to it, it opens as it was written or not at all."""

import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from escher.contract.ports import Point
from escher.errors import StoreError
from escher.vectors.edge import EdgeIndex
from escher.vectors.image import Abandoned, ImageUnusable, read_image, write_image
from escher.vectors.private_folder import memory_root

SECRET, OTHER = b"a secret of thirty-two bytes ...", b"another secret, thirty-two bytes"
HEADER = {"store": "abc", "embedder": "model", "sequence": 7}
CANARY = "canary-name-of-a-database"


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A folder of four megabytes that do not compress, a hole, and an empty file in a folder."""
    folder = tmp_path / "files"
    (folder / "deep").mkdir(parents=True)
    (folder / "noise").write_bytes(random.Random(1).randbytes(4_000_000))
    (folder / "deep" / "hole").write_bytes(bytes(3_000_000) + CANARY.encode())
    (folder / "deep" / "empty").touch()
    return folder


@pytest.fixture
def image(tmp_path: Path, files: Path) -> Path:
    path = tmp_path / "index" / "estate.image"
    write_image(path, SECRET, HEADER, files, lambda: True)
    return path


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def refused(path: Path, tmp_path: Path, secret: bytes = SECRET, **expected: str | int) -> bool:
    try:
        read_image(path, secret, expected or HEADER, tmp_path / "refused")
    except ImageUnusable:
        return True
    return False


def chunk_bounds(image: bytes) -> list[tuple[int, int]]:
    """Where the chunks lie: the mark and the salt first, then a length before each."""
    bounds, at = list[tuple[int, int]](), 15 + 32
    while at < len(image):
        length = int.from_bytes(image[at : at + 4], "little") & 0x7FFF_FFFF
        bounds.append((at, at + 4 + length))
        at += 4 + length
    return bounds


def test_what_was_packed_is_unpacked(image: Path, files: Path, tmp_path: Path) -> None:
    """Every file comes back as it was, with the header; zeros cost nothing; only the owner may read the image."""
    (tmp_path / "out").mkdir()
    assert read_image(image, SECRET, {"embedder": "model"}, tmp_path / "out") == HEADER
    assert contents(tmp_path / "out") == contents(files)
    assert image.stat().st_size < 4_200_000
    assert image.stat().st_mode & 0o777 == 0o600 and image.parent.stat().st_mode & 0o777 == 0o700
    assert [path.name for path in image.parent.iterdir()] == ["estate.image"]


def test_it_cannot_be_read_without_its_secret(image: Path, tmp_path: Path) -> None:
    """Neither a name nor the header is in the clear, and another secret opens nothing."""
    content = image.read_bytes()
    assert not [word for word in (CANARY, "model", "noise", "sequence") if word.encode() in content]
    assert refused(image, tmp_path, OTHER)


@pytest.mark.parametrize("expected", [{"store": "xyz"}, {"embedder": "other"}, {"sequence": 8}, {"more": 1}])
def test_an_image_of_something_else_is_refused(image: Path, tmp_path: Path, expected: dict[str, str | int]) -> None:
    """Every expected entry of the header must be there; nothing is unpacked otherwise."""
    assert refused(image, tmp_path, **expected)
    assert not (tmp_path / "refused").exists()


def test_truncation_is_noticed(image: Path, tmp_path: Path) -> None:
    """Cut at every chunk's bounds, in the middle of each, and at a hundred places."""
    whole = image.read_bytes()
    bounds = chunk_bounds(whole)
    assert len(bounds) > 5
    rng = random.Random(2)
    cuts = {start for start, _ in bounds} | {(start + end) // 2 for start, end in bounds}
    for cut in cuts | {rng.randrange(len(whole)) for _ in range(100)}:
        image.write_bytes(whole[:cut])
        assert refused(image, tmp_path), cut
    image.write_bytes(whole + b"\0")
    assert refused(image, tmp_path)


def test_every_flipped_bit_is_noticed(image: Path, tmp_path: Path) -> None:
    """Two hundred flips anywhere, and one in each length."""
    whole = image.read_bytes()
    rng = random.Random(3)
    places = [rng.randrange(len(whole)) for _ in range(200)] + [start + 3 for start, _ in chunk_bounds(whole)]
    for place in places:
        altered = bytearray(whole)
        altered[place] ^= 1 << rng.randrange(8)
        image.write_bytes(altered)
        assert refused(image, tmp_path), place


def test_chunks_cannot_be_moved_left_out_or_mixed(image: Path, files: Path, tmp_path: Path) -> None:
    """Not two swapped, not one left out or repeated, not one of another image with the same content and secret."""
    second = tmp_path / "second.image"
    write_image(second, SECRET, HEADER, files, lambda: True)
    whole, other = image.read_bytes(), second.read_bytes()
    bounds, head = chunk_bounds(whole), whole[: 15 + 32]
    chunks = [whole[start:end] for start, end in bounds]
    foreign = [other[start:end] for start, end in chunk_bounds(other)]
    for n in range(len(chunks) - 1):
        swapped = [*chunks[:n], chunks[n + 1], chunks[n], *chunks[n + 2 :]]
        mixed = [*chunks[:n], foreign[n], *chunks[n + 1 :]]
        for altered in (swapped, mixed, chunks[:n] + chunks[n + 1 :], chunks[: n + 1] + chunks[n:]):
            image.write_bytes(head + b"".join(altered))
            assert refused(image, tmp_path), n
    image.write_bytes(head + b"".join(chunks))
    assert not refused(image, tmp_path)


def test_writing_can_be_abandoned(image: Path, files: Path) -> None:
    """Who is told to stop leaves the older image and no draft."""
    before, asked = image.read_bytes(), iter([True, True, True])
    with pytest.raises(Abandoned):
        write_image(image, SECRET, HEADER, files, lambda: next(asked, False))
    assert image.read_bytes() == before
    assert [path.name for path in image.parent.iterdir()] == ["estate.image"]


def test_drafts_of_the_dead_are_removed(image: Path, files: Path) -> None:
    """What a killed process left of an image goes when the next one is written; what is being written stays."""
    old, young = (image.with_name(f".estate.image.{pid}-{pid}") for pid in (1, 2))
    for draft in (old, young):
        draft.write_bytes(b"draft")
    os.utime(old, (0, 0))
    write_image(image, SECRET, HEADER, files, lambda: True)
    assert not old.exists() and young.exists()


def test_a_full_disk_leaves_the_older_image(tmp_path: Path, requires: Callable[[str, str], str]) -> None:
    """Where the new image does not fit, the error says so and the older one opens."""
    requires("bwrap", "bubblewrap")
    box = ["bwrap", "--dev-bind", "/", "/", "--size", "6000000", "--tmpfs", str(tmp_path)]
    run = subprocess.run(
        [*box, sys.executable, "-c", FILLS_A_DISK, str(tmp_path)], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert run.stdout == "cannot be written: True\nsame: True\ndrafts: 0\n", run.stderr


FILLS_A_DISK = """
import random, sys, tempfile
from pathlib import Path
from escher.errors import StoreError
from escher.vectors.image import write_image
image, files = Path(sys.argv[1]) / "i" / "estate.image", Path("/dev/shm") / next(tempfile._get_candidate_names())
files.mkdir()
(files / "noise").write_bytes(random.Random(1).randbytes(4_000_000))
write_image(image, b"s" * 32, {}, files, lambda: True)
before = image.read_bytes()
try:
    write_image(image, b"s" * 32, {}, files, lambda: True)
except StoreError as failure:
    print("cannot be written:", "cannot be written" in str(failure))
print("same:", image.read_bytes() == before)
print("drafts:", len(list(image.parent.iterdir())) - 1)
(files / "noise").unlink()
files.rmdir()
"""
ROOT = Path(__file__).parents[2]


@pytest.fixture
def filled() -> Iterator[tuple[EdgeIndex, Path]]:
    root = memory_root(256 * 1024 * 1024)
    if root is None:
        pytest.skip("no memory file system with 256 MB of room")
    index = EdgeIndex(root, "packed", 384)
    vectors = np.random.default_rng(1).standard_normal((300, 384)).astype("<f4")
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    index.fill(Point(f"k{n}", vectors[n].tobytes(), f"word{n % 7}", {"size": n % 3}) for n in range(300))
    yield index, root
    index.close()


def test_an_index_out_of_its_image_is_the_same(filled: tuple[EdgeIndex, Path], tmp_path: Path) -> None:
    """It finds, filters, counts and takes changes as the one that was packed."""
    index, root = filled
    path = tmp_path / "estate.image"
    index.pack(lambda folder: write_image(path, SECRET, HEADER, folder, lambda: True))
    again = EdgeIndex.load(root, "unpacked", lambda folder: read_image(path, SECRET, HEADER, folder))
    query = np.ones(384, "<f4").tobytes()
    for words, filters in (("word3", {}), ("", {"size": ["1"]}), ("word1 word2", {"size": ["0", "2"]})):
        pair = [[hit.score for hit in one.search(query, words, filters, 20)] for one in (index, again)]
        assert pair[0] == pair[1] and len(pair[0]) == 20
    assert again.facets("size", {}) == index.facets("size", {}) == {"0": 100, "1": 100, "2": 100}
    again.upsert([Point("new", query, "fresh", {"colour": "red"})])
    again.delete(["k0"])
    assert again.count() == 300 and again.facets("colour", {}) == {"red": 1}
    again.close()


def test_nothing_is_left_of_an_image_that_does_not_open(filled: tuple[EdgeIndex, Path], tmp_path: Path) -> None:
    """A folder that a refused image was unpacked to is removed, and so is one that the engine cannot load."""
    _, root = filled
    (tmp_path / "junk").mkdir()
    (tmp_path / "junk" / "edge_config.json").write_text("no JSON")
    path = tmp_path / "estate.image"
    write_image(path, SECRET, HEADER, tmp_path / "junk", lambda: True)
    for secret in (SECRET, OTHER):
        with pytest.raises(StoreError):
            EdgeIndex.load(root, "unusable", lambda folder, secret=secret: read_image(path, secret, HEADER, folder))
    assert list(root.glob("escher-*/unusable-*")) == []
