"""Somebody who can write the store's file, but has no key, against a trail of a thousand entries."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from escher.contract.audit import AuditEvent, Verification
from escher.errors import StoreTampered
from escher.ledger.ledger import Ledger
from escher.settings import Settings
from escher.store.vault import Store

ENTRIES = 1_000
TABLE = "immutable_reports"


@dataclass(frozen=True)
class Trail:
    """A store that is closed: its file's bytes, and where each record's row is."""

    settings: Settings
    whole: bytes
    places: dict[str, int]

    @contextmanager
    def attacked(self) -> Iterator[sqlite3.Connection]:
        """The whole file, open to somebody who has no key."""
        for old in self.settings.store_path.parent.glob("escher.db*"):
            old.unlink()
        self.settings.store_path.write_bytes(self.whole)
        with closing(sqlite3.connect(self.settings.store_path)) as connection:
            connection.execute("PRAGMA synchronous = OFF")
            with connection:
                yield connection

    def verify(self) -> Verification:
        """What is found of the file as it is now."""
        with Store.open(self.settings) as store:
            return Ledger(store).verify()


def _append(store: Store, number: int, word: str = "run") -> None:
    ledger, at = Ledger(store), datetime(2026, 1, 2, tzinfo=UTC).isoformat()
    with store.transaction() as within:
        for one in range(number):
            ledger.append(AuditEvent(type="started", at=at, actor="ana", subject=f"{word}-{one}"), within=within)
    ledger.checkpoint()


@pytest.fixture
def trail(settings: Settings) -> Trail:
    """Entries that are signed at 1, 101, 201 … and at their end."""
    with Store.open(settings) as store:
        _append(store, ENTRIES)
        keys = [record.key for record in store.records(TABLE)]
    return Trail(settings, settings.store_path.read_bytes(), {key: at for at, key in enumerate(keys, 1)})


def _sealed(connection: sqlite3.Connection, place: int) -> bytes:
    return connection.execute(f"SELECT sealed FROM {TABLE} WHERE position = ?", (place,)).fetchone()[0]


@pytest.mark.campaign
def test_each_of_a_thousand_entries_altered_is_located(trail: Trail, campaign: Callable[[int], int]) -> None:
    """One bit of one entry's ciphertext: that very entry is named, a thousand times, each entry in turn."""
    rng = random.Random(11)
    for entry in sorted(rng.sample(range(1, ENTRIES + 1), campaign(ENTRIES))):
        place = trail.places[f"audit:{entry}"]
        with trail.attacked() as file:
            value = bytearray(_sealed(file, place))
            value[rng.randrange(len(value))] ^= 1 << rng.randrange(8)
            file.execute(f"UPDATE {TABLE} SET sealed = ? WHERE position = ?", (bytes(value), place))
        found = trail.verify()
        assert (found.status, found.first_bad_entry) == ("tampered", entry)


@pytest.mark.campaign
def test_entries_taken_out_exchanged_or_replayed_are_located(trail: Trail, campaign: Callable[[int], int]) -> None:
    """A row deleted, two rows' contents exchanged, one row's content put over another: the first is named."""
    rng = random.Random(12)
    for case in range(campaign(300)):
        one, two = sorted(rng.sample(range(1, ENTRIES), 2))
        first, second = trail.places[f"audit:{one}"], trail.places[f"audit:{two}"]
        with trail.attacked() as file:
            mine, other = _sealed(file, first), _sealed(file, second)
            if case % 3 == 0:
                file.execute(f"DELETE FROM {TABLE} WHERE position = ?", (first,))
            else:
                file.execute(f"UPDATE {TABLE} SET sealed = ? WHERE position = ?", (other, first))
            if case % 3 == 1:
                file.execute(f"UPDATE {TABLE} SET sealed = ? WHERE position = ?", (mine, second))
        found = trail.verify()
        assert (found.status, found.first_bad_entry) == ("tampered", one)


@pytest.mark.campaign
def test_a_tail_that_is_cut_is_truncated(trail: Trail, campaign: Callable[[int], int]) -> None:
    """Rows taken from the end, checkpoints among them: the trail says where it ends, and how many entries there were."""
    rng = random.Random(13)
    for left in [0, 1, ENTRIES - 1, *rng.sample(range(2, ENTRIES - 1), campaign(200))]:
        with trail.attacked() as file:
            last = trail.places[f"audit:{left}"] if left else 0
            file.execute(f"DELETE FROM {TABLE} WHERE position > ?", (last,))
        found = trail.verify()
        assert (found.status, found.entries, found.first_bad_entry) == ("truncated", left, left + 1)
        assert f"{ENTRIES} were written" in found.message


@pytest.mark.parametrize(
    "change", ["UPDATE {} SET sealed = zeroblob(200) WHERE position = ?", "DELETE FROM {} WHERE position = ?"]
)
def test_every_checkpoint_altered_or_taken_out_is_noticed(trail: Trail, change: str) -> None:
    """Named is the first entry that no checkpoint vouches for any more."""
    signed = [int(key.partition(":")[2]) for key in trail.places if key.startswith("checkpoint:")]
    assert signed == [1, *range(101, ENTRIES, 100), ENTRIES]
    for before, checkpoint in zip([0, *signed], signed, strict=False):
        with trail.attacked() as file:
            file.execute(change.format(TABLE), (trail.places[f"checkpoint:{checkpoint}"],))
        found = trail.verify()
        assert (found.status, found.first_bad_entry) == ("tampered", before + 1)
        assert "checkpoint" in found.message and "was altered or taken out" in found.message


def test_an_older_trail_in_a_newer_file_is_noticed(trail: Trail) -> None:
    """The rows of before under the root of now are cut short; the root of before over the rows of now are too many."""
    with trail.attacked() as file:
        [[older_root]] = file.execute("SELECT value FROM header WHERE name = 'root'").fetchall()
        older_rows = file.execute(f"SELECT * FROM {TABLE}").fetchall()
    with Store.open(trail.settings) as store:
        _append(store, 10, "later")
    newest = Trail(trail.settings, trail.settings.store_path.read_bytes(), trail.places)
    with newest.attacked() as file:
        file.execute("UPDATE header SET value = ? WHERE name = 'root'", (older_root,))
    assert newest.verify().status == "tampered" and newest.verify().first_bad_entry == ENTRIES + 1
    with newest.attacked() as file:
        file.execute(f"DELETE FROM {TABLE}")
        file.executemany(f"INSERT INTO {TABLE} VALUES ({', '.join('?' * len(older_rows[0]))})", older_rows)
    assert newest.verify().status == "truncated"


def test_a_closing_session_does_not_sign_what_was_tampered_with(trail: Trail) -> None:
    """A trail that was altered is not continued, so no checkpoint of ours vouches for it."""
    with Store.open(trail.settings) as store:
        Ledger(store).append(AuditEvent(type="started", at="", actor="ana", subject="not signed yet"))
    with closing(sqlite3.connect(trail.settings.store_path)) as file, file:
        file.execute(f"UPDATE {TABLE} SET version = version + 1 WHERE position = ?", (trail.places["audit:500"],))
    with Store.open(trail.settings) as store:
        ledger = Ledger(store)
        with pytest.raises(StoreTampered):
            ledger.append(AuditEvent(type="started", at="", actor="ana", subject="one more"))
        with pytest.raises(StoreTampered):
            ledger.checkpoint()
        with pytest.raises(StoreTampered):
            list(ledger.export())
        assert ledger.verify().first_bad_entry == 500


@pytest.mark.keychain
def test_an_older_copy_and_a_forgetful_keychain(
    keychain_settings: Settings, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """With a keychain an older copy of the whole file is truncated, with all its signatures in order."""
    copy = tmp_path_factory.mktemp("copy") / "older"
    with Store.create(keychain_settings) as store:
        _append(store, 120)
    shutil.copy(keychain_settings.store_path, copy)
    with Store.open(keychain_settings) as store:
        _append(store, 5, "later")
        assert Ledger(store).verify().status == "ok"
    for beside in keychain_settings.store_path.parent.glob("escher.db*"):
        beside.unlink()
    shutil.copy(copy, keychain_settings.store_path)
    with Store.open(keychain_settings) as store:
        found = Ledger(store).verify()
    assert (found.status, found.entries, found.signed_entries) == ("truncated", 120, 120)
