"""The master key behind a passphrase."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from escher.errors import ConfigurationError, InvalidInput, KeyUnavailable, StoreError, WrongKey
from escher.settings import Settings
from escher.store import passphrase
from escher.store.identity import identity_of
from escher.store.master import drop_slot, replace_master, set_slot
from escher.store.records import Record
from escher.store.sources import unlock
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


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("short", "fewer than 12"), ("aaaaaaaaaaaaaaaa", "repeats"), ("abcabcabcabcabc", "repeats"),
        ("abcdefabcdef", "repeats"), ("123412341234", "repeats"), ("abcdefghijklmno", "sequence"),
        ("zyxwvutsrqponm", "sequence"), ("ábcdé", "fewer than 12"),
    ],
)  # fmt: skip
def test_a_passphrase_that_protects_nothing_is_refused(text: str, why: str) -> None:
    """Too short, one piece over and over, or a plain sequence."""
    with pytest.raises(InvalidInput, match=why):
        passphrase.require_quality(text.encode())


@pytest.mark.parametrize("text", ["correct horse battery", "Tr0ub4dor&3-x", "éàüößñ and more"])
def test_other_passphrases_are_taken(text: str) -> None:
    """Words, signs and letters of any language."""
    assert passphrase.require_quality(text.encode()) is None


def test_a_new_passphrase_takes_the_place_of_the_old_one(settings: Settings) -> None:
    """The old words no longer open the store, the new ones do, and so do typed ones."""
    new = b"quite another set of words"
    with Store.open(settings) as store, store.transaction() as within:
        identity = identity_of(within.connection)
        set_slot(within, unlock(settings, identity).master, identity, new)
    with pytest.raises(WrongKey):
        Store.open(settings)
    with Store.open(settings, new) as store:
        assert store.key_source == "passphrase"
    _file(settings).write_bytes(new)
    assert not Store.open(settings).close()


def test_a_new_master_key_is_behind_the_same_passphrase(settings: Settings) -> None:
    """The slot, the check and every wrapped key are others; the words and the records are the same."""
    with Store.open(settings) as store:
        with store.transaction() as within:
            within.put("alerts_events", Record("one", {"n": 1}))
        before, derived = settings.store_path.read_bytes(), store.derive("anything")
        with store.transaction() as within:
            identity = identity_of(within.connection)
            assert replace_master(settings, within) is None
            assert identity_of(within.connection).check != identity.check
    with Store.open(settings) as store:
        assert [one.body for one in store.records("alerts_events")] == [{"n": 1}]
        assert store.derive("anything") == derived
    assert settings.store_path.read_bytes() != before


def test_a_passphrase_is_not_removed_without_a_keychain(store: Store) -> None:
    """It is the last way in: the store stays as it is."""
    with pytest.raises(StoreError, match="only way"), store.transaction() as within:
        drop_slot(within, identity_of(within.connection))
    with store.transaction() as within:
        assert identity_of(within.connection).slot is not None
