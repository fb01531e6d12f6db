"""The master key behind a passphrase."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from escher.errors import ConfigurationError, KeyUnavailable, WrongKey
from escher.settings import Settings
from escher.store import passphrase
from escher.store.vault import Store

STORE_ID = bytes(16)


def _opens(settings: Settings) -> bool:
    with Store.open(settings) as store:
        return store.sequence == 0


def _file(settings: Settings) -> Path:
    assert settings.passphrase_file is not None
    return settings.passphrase_file


def test_the_passphrase_opens_the_store(settings: Settings) -> None:
    """The same words open it; how the file's last line ends is no part of them."""
    _file(settings).write_text("correct horse battery staple")
    assert _opens(settings)


def test_a_wrong_passphrase_is_refused(settings: Settings) -> None:
    """Other words do not open the store, and leave it as it is."""
    before = settings.store_path.read_bytes()
    _file(settings).write_text("wrong horse\n")
    with pytest.raises(WrongKey, match="ESCHER_PASSPHRASE_FILE"):
        Store.open(settings)
    assert settings.store_path.read_bytes() == before


def test_a_store_with_a_passphrase_asks_for_it(settings: Settings) -> None:
    """Without the setting no key is made and no keychain is asked."""
    with pytest.raises(KeyUnavailable, match="ESCHER_PASSPHRASE_FILE"):
        Store.open(replace(settings, passphrase_file=None))


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o666])
def test_a_file_that_others_can_read_is_refused(settings: Settings, mode: int) -> None:
    """A passphrase that is not private is no passphrase; the error says how to make it so."""
    _file(settings).chmod(mode)
    with pytest.raises(ConfigurationError, match="chmod 600"):
        Store.open(settings)


@pytest.mark.parametrize("text", ["", "\n", "\r\n"])
def test_an_empty_file_is_refused(settings: Settings, text: str) -> None:
    """A passphrase of no characters is refused."""
    _file(settings).write_bytes(text.encode())
    with pytest.raises(ConfigurationError, match="is empty"):
        Store.open(settings)


def test_a_missing_file_is_named(settings: Settings) -> None:
    """The error says which file could not be read."""
    _file(settings).unlink()
    with pytest.raises(ConfigurationError, match="cannot read the passphrase file"):
        Store.open(settings)


def test_a_slot_fits_one_store_only() -> None:
    """A slot that was copied into another store does not open there."""
    slot = passphrase.lock(bytes(32), b"words", STORE_ID)
    assert passphrase.unlock(slot, b"words", STORE_ID) == bytes(32)
    with pytest.raises(WrongKey):
        passphrase.unlock(slot, b"words", bytes([1]) * 16)


def test_an_altered_cost_is_refused_at_once() -> None:
    """A slot that asks for terabytes of memory is refused before any is taken."""
    slot = bytearray(passphrase.lock(bytes(32), b"words", STORE_ID))
    slot[4] = 0x7F
    with pytest.raises(WrongKey):
        passphrase.unlock(bytes(slot), b"words", STORE_ID)


def test_the_cost_is_what_was_promised() -> None:
    """Argon2id with t=3, 64 MiB and p=4, as the specification says."""
    slot = passphrase.lock(bytes(32), b"words", STORE_ID)
    assert [int.from_bytes(slot[at : at + 4], "big") for at in (0, 4, 8)] == [3, 64 * 1024, 4]
