"""`escher backup` and `escher restore`, as a user runs them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from escher.contract.estate import Resource
from escher.settings import Settings
from escher.store.estate import EstateStore
from escher.store.vault import Store
from tests.commands.conftest import Escher, document


@pytest.fixture
def filled(settings: Settings, resource: Callable[..., Resource]) -> Iterator[Settings]:
    """A store with 20 resources."""
    with Store.open(settings) as store:
        EstateStore(store).upsert([resource(number) for number in range(20)])
    yield settings


def resources(settings: Settings) -> int:
    with Store.open(settings) as store:
        return EstateStore(store).count()


def damage(settings: Settings) -> None:
    with settings.store_path.open("r+b") as file:
        file.seek(2 * 16_384)
        file.write(os.urandom(100_000))


def test_made_listed_and_verified(filled: Settings, escher: Escher) -> None:
    """A backup is made, listed and read through; each says so in JSON and to people."""
    made = document(escher("backup", "--json"))
    assert made["records"] >= 20 and made["problem"] == "" and made["size"] == Path(made["path"]).stat().st_size
    listed = document(escher("backup", "--list", "--json"))
    assert [one["name"] for one in listed["backups"]] == [made["name"]]
    verified = document(escher("backup", "--verify", made["name"], "--json"))
    assert verified["records"] == made["records"] and verified["collections"]["cloud_estate"] == 20
    assert made["name"] in escher("backup", "--list").stdout
    assert "none altered or missing" in escher("backup", "--verify", "latest").stdout
    assert ".snapshot: " in escher("backup", "--local").stdout


def test_restored_when_the_store_is_gone(filled: Settings, escher: Escher) -> None:
    """Without a store, the latest backup brings it back."""
    made = document(escher("backup", "--json"))
    shutil.rmtree(filled.store_path.parent)
    done = escher("restore", "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    restored = document(done)
    assert (restored["archive"], restored["before"], restored["damaged"]) == (made["name"], None, None)
    assert restored["counts"]["cloud_estate"]["written"] == 20
    assert resources(filled) == 20
    assert escher("audit", "verify").returncode == 0


def test_restored_when_the_store_is_damaged(filled: Settings, escher: Escher) -> None:
    """A damaged store is put aside, and the backup takes its place."""
    made = document(escher("backup", "--json"))
    damage(filled)
    assert escher("estate", "--json").returncode == 1
    done = escher("restore", made["path"])
    assert done.returncode == 0, done.stdout + done.stderr
    assert "left of the damaged store" in done.stdout
    assert resources(filled) == 20


def test_one_collection(filled: Settings, escher: Escher, resource: Callable[..., Resource]) -> None:
    """One collection comes back alone, after a backup of what was there."""
    escher("backup")
    with Store.open(filled) as store:
        EstateStore(store).upsert([resource(99)])
    restored = document(escher("restore", "--collection", "cloud_estate", "--json"))
    assert list(restored["counts"]) == ["cloud_estate"]
    assert restored["counts"]["cloud_estate"] == {"written": 0, "removed": 1, "unchanged": 20}
    assert Path(restored["before"]).exists()
    assert resources(filled) == 20


def test_nothing_to_restore(filled: Settings, escher: Escher) -> None:
    """Without a backup both commands say so, and the store is as it was."""
    assert "There is no backup" in escher("backup", "--list").stdout
    done = escher("restore", "--json")
    assert (done.returncode, document(done)["error"]["code"]) == (1, "not_found")
    assert document(escher("backup", "--verify", "latest", "--json"))["error"]["code"] == "not_found"
    assert resources(filled) == 20


def test_the_key_is_not_here(filled: Settings, escher: Escher, tmp_path: Path) -> None:
    """With another passphrase it says that a backup without its key is useless, and how to bring the key."""
    made = document(escher("backup", "--json"))
    wrong = tmp_path / "wrong"
    wrong.touch(mode=0o600)
    wrong.write_text("not the passphrase")
    done = escher("restore", made["path"], ESCHER_HOME=str(tmp_path / "new"), ESCHER_PASSPHRASE_FILE=str(wrong))
    assert done.returncode == 1
    assert "useless" in done.stderr and "escher keys import FILE" in done.stderr
    assert not (tmp_path / "new" / "data").exists()
