"""The audit trail in a real store, and what is found of whatever is done to its file."""

from __future__ import annotations

import json
import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from escher.contract.audit import AuditEntry, AuditEvent, Verification
from escher.errors import RecordExists, StoreTampered
from escher.ledger.ledger import Ledger
from escher.settings import Settings
from escher.store.keychain import open_keychain
from escher.store.records import Record
from escher.store.vault import Store

ENTRIES = 12
APPENDER = """
import sys
from pathlib import Path
from escher.contract.audit import AuditEvent
from escher.ledger.ledger import Ledger
from escher.settings import Settings
from escher.store.keychain import open_keychain
from escher.store.vault import Store

with Store.open(Settings(home=Path(sys.argv[1]), passphrase_file=Path(sys.argv[2]))) as store:
    for number in range(100):
        Ledger(store).append(AuditEvent(type="started", at="", actor="ana", subject=f"run-{number}"))
"""


def _event(subject: str = "plan-1") -> AuditEvent:
    return AuditEvent(type="approved", at="2026-01-02T03:04:05+00:00", actor="ana", subject=subject, details={"n": 1})


@pytest.fixture
def filled(settings: Settings) -> Settings:
    """A store with an audit trail and another report in its midst, closed."""
    with Store.open(settings) as store:
        for number in range(ENTRIES):
            Ledger(store).append(_event(f"plan-{number}"))
            if number == 5:
                with store.transaction() as within:
                    within.insert("immutable_reports", Record("cost:2026-01", {"report_type": "cost"}))
    return settings


def _position(entry: int) -> int:
    """Where an entry's row is: a checkpoint came after the first, and the other report after the sixth."""
    return entry + (entry > 1) + (entry > 6)


def _attack(settings: Settings, statement: str, *values: object) -> None:
    with closing(sqlite3.connect(settings.store_path)) as connection:
        with connection:
            assert connection.execute(statement, values).rowcount > 0
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _verify(settings: Settings) -> Verification:
    with Store.open(settings) as store:
        return Ledger(store).verify()


def _found(settings: Settings) -> tuple[str, int | None]:
    found = _verify(settings)
    return found.status, found.first_bad_entry


def test_entries_are_numbered_and_come_back(ledger: Ledger) -> None:
    """What was appended is read in order, with its place in the chain."""
    assert [ledger.append(_event(f"plan-{number}")) for number in range(3)] == [1, 2, 3]
    entries = list(ledger.entries())
    assert [entry.event for entry in entries] == [_event(f"plan-{number}") for number in range(3)]
    assert [entry.previous for entry in entries[1:]] == [entry.hash for entry in entries[:-1]]


def test_an_entry_belongs_to_its_transaction(ledger: Ledger, store: Store) -> None:
    """An event written within a transaction is there with the rest of it, or not at all."""
    with pytest.raises(ZeroDivisionError), store.transaction() as within:
        ledger.append(_event(), within=within)
        raise ZeroDivisionError
    with store.transaction() as within:
        assert [ledger.append(_event(), within=within) for _ in range(2)] == [1, 2]
        within.put("executed_operations", Record("run:1", {}))
    assert ledger.verify().status == "ok" and store.sequence == 1


def test_an_entry_cannot_be_written_over(ledger: Ledger, store: Store) -> None:
    """Not even who has the open store can replace an entry."""
    ledger.append(_event())
    with pytest.raises(RecordExists), store.transaction() as within:
        within.put("immutable_reports", Record("audit:1", {"report_type": "audit"}))
    assert ledger.verify().status == "ok"


def test_processes_append_to_one_chain(settings: Settings) -> None:
    """Two processes at once continue each other's entries."""
    command = [sys.executable, "-c", APPENDER, str(settings.home), str(settings.passphrase_file)]
    appenders = [subprocess.Popen(command) for _ in range(2)]
    assert [appender.wait(timeout=120) for appender in appenders] == [0, 0]
    found = _verify(settings)
    assert (found.status, found.entries) == ("ok", 200)


def test_a_whole_trail_verifies(filled: Settings) -> None:
    """Nothing was changed; without a keychain the answer names what cannot be known."""
    found = _verify(filled)
    assert (found.status, found.entries, found.first_bad_entry) == ("ok", ENTRIES, None)
    assert "older copy" in found.message


def test_an_empty_trail_verifies(settings: Settings) -> None:
    """A new store has no entries, and that is in order."""
    assert _verify(settings).entries == 0
    assert _found(settings) == ("ok", None)


def test_any_changed_byte_names_its_entry(filled: Settings, campaign: Callable[[int], int]) -> None:
    """One byte of a row's nonce, ciphertext or tag, in the file itself."""
    rng = random.Random(6)
    whole = filled.store_path.read_bytes()
    with closing(sqlite3.connect(filled.store_path)) as connection:
        sealed = dict(connection.execute("SELECT position, sealed FROM immutable_reports"))
    for number in range(campaign(1_000)):
        entry = 1 + number % ENTRIES
        value = sealed[_position(entry)]
        changed = bytearray(whole)
        at = (0, 11, 12, len(value) - 16, len(value) - 1, rng.randrange(len(value)))[number % 6]
        changed[whole.index(value) + at] ^= rng.randrange(1, 256)
        filled.store_path.write_bytes(changed)
        assert _found(filled) == ("tampered", entry)


@pytest.mark.parametrize("entry", [1, 6, 7, ENTRIES])
@pytest.mark.parametrize(
    "change",
    [
        "version = version + 1",
        "sequence = sequence - 1",
        "deleted = 1",
        "key_id = key_id + 1",
        "row_id = zeroblob(16)",
        "position = 1000",
        "position = -1",
        "sealed = x''",
        "sealed = 'text'",
    ],
)
def test_any_changed_column_names_its_entry(filled: Settings, change: str, entry: int) -> None:
    """Nothing of a row can be changed, the first and the last entry's included."""
    _attack(filled, f"UPDATE immutable_reports SET {change} WHERE position = ?", _position(entry))
    assert _found(filled) == ("tampered", entry)
    with Store.open(filled) as store, pytest.raises(StoreTampered):
        list(Ledger(store).entries())


def test_a_changed_row_id_in_the_file_names_its_entry(filled: Settings) -> None:
    """The row's own copy of its id, and not the index's, is what counts."""
    whole = filled.store_path.read_bytes()
    with closing(sqlite3.connect(filled.store_path)) as connection:
        row_id, sealed = connection.execute(
            "SELECT row_id, sealed FROM immutable_reports WHERE position = 5"
        ).fetchone()
    at = whole.rindex(row_id, 0, whole.index(sealed))
    assert whole.index(sealed) - at < 40
    filled.store_path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
    assert _found(filled) == ("tampered", 4)


def test_a_row_taken_out_names_its_entry(filled: Settings) -> None:
    """A deleted row in the middle is the first bad entry."""
    _attack(filled, "DELETE FROM immutable_reports WHERE position = ?", _position(8))
    assert _found(filled) == ("tampered", 8)


@pytest.mark.parametrize("left", [0, 1, ENTRIES - 1])
def test_a_cut_trail_is_truncated(filled: Settings, left: int) -> None:
    """Rows taken from the end are missed by the head that the root keeps."""
    _attack(filled, "DELETE FROM immutable_reports WHERE position > ?", _position(left))
    found = _verify(filled)
    assert (found.status, found.entries) == ("truncated", left)


def test_exchanged_rows_name_the_first(filled: Settings) -> None:
    """Two rows whose contents were exchanged: the first of them is named."""
    with closing(sqlite3.connect(filled.store_path)) as connection:
        (third,) = connection.execute("SELECT sealed FROM immutable_reports WHERE position = 4").fetchone()
        (fifth,) = connection.execute("SELECT sealed FROM immutable_reports WHERE position = 6").fetchone()
    _attack(filled, "UPDATE immutable_reports SET sealed = ? WHERE position = 4", fifth)
    _attack(filled, "UPDATE immutable_reports SET sealed = ? WHERE position = 6", third)
    assert _found(filled) == ("tampered", 3)


def test_an_altered_root_is_tampered(filled: Settings) -> None:
    """Without the record of its end a trail proves nothing."""
    _attack(filled, "UPDATE header SET value = zeroblob(length(value)) WHERE name = 'root'")
    assert _verify(filled).status == "tampered"


def test_a_page_that_cannot_be_read_names_the_first_entry_on_it(filled: Settings) -> None:
    """A damaged page of the file ends the trail where it begins, without a crash."""
    whole = bytearray(filled.store_path.read_bytes())
    with closing(sqlite3.connect(filled.store_path)) as connection:
        (sealed,) = connection.execute("SELECT sealed FROM immutable_reports WHERE position = 1").fetchone()
    page = whole.index(sealed) // 16384 * 16384
    whole[page : page + 16384] = bytes(16384)
    filled.store_path.write_bytes(whole)
    assert _found(filled) == ("tampered", 1)


def test_damage_elsewhere_is_not_the_trails(filled: Settings) -> None:
    """A changed report that is no audit entry, and a changed collection, leave the trail in order."""
    _attack(filled, "UPDATE immutable_reports SET version = 9 WHERE position = 8")
    assert _found(filled) == ("ok", None)


def test_the_export_is_the_trail_as_json_lines(ledger: Ledger) -> None:
    """One line an entry, from which the entries can be read again, between a title and a seal."""
    for number in range(3):
        ledger.append(_event(f"plan-{number}"))
    lines = [json.loads(line) for line in ledger.export()]
    assert [AuditEntry.model_validate(line) for line in lines if "event" in line] == list(ledger.entries())
    assert lines[0]["format"] == "escher-audit/1" and "signature" in lines[-1]


@pytest.mark.keychain
def test_a_keychain_remembers_the_head(keychain_settings: Settings, tmp_path: Path) -> None:
    """With a keychain an older copy of the whole file is truncated, and no doubt is left for a whole one."""
    path, copy = keychain_settings.store_path, tmp_path / "older"
    with Store.create(keychain_settings) as store:
        Ledger(store).append(_event())
        assert "older copy" not in Ledger(store).verify().message
    shutil.copy(path, copy)
    with Store.open(keychain_settings) as store:
        Ledger(store).append(_event())
    assert _found(keychain_settings) == ("ok", None)
    shutil.copy(copy, path)
    assert _verify(keychain_settings).status == "truncated"


@pytest.mark.keychain
def test_an_entry_is_anchored_at_once(keychain_settings: Settings, tmp_path: Path) -> None:
    """A process that dies right after an append has anchored it: putting back the file of before is noticed."""
    path, copy = keychain_settings.store_path, tmp_path / "older"
    Store.create(keychain_settings).close()
    shutil.copy(path, copy)
    script = (
        "import os, sys; from pathlib import Path\n"
        "from escher.contract.audit import AuditEvent; from escher.ledger.ledger import Ledger\n"
        "from escher.settings import Settings; from escher.store.vault import Store\n"
        "store = Store.open(Settings(home=Path(sys.argv[1])))\n"
        "Ledger(store).append(AuditEvent(type='started', at='', actor='ana', subject='run-1'))\n"
        "os._exit(0)\n"
    )
    subprocess.run([sys.executable, "-c", script, str(keychain_settings.home)], check=True)
    for beside in path.parent.iterdir():
        beside.unlink()
    shutil.copy(copy, path)
    assert _verify(keychain_settings).status == "truncated"


@pytest.mark.keychain
def test_a_keychain_that_forgot_leaves_a_doubt(keychain_settings: Settings) -> None:
    """Somebody removed the anchor: the trail is in order, but nobody can say whether it is the newest."""
    with Store.create(keychain_settings) as store:
        Ledger(store).append(_event())
        anchor = f"anchor {store.store_id}"
    open_keychain().remove(anchor)
    assert _verify(keychain_settings).status == "unverifiable"
    assert _verify(keychain_settings).status == "unverifiable"
    with Store.open(keychain_settings) as store:
        Ledger(store).append(_event())
    assert _verify(keychain_settings).status == "ok"
