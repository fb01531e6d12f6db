"""The lock of a home: its marker, its waits, its limits, and what is left in a process that is locked."""

from __future__ import annotations

import gc
import json
import threading
import time
import weakref
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import escher
from escher.contract.ui import Text, TextData
from escher.errors import ConsentMissing, NotInitialised, StoreLocked, WrongKey
from escher.session.current import close_session, lock, open_session, unlock
from escher.session.lock_watch import Limits, SharedPresence, Watch
from escher.session.wiring import Parts, assemble
from escher.settings import Settings
from escher.store.lock import Lock, Marker, when_locked
from escher.store.vault import Store
from escher.widgets.presence import PRESENCE, now
from escher.widgets.view import View

WORDS = "correct horse battery staple"


@pytest.fixture
def home(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """A home that this process's session uses, with its passphrase in a file."""
    monkeypatch.setenv("ESCHER_HOME", str(settings.home))
    monkeypatch.setenv("ESCHER_PASSPHRASE_FILE", str(settings.passphrase_file))
    yield settings
    close_session()


@pytest.fixture
def asking(home: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The same home, whose passphrase only a person knows."""
    monkeypatch.delenv("ESCHER_PASSPHRASE_FILE")
    return replace(home, passphrase_file=None)


@pytest.mark.parametrize(
    ("wrong", "minutes"), [(0, 0), (4, 0), (5, 1), (6, 2), (7, 4), (8, 8), (12, 128), (60, 1440), (10_000, 1440)]
)
def test_waits_double_from_the_fifth_wrong_try_on(wrong: int, minutes: int) -> None:
    """Five are free, then a minute, two, four … at most a day; a clock set back makes no wait shorter or longer."""
    marker = Marker(wrong=wrong, tried_at=1_000_000.0)
    assert marker.wait_s(1_000_000.0) == minutes * 60
    assert marker.wait_s(1_000_000.0 + 30) == max(0, minutes * 60 - 30)
    assert marker.wait_s(1_000_000.0 + minutes * 60) == 0
    assert marker.wait_s(500_000.0) == minutes * 60


def test_everything_answers_locked_until_it_is_unlocked(home: Settings) -> None:
    """Each call, each part of a session that is held, and other ways to the store; then all is as before."""
    session = open_session()
    assert lock() == 0
    for call in (escher.estate, escher.runs, lambda: escher.audit.entries, lambda: session.audit, session.stats):
        with pytest.raises(StoreLocked, match="%escher unlock"):
            call()
    with pytest.raises(StoreLocked):
        assemble(home)
    with pytest.raises(StoreLocked):
        session.accounts.all()
    unlock()
    assert len(escher.estate()) == 0
    assert [entry.event.type for entry in open_session().audit.entries()][-1] == "store_unlocked"


def test_nothing_of_the_session_is_left_in_memory(home: Settings) -> None:
    """Parts, store and frames are collected, also while somebody holds the session; the store says why it is closed."""
    session = open_session()
    parts: Parts = vars(session)["_open_parts"]
    session.estate()
    watched = [weakref.ref(part) for part in (parts, parts.store, parts.estate, parts.frames, parts.ledger)]
    store = parts.store
    del parts
    lock()
    with pytest.raises(StoreLocked):
        store.count("cloud_estate")
    del store
    gc.collect()
    assert [one() for one in watched] == [None] * len(watched)
    with pytest.raises(StoreLocked):
        session.estate()


def test_open_views_become_blank_for_good(home: Settings) -> None:
    """A card without content, in the page too; what comes later is not shown; views made later show again."""
    open_session()
    sent: list[dict[str, object]] = []
    view = View("digest", [Text(id="a", data=TextData(content="web-1 is secret"))])
    view.connect(sent.append)
    dropped: list[int] = []
    when_locked.append(lambda: dropped.append(1))
    try:
        lock()
    finally:
        when_locked.pop()
    view.put(Text(id="b", data=TextData(content="more of web-1")))
    shown = json.dumps(view.documents())
    assert "web-1" not in shown and "%escher unlock" in shown
    assert sent[-1]["type"] == "view.show" and "web-1" not in json.dumps(sent[-1])
    assert dropped == [1]
    unlock()
    assert "fresh" in View("digest", [Text(id="a", data=TextData(content="fresh"))]).text()


def test_a_person_is_asked_for_the_passphrase(asking: Settings) -> None:
    """Without a file it is typed, also where the store was never opened here."""
    questions: list[str] = []
    unlock(lambda question: questions.append(question) or WORDS)
    assert open_session().key_source == "passphrase" and questions == ["Passphrase of the store: "]
    lock()
    unlock(lambda question: WORDS)
    assert len(escher.runs()) == 0


def test_five_wrong_tries_then_a_wait_that_others_share(asking: Settings) -> None:
    """The sixth is not even tried; another process sees the same; the right one before it forgets them all."""
    Lock(asking).close("by hand")
    for left in (4, 3, 2, 1):
        with pytest.raises(WrongKey, match=f"{left} tries are left"):
            unlock(lambda question: "wrong words")
    unlock(lambda question: WORDS)
    assert Lock(asking).marker == Marker()
    lock()
    for _ in range(5):
        with pytest.raises(WrongKey):
            unlock(lambda question: "wrong words")
    with pytest.raises(StoreLocked, match=r"Try again in 1 min|Try again in \d+ s"):
        unlock(lambda question: WORDS)
    marker = Lock(asking).marker
    assert (marker.locked, marker.wrong) == (True, 5)
    marker_file = asking.store_path.with_name("lock.json")
    marker_file.write_text(json.dumps(json.loads(marker_file.read_text()) | {"tried_at": time.time() - 61}))
    with pytest.raises(WrongKey, match="You have to wait now"):
        unlock(lambda question: "wrong words")
    with pytest.raises(StoreLocked, match=r"Try again in (2|1) min"):
        unlock(lambda question: WORDS)


def test_where_nobody_can_be_asked_it_stays_locked(asking: Settings) -> None:
    """A store with a passphrase is not unlocked without it."""
    Lock(asking).close("by hand")
    with pytest.raises(ConsentMissing, match="ESCHER_PASSPHRASE_FILE"):
        unlock(None)
    assert Lock(asking).marker.locked


def test_a_key_that_is_given_unlocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A store of CI, whose key is in the environment, needs nobody."""
    key = b64encode(bytes(range(32))).decode()
    Store.create(Settings(home=tmp_path / "home", master_key=key)).close()
    monkeypatch.setenv("ESCHER_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("ESCHER_MASTER_KEY", key)
    try:
        lock()
        unlock(None)
        assert open_session().key_source == "environment"
    finally:
        close_session()


def test_a_marker_that_cannot_be_read_says_locked(home: Settings) -> None:
    """Damaged, it errs on the safe side; unlocking removes it."""
    home.store_path.with_name("lock.json").write_text("{")
    with pytest.raises(StoreLocked, match="cannot be read"):
        open_session()
    unlock()
    assert not Lock(home).marker.locked


def test_a_home_without_a_store_cannot_be_locked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """There is nothing to lock, and nothing is made."""
    monkeypatch.setenv("ESCHER_HOME", str(tmp_path / "home"))
    with pytest.raises(NotInitialised):
        lock()
    with pytest.raises(NotInitialised):
        unlock()
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize(
    ("at", "last", "reason"),
    [
        (1799, 0, ""),
        (1800, 0, "nobody was here for 30 minutes"),
        (5000, 4000, ""),
        (28_800, 28_799, "open for 8 hours"),
    ],
)
def test_the_limits(at: float, last: float, reason: str) -> None:
    """Half an hour without a person, eight hours in all; none where both are zero."""
    limits = Limits.of(Settings(home=Path("/")))
    assert reason in limits.exceeded(at, 0.0, last) and bool(reason) == bool(limits.exceeded(at, 0.0, last))
    assert Limits().exceeded(at * 100, 0.0, 0.0) == ""


def test_presence_is_shared_and_a_cell_that_runs_is_presence(home: Settings) -> None:
    """What one notebook records, another reads; a time to come says nothing; a running cell counts until it ends."""
    here, there = SharedPresence(home), SharedPresence(home)
    assert there.last(100.0) == 0.0
    here.record(90.0)
    here.record(80.0)
    assert (there.last(100.0), there.last(50.0)) == (90.0, 0.0)
    PRESENCE.cell_begins()
    begun = now()
    time.sleep(0.05)
    assert PRESENCE.last() > begun
    PRESENCE.cell_ends()
    ended = PRESENCE.last()
    time.sleep(0.05)
    assert PRESENCE.last() == ended


def test_nobody_here_locks_the_home_and_somebody_elsewhere_keeps_it_open(home: Settings) -> None:
    """The watch locks after the limit, and not while another notebook is in use."""
    locked = threading.Event()
    watch = Watch(home, locked.set, Limits(idle_s=1.0), check_s=0.1)
    watch.start()
    elsewhere = SharedPresence(home)
    until = time.monotonic() + 2.5
    while time.monotonic() < until:
        elsewhere.record(now())
        time.sleep(0.1)
    assert not locked.is_set()
    assert locked.wait(5)
    assert "nobody was here" in Lock(home).marker.reason
