"""The whole file put back as it was, or its log damaged: the keychain remembers; without one it is an older state, never a mix."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from escher.contract.audit import AuditEvent
from escher.errors import StoreError
from escher.ledger.ledger import Ledger
from escher.settings import Settings
from escher.store.records import Record
from escher.store.vault import Store
from tests.store.pages import log_spans

pytestmark = pytest.mark.campaign
Campaign = Callable[[int], int]
Property = Callable[[str, object], None]
COMMITS = 12
PAGE = 4_096


def _commit(store: Store, number: int) -> None:
    """One transaction over three collections; after it each has as many records as there were commits."""
    event = AuditEvent(type="started", at="2026-01-02T03:04:05Z", actor="ana", subject=f"run-{number}")
    with store.transaction() as within:
        within.put("alerts_events", Record(f"a{number}", {"kind": "x", "number": number}))
        within.put("cloud_estate", Record(f"r{number}", {"number": number}, bytes(1_536)))
        Ledger(store).append(event, within=within)


def _state(settings: Settings) -> str:
    """The typed error with which the store is refused, or after how many commits it is, whole."""
    try:
        with Store.open(settings) as store:
            counts = {store.count("alerts_events"), store.count("cloud_estate"), len([*Ledger(store).entries()])}
            numbers = [record.body["number"] for record in store.records("alerts_events")]
            assert counts == {len(numbers)} and numbers == [*range(len(numbers))], "a mix of two states"
            return f"after {len(numbers)} commits"
    except StoreError as refusal:
        assert refusal.hint
        return type(refusal).__name__


def _damaged(rng: random.Random, log: bytes, number: int) -> bytes:
    """The log with one bit flipped, or cut off at a multiple of 4 KiB."""
    if number % 4 == 0:
        return log[: rng.randrange(0, len(log), PAGE)]
    span = rng.choice(log_spans(log))
    at, changed = rng.randrange(span.start, span.stop), bytearray(log)
    changed[at] ^= 1 << rng.randrange(8)
    return bytes(changed)


def _put(path: Path, data: bytes, log: bytes | None = None) -> None:
    for old in path.parent.glob(f"{path.name}*"):
        old.unlink()
    path.write_bytes(data)
    if log is not None:
        path.with_name(f"{path.name}-wal").write_bytes(log)


def _with_a_log(store: Store, first: int = 0) -> tuple[bytes, bytes]:
    """Write, and take the file and its log while the store is open, as a crash would leave them."""
    for number in range(first, COMMITS):
        _commit(store, number)
    log = store.path.with_name(f"{store.path.name}-wal").read_bytes()
    assert len(log_spans(log)) > COMMITS
    return store.path.read_bytes(), log


@pytest.mark.keychain
def test_every_older_copy_of_the_file_is_noticed(
    keychain_settings: Settings, campaign: Campaign, record_property: Property
) -> None:
    """Each copy that was taken after a commit, once there is a later one."""
    path, copies = keychain_settings.store_path, list[bytes]()
    outcomes: Counter[str] = Counter()
    cases = campaign(100)
    Store.create(keychain_settings).close()
    for number in range(cases):
        copies.append(path.read_bytes())
        with Store.open(keychain_settings) as store:
            _commit(store, number)
    newest = path.read_bytes()
    for copy in copies:
        _put(path, copy)
        outcomes[_state(keychain_settings)] += 1
    record_property("outcomes", dict(outcomes))
    assert outcomes == {"StoreRolledBack": cases}
    _put(path, newest)
    assert _state(keychain_settings) == f"after {cases} commits"


@pytest.mark.keychain
def test_every_damage_to_the_log_is_noticed(
    keychain_settings: Settings, campaign: Campaign, record_property: Property
) -> None:
    """SQLite would end a log at the first wrong sum and go on with what was before; the keychain remembers the end."""
    rng, outcomes, cases = random.Random(7), Counter[str](), campaign(200)
    with Store.create(keychain_settings) as store:
        data, log = _with_a_log(store)
    for number in range(cases):
        _put(store.path, data, _damaged(rng, log, number))
        outcomes[_state(keychain_settings)] += 1
    record_property("outcomes", dict(outcomes))
    assert outcomes.keys() <= {"StoreRolledBack", "StoreTampered"}
    _put(store.path, data, log)
    assert _state(keychain_settings) == f"after {COMMITS} commits"


def test_a_damaged_log_never_makes_a_mix(settings: Settings, campaign: Campaign, record_property: Property) -> None:
    """With no keychain to remember, what is left is the store after one of its commits, or refused."""
    rng, outcomes = random.Random(8), Counter[str]()
    with Store.open(settings) as store:
        data, log = _with_a_log(store)
    for number in range(campaign(200)):
        _put(settings.store_path, data, _damaged(rng, log, number))
        outcomes[_state(settings)] += 1
    record_property("outcomes", dict(outcomes))
    assert outcomes.keys() <= {"StoreTampered", *(f"after {number} commits" for number in range(COMMITS))}
