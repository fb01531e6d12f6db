"""A real store with a ledger, in a private folder, opened by a passphrase."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from escher.ledger.ledger import Ledger
from escher.settings import Settings
from escher.store import passphrase
from escher.store.vault import Store
from tests.store.conftest import desktop, keychain_settings, passphrase_settings

__all__ = ["desktop", "keychain_settings"]


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings of an existing, empty store, whose passphrase costs little."""
    monkeypatch.setattr(passphrase, "ITERATIONS", 1)
    monkeypatch.setattr(passphrase, "MEMORY_KIB", 64)
    made = passphrase_settings(tmp_path)
    Store.create(made).close()
    return made


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    """That store, open."""
    with Store.open(settings) as opened:
        yield opened


@pytest.fixture
def ledger(store: Store) -> Ledger:
    """Its ledger."""
    return Ledger(store)
