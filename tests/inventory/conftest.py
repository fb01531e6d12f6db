"""A real store beside a real moto, and a small estate in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from escher.inventory.scan import Scanner
from escher.providers.clouds import Clouds
from escher.settings import Settings
from escher.store.estate import EstateStore
from escher.store.vault import Store
from tests.fixtures.moto_cloud import DATA, SHOP, MotoCloud, moto_cloud
from tests.inventory.seeding import seed


@pytest.fixture(scope="session")
def moto() -> Iterator[MotoCloud]:
    """One moto for all tests here."""
    with moto_cloud() as cloud:
        yield cloud


@pytest.fixture
def cloud(moto: MotoCloud, monkeypatch: pytest.MonkeyPatch) -> Iterator[MotoCloud]:
    """A moto without faults, and keys to enter it."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    moto.faults.clear()
    moto.calls.clear()
    yield moto
    moto.faults.clear()


@pytest.fixture
def estate(tmp_path: Path) -> Iterator[EstateStore]:
    """An empty, encrypted store."""
    passphrase = tmp_path / "passphrase"
    passphrase.touch(mode=0o600)
    passphrase.write_text("correct horse battery staple")
    with Store.create(Settings(home=tmp_path / "home", passphrase_file=passphrase)) as store:
        yield EstateStore(store)


@pytest.fixture
def scanner(cloud: MotoCloud, estate: EstateStore) -> Scanner:
    """A scanner of both accounts."""
    estate.put_account(cloud.account(SHOP, "shop"))
    estate.put_account(cloud.account(DATA, "data"))
    return Scanner(estate, Clouds())


@pytest.fixture(scope="session")
def seeded(moto: MotoCloud) -> MotoCloud:
    """Two accounts with some of everything in two regions; tests that use it change nothing for good."""
    moto.reset()
    seed(moto)
    return moto
