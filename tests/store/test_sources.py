"""A master key from the environment or a file, for tests, CI and containers."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import replace
from pathlib import Path

import pytest

from escher.errors import ConfigurationError, KeyUnavailable, WrongKey
from escher.settings import Settings
from escher.store import recovery
from escher.store.identity import identity_of
from escher.store.master import replace_master
from escher.store.sources import unlock
from escher.store.vault import Store

KEY = b64encode(bytes(range(32))).decode()


def _private(path: Path, text: str) -> Path:
    path.touch(mode=0o600)
    path.write_text(text)
    return path


def test_a_key_in_the_environment_makes_and_opens_a_store(tmp_path: Path) -> None:
    """Neither keychain nor passphrase is needed, and none is made."""
    settings = Settings(home=tmp_path / "home", master_key=KEY)
    with Store.create(settings) as store:
        assert (store.key_source, store.has_keychain) == ("environment", False)
    with Store.open(settings) as store:
        assert store.sequence == 0
    with pytest.raises(WrongKey, match="ESCHER_MASTER_KEY"):
        Store.open(replace(settings, master_key=b64encode(bytes(32)).decode()))


def test_a_key_in_a_file_makes_and_opens_a_store(tmp_path: Path) -> None:
    """A private file with the key in base64; one that others can read is refused."""
    file = _private(tmp_path / "key", f"{KEY}\n")
    settings = Settings(home=tmp_path / "home", key_file=file)
    with Store.create(settings) as store:
        assert store.key_source == "key file"
    assert not Store.open(replace(settings, master_key=KEY)).close()
    file.chmod(0o644)
    with pytest.raises(ConfigurationError, match="chmod 600"):
        Store.open(settings)
    file.unlink()
    with pytest.raises(ConfigurationError, match="Correct ESCHER_KEY_FILE"):
        Store.open(settings)


@pytest.mark.parametrize("text", ["", "no key", "AAAA", KEY[:-4], f"{KEY}{KEY}"])
def test_what_is_no_key_is_refused(tmp_path: Path, text: str) -> None:
    """32 bytes in base64, and nothing else; no store is made."""
    settings = Settings(home=tmp_path / "home", key_file=_private(tmp_path / "key", text))
    with pytest.raises(ConfigurationError, match="no key of 32 bytes"):
        Store.create(settings)
    assert not settings.store_path.exists()


def test_the_environment_comes_before_the_file_and_the_file_before_the_passphrase(
    settings: Settings, tmp_path: Path
) -> None:
    """What was given first and is wrong is an error; nothing else is tried in its place."""
    wrong = b64encode(bytes(32)).decode()
    with pytest.raises(WrongKey, match="ESCHER_KEY_FILE"):
        Store.open(replace(settings, key_file=_private(tmp_path / "key", wrong)))
    with pytest.raises(WrongKey, match="ESCHER_MASTER_KEY"):
        Store.open(replace(settings, key_file=_private(tmp_path / "key", wrong), master_key=wrong))


def test_an_export_is_a_key_file_too(settings: Settings, tmp_path: Path) -> None:
    """On a machine without a keychain the printed key and its passphrase open the store as they are."""
    with Store.open(settings) as store, store.transaction() as within:
        identity = identity_of(within.connection)
        text = recovery.export(unlock(settings, identity).master, identity, b"words for the paper")
    there = replace(settings, key_file=_private(tmp_path / "export", text), passphrase_file=None)
    with pytest.raises(KeyUnavailable, match="ESCHER_PASSPHRASE_FILE"):
        Store.open(there)
    there = replace(there, passphrase_file=_private(tmp_path / "words", "words for the paper"))
    with Store.open(there) as store:
        assert store.key_source == "key file"
    with pytest.raises(WrongKey, match="another store's"):
        Store.create(replace(there, home=tmp_path / "other"))


def test_a_key_that_escher_does_not_keep_is_not_replaced(tmp_path: Path) -> None:
    """Nobody would have the new one."""
    settings = Settings(home=tmp_path / "home", master_key=KEY)
    with Store.create(settings) as store:
        with pytest.raises(ConfigurationError, match="does not keep it"), store.transaction() as within:
            replace_master(settings, within)
        assert store.sequence == 0
