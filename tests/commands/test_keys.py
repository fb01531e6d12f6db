"""`escher keys`: export, import, passphrase, rotation and state, as a user does them."""

from __future__ import annotations

import os
import pty
import re
import select
import shutil
import stat
import sys
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from escher.commands.command import Invocation, Outcome, commands, parser
from escher.errors import ConsentFromCell, ConsentMissing, InvalidInput, KeyUnavailable, StoreError, WrongKey
from escher.session.current import close_session, open_session
from escher.settings import Settings
from escher.store import recovery
from escher.store.database import connect
from escher.store.identity import identity_of
from escher.store.keychain import anchor_entry, master_entry, open_keychain
from escher.store.vault import Store
from tests.commands.conftest import Escher, document

WORDS = "words for the paper in the safe"
Keys = Callable[..., Outcome]


@pytest.fixture
def keys(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Any:
    """`keys(words, answers, secrets, home)`: the command, with a person who answers and types passphrases."""

    def run(
        words: str, answers: tuple[str, ...] = (), secrets: tuple[str, ...] = (), at: Settings = settings
    ) -> Outcome:
        monkeypatch.setenv("ESCHER_HOME", str(at.home))
        if at.passphrase_file is None:
            monkeypatch.delenv("ESCHER_PASSPHRASE_FILE", raising=False)
        else:
            monkeypatch.setenv("ESCHER_PASSPHRASE_FILE", str(at.passphrase_file))
        typed, unseen = iter(answers), iter(secrets)
        options = parser().parse_args(["keys", *words.split()])
        call = Invocation(
            options, open_session, prompt=lambda question: next(typed), secret=lambda question: next(unseen)
        )
        try:
            return commands()["keys"].run(call)
        finally:
            close_session()

    yield run
    close_session()


def _trail(settings: Settings) -> list[str]:
    from escher.session.wiring import assemble

    with assemble(settings) as parts:
        return [entry.event.type for entry in parts.ledger.entries()]


def test_an_export_is_written_once_in_a_private_file(keys: Keys, settings: Settings, tmp_path: Path) -> None:
    """The passphrase is asked for twice; the file is private; the trail knows of it."""
    file = tmp_path / "key.txt"
    done = keys(f"export {file}", secrets=(WORDS, WORDS))
    assert done.document["file"] == str(file) and stat.S_IMODE(file.stat().st_mode) == 0o600
    assert recovery.parse(file.read_text()).store_id.hex() == done.document["store_id"]
    assert _trail(settings)[-1] == "key_exported"
    with pytest.raises(InvalidInput, match="differ"):
        keys(f"export {tmp_path / 'other'}", secrets=(WORDS, f"{WORDS}!"))
    with pytest.raises(InvalidInput, match="fewer than 12"):
        keys(f"export {tmp_path / 'other'}", secrets=("short",))
    assert not (tmp_path / "other").exists()


def test_the_file_of_an_earlier_export_stays(escher: Escher, tmp_path: Path) -> None:
    """A second export to the same name fails; what is there is kept."""
    secret = _private(tmp_path / "words", WORDS)
    first = escher("keys", "export", str(tmp_path / "key.txt"), "--passphrase-file", str(secret), "--json")
    before = (tmp_path / "key.txt").read_text()
    again = escher("keys", "export", str(tmp_path / "key.txt"), "--passphrase-file", str(secret), "--json")
    assert document(first)["file"] and document(again)["error"]["code"] == "storage"
    assert (tmp_path / "key.txt").read_text() == before


def test_a_person_at_a_terminal_types_it_unseen(settings: Settings, tmp_path: Path) -> None:
    """A real terminal: asked twice, echoed never."""
    screen = _at_a_terminal(settings, f"keys export {tmp_path / 'key.txt'}", WORDS, WORDS)
    assert "New passphrase:" in screen and "The same again:" in screen
    assert WORDS not in screen
    assert recovery.opened(recovery.parse((tmp_path / "key.txt").read_text()), WORDS.encode())


@pytest.mark.parametrize("words", ["export FILE", "passphrase set", "passphrase remove"])
def test_a_cell_cannot_weaken_the_protection(escher: Escher, tmp_path: Path, words: str, settings: Settings) -> None:
    """What a kernel started is refused, with the way that works."""
    secret, before = _private(tmp_path / "words", WORDS), settings.store_path.read_bytes()
    extra = [] if words.endswith("remove") else ["--passphrase-file", str(secret)]
    line = words.replace("FILE", str(tmp_path / "key.txt")).split()
    yes = ["--yes"] if "passphrase" in words else []
    refused = escher("keys", *line, *extra, *yes, "--json", JPY_PARENT_PID="1")
    assert refused.returncode == 3
    assert document(refused)["error"]["code"] == ConsentFromCell.code
    assert "in a terminal" in document(refused)["error"]["hint"]
    assert not (tmp_path / "key.txt").exists() and settings.store_path.read_bytes() == before


def test_a_passphrase_is_replaced_after_a_yes(keys: Keys, settings: Settings) -> None:
    """It asks before it replaces; the new one opens the store; removing the only way in is refused."""
    with pytest.raises(ConsentMissing):
        keys("passphrase set", answers=("n",))
    done = keys("passphrase set", answers=("y",), secrets=(WORDS, WORDS))
    assert done.document == {"passphrase_slot": True, "replaced": True} and "rotate --master" in str(done.text)
    with Store.open(settings, WORDS.encode()) as store:
        assert store.key_source == "passphrase"
    assert settings.passphrase_file is not None
    settings.passphrase_file.write_text(WORDS)
    assert _trail(settings)[-1] == "passphrase_changed"
    with pytest.raises(StoreError, match="only way into this store"):
        keys("passphrase remove", answers=("y",))


def test_data_keys_and_master_key_are_rotated(keys: Keys, settings: Settings) -> None:
    """Both kinds are written to the trail, and the store opens afterwards."""
    before = _check(settings)
    done = keys("rotate")
    assert (done.document["master"], done.document["dropped_keys"]) == (False, 6)
    assert _check(settings) == before
    done = keys("rotate --master")
    assert done.document == {"master": True, "keychain": False, "source": "passphrase"}
    assert _check(settings) != before
    assert _trail(settings)[-2:] == ["keys_rotated", "keys_rotated"]


def test_status_says_where_the_key_comes_from_and_how_old_the_keys_are(
    escher: Escher, keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Source, ways in, anchor, six keys with their age; after a year rotation is advised."""
    found = document(escher("keys", "status", "--json"))
    assert (found["source"], found["passphrase_slot"], found["in_keychain"]) == ("passphrase", True, False)
    assert (found["anchored"], found["rotation_due"], found["advice"]) == (False, False, "")
    assert len(found["keys"]) == 6 and {key["age_days"] for key in found["keys"]} == {0}
    assert "The master key comes from: passphrase" in escher("keys", "status").stdout
    later = time.time() + 400 * 86_400
    monkeypatch.setattr("escher.session.keys.time.time", lambda: later)
    assert "escher keys rotate" in keys("status").document["advice"]


def test_an_export_of_another_store_is_refused(keys: Keys, tmp_path: Path) -> None:
    """The key of one store never gets into the place of another's."""
    keys(f"export {tmp_path / 'key.txt'}", secrets=(WORDS, WORDS))
    other = Settings(home=tmp_path / "other", passphrase_file=_private(tmp_path / "words", WORDS))
    Store.create(other).close()
    with pytest.raises(WrongKey, match="this is the key of store"):
        keys(f"import {tmp_path / 'key.txt'}", secrets=(WORDS,), at=other)


def test_an_export_from_before_a_new_master_key_is_refused(keys: Keys, tmp_path: Path) -> None:
    """It would open nothing."""
    keys(f"export {tmp_path / 'key.txt'}", secrets=(WORDS, WORDS))
    keys("rotate --master")
    with pytest.raises(WrongKey, match="was replaced after this export"):
        keys(f"import {tmp_path / 'key.txt'} --to passphrase", secrets=(WORDS,))


def test_an_import_as_passphrase_brings_a_way_in_back(keys: Keys, settings: Settings, tmp_path: Path) -> None:
    """Who forgot the passphrase but has the paper gets in, and the paper's passphrase is then the store's."""
    keys(f"export {tmp_path / 'key.txt'}", secrets=(WORDS, WORDS))
    forgotten = replace(settings, passphrase_file=None)
    with pytest.raises(WrongKey):
        keys(f"import {tmp_path / 'key.txt'} --to passphrase", ("y",), ("wrong words wrong",), at=forgotten)
    with pytest.raises(ConsentMissing):
        keys(f"import {tmp_path / 'key.txt'} --to passphrase", ("n",), at=forgotten)
    done = keys(f"import {tmp_path / 'key.txt'} --to passphrase", ("y",), (WORDS,), at=forgotten)
    assert done.document["place"] == "passphrase"
    assert settings.passphrase_file is not None
    settings.passphrase_file.write_text(WORDS)
    assert _trail(settings)[-1] == "key_imported"


def test_without_a_keychain_an_import_says_what_else_there_is(
    keys: Keys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The export itself can be the key file, and so can a backup be restored by it."""
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    keys(f"export {tmp_path / 'key.txt'}", secrets=(WORDS, WORDS))
    with pytest.raises(KeyUnavailable, match="ESCHER_KEY_FILE"):
        keys(f"import {tmp_path / 'key.txt'}", secrets=(WORDS,))


@pytest.mark.keychain
def test_a_keychain_that_lost_the_key_gets_it_back(keys: Keys, keychain_settings: Settings, tmp_path: Path) -> None:
    """Export, loss, refusal, import: the store opens by the keychain again, and is anchored."""
    Store.create(keychain_settings).close()
    keys(f"export {tmp_path / 'key.txt'}", secrets=(WORDS, WORDS), at=keychain_settings)
    store_id = recovery.parse((tmp_path / "key.txt").read_text()).store_id
    for name in (master_entry, anchor_entry):
        open_keychain().remove(name(store_id))
    with pytest.raises(KeyUnavailable, match="escher keys import FILE"):
        keys("status", at=keychain_settings)
    keys(f"import {tmp_path / 'key.txt'}", secrets=(WORDS,), at=keychain_settings)
    found = keys("status", at=keychain_settings).document
    assert (found["source"], found["in_keychain"], found["anchored"]) == ("keychain", True, True)
    assert _trail(keychain_settings)[-1] == "key_imported"


@pytest.mark.keychain
def test_on_a_new_machine_the_key_comes_before_the_store(
    keys: Keys, keychain_settings: Settings, tmp_path: Path
) -> None:
    """No store here yet: the key goes into the keychain, and whatever brings the store back opens."""
    Store.create(keychain_settings).close()
    keys(f"export {tmp_path / 'key.txt'}", secrets=(WORDS, WORDS), at=keychain_settings)
    shutil.copytree(keychain_settings.home, tmp_path / "restored")
    store_id = recovery.parse((tmp_path / "key.txt").read_text()).store_id
    open_keychain().remove(master_entry(store_id))
    here = replace(keychain_settings, home=tmp_path / "new")
    done = keys(f"import {tmp_path / 'key.txt'}", secrets=(WORDS,), at=here)
    assert done.document["store"] is False and "escher restore" in str(done.text)
    shutil.copytree(tmp_path / "restored", here.home)
    with Store.open(here) as store:
        assert store.key_source == "keychain"


@pytest.mark.keychain
def test_a_keychain_store_gets_a_passphrase_and_loses_it(
    keys: Keys, keychain_settings: Settings, tmp_path: Path
) -> None:
    """Set without a question, as nothing is replaced; removed after one, as the keychain still opens it."""
    Store.create(keychain_settings).close()
    done = keys("passphrase set", secrets=(WORDS, WORDS), at=keychain_settings)
    assert done.document == {"passphrase_slot": True, "replaced": False}
    with_words = replace(keychain_settings, passphrase_file=_private(tmp_path / "words", WORDS))
    with Store.open(with_words) as store:
        assert store.key_source == "passphrase"
    with pytest.raises(ConsentMissing):
        keys("passphrase remove", ("",), at=keychain_settings)
    assert keys("passphrase remove", ("y",), at=keychain_settings).document["passphrase_slot"] is False
    assert keys("rotate --master", at=keychain_settings).document["keychain"] is True
    with Store.open(with_words) as store:
        assert store.key_source == "keychain"


def _private(path: Path, text: str) -> Path:
    path.touch(mode=0o600)
    path.write_text(text)
    return path


def _check(settings: Settings) -> bytes:
    with closing(connect(settings.store_path)) as connection:
        return identity_of(connection).check


def _at_a_terminal(settings: Settings, words: str, *typed: str) -> str:
    """Everything that a terminal shows of a command, in which a person types these lines when asked."""
    environment = {"ESCHER_HOME": str(settings.home), "ESCHER_PASSPHRASE_FILE": str(settings.passphrase_file)}
    child, terminal = pty.fork()
    if child == 0:
        command = [sys.executable, "-m", "escher.cli", *words.split()]
        os.execve(command[0], command, os.environ | environment)
    screen, left, deadline = "", list(typed), time.monotonic() + 60
    while time.monotonic() < deadline and select.select([terminal], [], [], 30)[0]:
        try:
            screen += os.read(terminal, 4096).decode()
        except OSError:  # the command ended, and its terminal with it
            break
        if left and len(re.findall("(?:passphrase|again):", screen)) > len(typed) - len(left):
            os.write(terminal, f"{left.pop(0)}\n".encode())
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0, screen
    return screen
