"""The estate's index: quick to open, in step without work for nothing, never lost."""

import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from escher.contract.estate import Resource
from escher.contract.ports import Point
from escher.retrieval import kept as keeping
from escher.retrieval.index import EstateIndex
from escher.retrieval.kept import KeptImage, forget_images
from escher.settings import Settings
from escher.store.estate import ESTATE, EstateStore
from escher.store.vault import Store
from escher.vectors.edge import EdgeIndex
from escher.vectors.embedder import load_embedder
from tests.fixtures.large_estate import large_estate

MODEL = load_embedder()
ROOT = Path(__file__).parents[2]


@pytest.fixture
def small_images(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep an image of a small estate, too."""
    monkeypatch.setattr(keeping, "WORTH_KEEPING", 1)


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The keys of all points that are written to an index from now on."""
    written: list[str] = []
    upsert = EdgeIndex.upsert

    def noted(self: EdgeIndex, points: Iterable[Point]) -> None:
        batch = list(points)
        written.extend(point.key for point in batch)
        upsert(self, batch)

    monkeypatch.setattr(EdgeIndex, "upsert", noted)
    return written


def opened(store: Store, stored: EstateStore) -> EstateIndex:
    return EstateIndex(stored, MODEL, name="test", image=KeptImage(store, ESTATE))


def found(index: EstateIndex, text: str, limit: int = 5, **filters: list[str]) -> list[str]:
    return [resource.identifier for resource, _ in index.search(text, filters, limit)]


def answers(index: EstateIndex) -> list[list[tuple[str, float]]]:
    """What an index says to a few questions."""
    questions: list[tuple[str, dict[str, Sequence[str]]]] = [
        ("SQL server", {}), ("web-1", {}), ("shop", {"kind": ["disk"]}), ("billing machines", {"region": ["eu-west-1"]}),
    ]  # fmt: skip
    return [
        [(resource.natural_key, round(score, 5)) for resource, score in index.search(text, filters, 20)]
        for text, filters in questions
    ]


# -- in step ---------------------------------------------------------------------------------------------------


def test_a_rescan_that_saw_nothing_new_touches_no_point(
    stored: EstateStore, estate: list[Resource], made: list[str]
) -> None:
    """A later time of seeing it, and other attributes, are no reason to index a resource again; a new state is."""
    index = EstateIndex(stored, MODEL, name="test")
    index.embed_pending()
    assert found(index, "SQL server")[0] == "db-1" and len(made) == len(estate)
    made.clear()
    stored.upsert(replace(one, last_synced=1_900_000_000, attributes={"size_gib": 9}) for one in estate)
    assert index.search("SQL server", {}, 1)[0][0].last_synced == 1_900_000_000
    assert made == []
    stored.upsert([replace(estate[1], state="running")])
    assert "i-02" in found(index, "web-2", state=["running"]) and made == [estate[1].natural_key]
    index.close()


def test_names_follow_changes_and_deletions(
    stored: EstateStore, estate: list[Resource], resource: Callable[..., Resource]
) -> None:
    """A name that one of its bearers has given up leads to the others only; the last one takes it along."""
    index = EstateIndex(stored, MODEL, name="test")
    assert {"i-01", "i-04", "vol-1"} <= set(found(index, "web-1", 20))
    stored.upsert([replace(estate[0], name="renamed")])
    exact = [one.identifier for one, score in index.search("web-1", {}, 20) if score == 1.0]
    assert sorted(exact) == ["i-04", "vol-1"]
    stored.delete([estate[3].natural_key, estate[7].natural_key])
    assert not [score for _, score in index.search("web-1", {}, 20) if score == 1.0]
    index.close()


def test_facets_count_the_estate(stored: EstateStore, estate: list[Resource]) -> None:
    """As many of each kind as there are, also within filters and after a deletion."""
    index = EstateIndex(stored, MODEL, name="test")
    assert index.facets("kind") == {"compute_instance": 7, "disk": 2, "database_instance": 1, "object_storage": 1}
    assert index.facets("environment", {"kind": ["compute_instance"]})["dev"] == 4
    stored.delete([estate[7].natural_key])
    assert index.facets("kind")["disk"] == 1
    index.close()


# -- the image -------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("small_images")
def test_an_image_saves_the_work(store: Store, stored: EstateStore, made: list[str]) -> None:
    """The second opening writes no point and gives the same answers; the file is beside the store, for its owner alone."""
    first = opened(store, stored)
    first.settle()
    before = answers(first)
    first.close()
    made.clear()
    second = opened(store, stored)
    assert answers(second) == before and made == []
    path = store.path.parent / "index" / "cloud_estate.image"
    written = path.stat()
    assert written.st_mode & 0o777 == 0o600
    second.close()
    assert path.stat().st_mtime_ns == written.st_mtime_ns


@pytest.mark.usefixtures("small_images")
def test_an_image_is_brought_up_to_the_store(
    store: Store, stored: EstateStore, estate: list[Resource], resource: Callable[..., Resource], made: list[str]
) -> None:
    """What was written, changed and deleted since is taken over, and that only."""
    first = opened(store, stored)
    first.settle()
    first.close()
    new = resource("zebra", "i-99")
    stored.upsert([new, replace(estate[4], name="okapi")])
    stored.delete([estate[9].natural_key])
    made.clear()
    second, fresh = opened(store, stored), EstateIndex(stored, MODEL, name="test")
    assert answers(second) == answers(second)
    assert sorted(made) == sorted([new.natural_key, estate[4].natural_key])
    # Scores may differ a little: how rare a word is still counts in what was deleted.
    same = [[key for key, _ in said] for said in answers(second)] == [
        [key for key, _ in said] for said in answers(fresh)
    ]
    assert same and found(second, "zebra")[0] == "i-99"
    assert "db-1" not in found(second, "orders", 20)
    second.close()
    fresh.close()


def _cut(path: Path, store: Store) -> None:
    path.write_bytes(path.read_bytes()[:-100])


def _flipped(path: Path, store: Store) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def _older_format(path: Path, store: Store) -> None:
    path.write_bytes(b"ESCHER-INDEX-0\n" + path.read_bytes()[15:])


def _empty(path: Path, store: Store) -> None:
    path.write_bytes(b"")


def _folder(path: Path, store: Store) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.usefixtures("small_images")
@pytest.mark.parametrize("spoil", [_cut, _flipped, _older_format, _empty, _folder])
def test_an_odd_image_is_no_error(
    store: Store, stored: EstateStore, made: list[str], spoil: Callable[[Path, Store], None]
) -> None:
    """Whatever is wrong with it, the index is built from the store and the answers are the same."""
    first = opened(store, stored)
    first.settle()
    before = answers(first)
    first.close()
    spoil(store.path.parent / "index" / "cloud_estate.image", store)
    made.clear()
    second = opened(store, stored)
    assert answers(second) == before and len(made) == 11
    second.close()


@pytest.mark.usefixtures("small_images")
def test_an_image_of_a_store_that_was_replaced_is_not_used(
    settings: Settings, estate: list[Resource], made: list[str]
) -> None:
    """As after a restore: the file is another, though its commits are counted on from the same number."""
    with Store.create(settings) as store:
        stored = EstateStore(store)
        stored.upsert(estate)
        first = opened(store, stored)
        first.settle()
        first.close()
    copy = settings.store_path.with_name("copy")
    copy.write_bytes(settings.store_path.read_bytes())
    copy.replace(settings.store_path)
    made.clear()
    with Store.open(settings) as store:
        second = opened(store, EstateStore(store))
        assert found(second, "SQL server")[0] == "db-1" and len(made) == 11
        second.close()


@pytest.mark.usefixtures("small_images")
def test_an_image_of_another_embedder_store_or_time_is_not_used(
    store: Store, stored: EstateStore, tmp_path: Path, made: list[str]
) -> None:
    """Neither one of another model, nor of another store, nor one that is ahead of the store."""
    first = opened(store, stored)
    first.settle()
    image = KeptImage(store, ESTATE)
    index = first._index.current()
    another = load_embedder()
    another.name = "another"
    made.clear()
    for embedder, sequence in ((another, store.sequence), (MODEL, store.sequence + 1), (MODEL, 0)):
        assert image.save(index, embedder, sequence, lambda: True)
        second = opened(store, stored)
        assert found(second, "SQL server")[0] == "db-1" and len(made) == 11
        second._imaged = second._indexed  # leave the image as it is
        second.close()
        made.clear()
    other_settings = Settings(home=tmp_path / "other", passphrase_file=tmp_path / "passphrase")
    with Store.create(other_settings) as other:
        copied = KeptImage(other, ESTATE)
        copied.path.parent.mkdir()
        copied.path.write_bytes(image.path.read_bytes())
        elsewhere = EstateStore(other)
        assert found(opened(other, elsewhere), "SQL server") == []
    first.close()


@pytest.mark.usefixtures("small_images")
def test_forgotten_deletions_are_noticed(
    store: Store, stored: EstateStore, estate: list[Resource], made: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An image older than what the store remembers of deletions has too many points, and is not used."""
    first = opened(store, stored)
    first.settle()
    first.close()
    monkeypatch.setattr("escher.store.transaction.TOMBSTONE_COMMITS", 0)
    stored.delete([estate[9].natural_key])
    for n in range(3):
        stored.upsert([replace(estate[0], last_synced=n)])
    made.clear()
    second = opened(store, stored)
    assert "db-1" not in found(second, "SQL server", 20) and len(made) == 10
    second.close()


@pytest.mark.usefixtures("small_images")
def test_a_removed_store_gets_no_image(store: Store, stored: EstateStore) -> None:
    """After everything was purged, closing the index does not leave an image behind; nor does forgetting images."""
    first = opened(store, stored)
    first.settle()
    forget_images(store.path)
    assert not (store.path.parent / "index").exists()
    stored.upsert(large_estate(3))
    found(first, "anything")
    store.path.rename(store.path.with_name("gone"))
    first.close()
    assert not (store.path.parent / "index").exists()


WRITES_IMAGES = """
import sys
from pathlib import Path
from escher.retrieval import kept
from escher.retrieval.index import EstateIndex
from escher.settings import Settings
from escher.store.estate import ESTATE, EstateStore
from escher.store.vault import Store
from escher.vectors.embedder import load_embedder
from tests.fixtures.large_estate import large_estate
kept.WORTH_KEEPING = 1
with Store.open(Settings(home=Path(sys.argv[1]), passphrase_file=Path(sys.argv[2]))) as store:
    stored = EstateStore(store)
    for n in range(3):
        index = EstateIndex(stored, load_embedder(), name="test", image=kept.KeptImage(store, ESTATE))
        stored.upsert(large_estate(3, seed=n))
        hits = index.search("orders", {}, 50)
        index._work(lambda: True)
        assert len(index._indexed) == index._index.current().count() >= 3
        index.close()
print("done")
"""


def test_processes_may_race_for_the_image(store: Store, stored: EstateStore, settings: Settings) -> None:
    """Three that write, read and change at once: every one has as many points as it knows resources, at every moment."""
    arguments = [sys.executable, "-c", WRITES_IMAGES, str(settings.home), str(settings.passphrase_file)]
    children = [
        subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT)
        for _ in range(3)
    ]
    for child in children:
        out, errors = child.communicate(timeout=120)
        assert out == "done\n", errors
    assert [path.name for path in (store.path.parent / "index").iterdir()] == ["cloud_estate.image"]
