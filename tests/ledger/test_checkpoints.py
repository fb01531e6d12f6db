"""Checkpoints: when they are made, and whom they catch."""

from __future__ import annotations

import lzma
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from escher.contract.audit import GENESIS, AuditEntry, AuditEvent, Checkpoint
from escher.errors import StoreError
from escher.ledger.chain import End, link, link_of, verify
from escher.ledger.checkpoints import Checks, is_due, make
from escher.ledger.ledger import Ledger
from escher.ledger.signing import Signer
from escher.settings import Settings
from escher.store.records import Record
from escher.store.vault import Store
from tests.store.conftest import passphrase_settings

FIXTURE = Path(__file__).parent.parent / "fixtures" / "store_v1" / "escher.db.xz"
START = datetime(2026, 1, 1, tzinfo=UTC)
OURS, THEIRS = Signer(b"o" * 32), Signer(b"t" * 32)
STORE = "ab" * 16


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


def _event(at: datetime = START, subject: str = "run") -> AuditEvent:
    return AuditEvent(type="started", at=at.isoformat(), actor="ana", subject=subject)


def _trail(length: int, signer: Signer = OURS, word: str = "run") -> tuple[list[AuditEntry], list[Checkpoint]]:
    """Entries a minute apart, signed when it is due."""
    entries, checkpoints, end = list[AuditEntry](), list[Checkpoint](), End(0, GENESIS)
    for number in range(length):
        at = START + timedelta(minutes=number)
        entries.append(link(_event(at, f"{word} {number}"), end))
        end = End(entries[-1].entry, entries[-1].hash)
        if is_due(number + 1, at, checkpoints[-1] if checkpoints else None):
            checkpoints.append(make(signer, STORE, entries[-1], at, checkpoints[-1] if checkpoints else None))
    return entries, checkpoints


def _found(entries: list[AuditEntry], checkpoints: list[Checkpoint], store: str = STORE) -> tuple[str, int | None]:
    checks = Checks(store, OURS.public_key, checkpoints)
    links = [link_of(entry.model_dump(mode="json")) for entry in entries]
    found = verify(links, End(entries[-1].entry, entries[-1].hash), witness=checks)
    return found.status, found.first_bad_entry


def test_the_first_the_hundredth_and_the_first_of_an_hour_are_signed(store: Store) -> None:
    """A busy trail is signed every hundred entries, a quiet one with the first entry after an hour."""
    clock = Clock()
    ledger = Ledger(store, clock)
    for _ in range(250):
        ledger.append(_event())
    clock.now += timedelta(hours=1)
    ledger.append(_event(clock.now))
    signed = [key for key in _keys(store) if key.startswith("checkpoint:")]
    assert signed == ["checkpoint:1", "checkpoint:101", "checkpoint:201", "checkpoint:251"]
    found = ledger.verify()
    assert (found.status, found.checkpoints, found.signed_entries, found.uncovered) == ("ok", 4, 251, ())


def test_the_open_end_is_named_until_it_is_signed(store: Store) -> None:
    """What came after the last checkpoint is a period without one; closing the session signs it."""
    ledger = Ledger(store, Clock())
    for _ in range(5):
        ledger.append(_event())
    [gap] = ledger.verify().uncovered
    assert (gap.first_entry, gap.last_entry) == (2, 5)
    ledger.checkpoint()
    ledger.checkpoint()
    assert (ledger.verify().uncovered, ledger.verify().checkpoints) == ((), 2)


def test_an_hour_without_a_checkpoint_is_named(store: Store) -> None:
    """Entries that were signed only long after they were written are a period without a checkpoint."""
    clock = Clock()
    ledger = Ledger(store, clock)
    for _ in range(3):
        ledger.append(_event(clock.now))
    clock.now += timedelta(hours=2)
    ledger.append(_event(clock.now))
    found = ledger.verify()
    assert [(gap.first_entry, gap.last_entry) for gap in found.uncovered] == [(2, 4)]
    assert found.status == "ok"


def test_a_clock_set_back_is_told_and_proves_nothing(store: Store) -> None:
    """Times that run backwards are a note; the trail is in order."""
    clock = Clock()
    ledger = Ledger(store, clock)
    ledger.append(_event())
    clock.now -= timedelta(days=1)
    ledger.append(_event(clock.now))
    ledger.checkpoint()
    found = ledger.verify()
    assert found.status == "ok"
    assert len(found.notes) == 2


def test_a_trail_chained_anew_without_the_key_is_caught() -> None:
    """Whoever rewrites every entry and the end needs the key, too: old checkpoints do not fit, and new ones are not ours."""
    entries, checkpoints = _trail(250)
    forged, unsigned = _trail(250, THEIRS, "another run")
    assert _found(entries, checkpoints) == ("ok", None)
    assert _found(forged, checkpoints) == ("tampered", 1)
    assert _found(forged, unsigned) == ("tampered", 1)


@pytest.mark.parametrize("first", [2, 60, 102, 180])
def test_a_part_chained_anew_is_located_at_its_checkpoint(first: int) -> None:
    """Rewritten from one entry on, a trail is caught at the first checkpoint behind; up to the one before it is vouched for."""
    entries, checkpoints = _trail(250)
    end = End(entries[first - 2].entry, entries[first - 2].hash)
    for number in range(first - 1, 250):
        entries[number] = link(_event(subject="forged"), end)
        end = End(entries[number].entry, entries[number].hash)
    vouched = max(one.entries for one in checkpoints if one.entries < first)
    assert _found(entries, checkpoints) == ("tampered", vouched + 1)


def test_a_checkpoint_taken_out_or_of_another_store_is_noticed() -> None:
    """Each checkpoint names the one before it and the store it belongs to."""
    entries, checkpoints = _trail(350)
    assert _found(entries, [checkpoints[0], *checkpoints[2:]])[0] == "tampered"
    assert _found(entries, checkpoints, "cd" * 16)[0] == "tampered"


def test_checkpoints_altered_in_the_store_are_noticed(settings: Settings) -> None:
    """A forged checkpoint record, and one that is gone, make a trail tampered although its entries are in order."""
    with Store.open(settings) as store:
        ledger = Ledger(store, Clock())
        for _ in range(120):
            ledger.append(_event())
        with store.transaction() as within:
            within.retire("immutable_reports", "checkpoint:101")
        assert (ledger.verify().status, ledger.verify().first_bad_entry) == ("tampered", 2)
        entry = list(ledger.entries())[100]
        forged = make(THEIRS, store.store_id, entry, START, None)
        with store.transaction() as within:
            body = {"report_type": "checkpoint", "checkpoint": forged.model_dump(mode="json")}
            within.insert("immutable_reports", Record("checkpoint:101", body))
        assert ledger.verify().status == "tampered"


@pytest.mark.campaign
@pytest.mark.parametrize("rehashed", [False, True])
def test_every_forged_entry_is_located(campaign: Callable[[int], int], rehashed: bool) -> None:
    """An entry with another content is named itself, with its old hash and with a right one."""
    entries, checkpoints = _trail(1_000)
    rng = random.Random(7)
    for number in sorted(rng.sample(range(1_000), campaign(1_000))):
        kept, forged = entries[number], list(entries)
        if rehashed:
            forged[number] = link(_event(subject="forged"), End(number, kept.previous))
        else:
            forged[number] = kept.model_copy(update={"event": _event(subject="forged")})
        links = [link_of(entry.model_dump(mode="json")) for entry in forged]
        end = End(1_000, entries[-1].hash)
        found = verify(links, end, witness=Checks(STORE, OURS.public_key, checkpoints))
        assert (found.status, found.first_bad_entry) == ("tampered", kept.entry)


def test_a_clock_that_was_ahead_does_not_stop_signing(store: Store) -> None:
    """A checkpoint from the future does not keep the next one from being made; a few seconds back are no reason."""
    clock = Clock()
    ledger = Ledger(store, clock)
    clock.now += timedelta(days=365)
    ledger.append(_event(clock.now))
    clock.now = START
    ledger.append(_event(clock.now))
    clock.now -= timedelta(seconds=30)
    ledger.append(_event(clock.now))
    found = ledger.verify()
    assert (found.status, found.checkpoints, found.signed_entries) == ("ok", 2, 2)
    assert len(found.notes) == 2 and "set back" in found.notes[1]


def test_processes_that_queue_are_no_clock_set_back(store: Store) -> None:
    """Times that differ by less than a minute are not told, and a clock that jumps all the time only so often."""
    clock = Clock()
    ledger = Ledger(store, clock)
    with store.transaction() as within:
        for number in range(10):
            ledger.append(_event(START + timedelta(seconds=number % 2)), within=within)
    assert ledger.verify().notes == ()
    with store.transaction() as within:
        for number in range(60):
            ledger.append(_event(START + timedelta(hours=number % 2)), within=within)
    notes = ledger.verify().notes
    assert len(notes) == 21 and notes[-1].startswith("Times run backwards in further")


def test_a_closed_store_signs_nothing(settings: Settings) -> None:
    """The key is made when it is needed, and is not kept by a ledger whose store was closed."""
    with Store.open(settings) as store:
        ledger = Ledger(store, Clock())
        ledger.append(_event())
    with pytest.raises(StoreError):
        ledger.checkpoint()
    with pytest.raises(StoreError):
        _ = ledger.public_key


def test_a_store_of_the_first_version_has_one_period_without(tmp_path: Path) -> None:
    """Its trail is in order and was never signed; the first checkpoint signs all of it, and the period stays named."""
    settings = passphrase_settings(tmp_path)
    (tmp_path / "passphrase").write_text("the passphrase of version one\n")
    settings.store_path.parent.mkdir(parents=True, mode=0o700)
    settings.store_path.write_bytes(lzma.decompress(FIXTURE.read_bytes()))
    settings.store_path.chmod(0o600)
    with Store.open(settings) as store:
        ledger = Ledger(store)
        written = len(list(ledger.entries()))
        found = ledger.verify()
        assert (found.status, found.checkpoints, found.signed_entries) == ("ok", 0, 0)
        assert [(gap.first_entry, gap.last_entry) for gap in found.uncovered] == [(1, written)]
        ledger.checkpoint()
        found = ledger.verify()
    assert (found.status, found.checkpoints, found.signed_entries) == ("ok", 1, written)
    assert [(gap.first_entry, gap.last_entry) for gap in found.uncovered] == [(1, written)]


def _keys(store: Store) -> list[str]:
    return [record.key for record in store.records("immutable_reports")]
