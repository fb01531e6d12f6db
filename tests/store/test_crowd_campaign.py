"""Four processes with two threads each at one store: none of them fails, nothing is lost, and each sees the others at once."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from escher.ledger.ledger import Ledger
from escher.retrieval.index import EstateIndex
from escher.settings import Settings
from escher.store.chat import ChatStore
from escher.store.estate import EstateStore
from escher.store.vault import Store
from escher.vectors.hashing import HashingEmbedder
from tests.campaigns import FULL

ROOT = Path(__file__).parent.parent.parent
PROCESSES = 4
SECONDS = 120 if FULL else 3
# How soon is judged where nothing else runs; a sample runs beside other tests, which take the processors away.
SEEN_WITHIN_S = 1.0 if FULL else 60.0


@pytest.mark.campaign
def test_a_crowd_loses_nothing(settings: Settings, record_property: Callable[[str, object], None]) -> None:
    """Resources, messages and entries of the trail are exactly those that were written; all can be found."""
    with _crowd(settings) as crowd:
        for process in crowd:
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()
        outcomes = [json.loads(process.communicate(timeout=SECONDS + 120)[0]) for process in crowd]
    assert [process.returncode for process in crowd] == [0] * PROCESSES
    assert [outcome["failures"] for outcome in outcomes] == [[]] * PROCESSES
    done = sum((Counter(outcome["done"]) for outcome in outcomes), Counter[str]())
    lags = sorted(lag for outcome in outcomes for lag in outcome["lags"])
    record_property("cases", done.total())
    record_property("done", dict(done))
    record_property("seen after", {"p50": lags[len(lags) // 2], "p99": lags[len(lags) * 99 // 100], "max": lags[-1]})
    _check_counts(settings, done)
    assert all(outcome["lags"] for outcome in outcomes)
    assert lags[len(lags) * 99 // 100] <= SEEN_WITHIN_S


def _check_counts(settings: Settings, done: Counter[str]) -> None:
    with Store.open(settings) as store:
        estate, chat, ledger = EstateStore(store), ChatStore(store), Ledger(store)
        assert estate.count() == done["resources"]
        assert sum(context["messages"] for context in chat.contexts()) == done["messages"]
        shared = chat.messages("crowd-talk", 1_000_000)
        assert [message.message_index for message in shared] == list(range(done["messages"] // 2))
        assert len({message.content for message in shared}) == len(shared)
        assert len({entry.event.subject for entry in ledger.entries()}) == done["entries"]
        assert ledger.verify().status == "ok"
        index = EstateIndex(estate, HashingEmbedder())
        for name in [one.name for one in estate.snapshot().resources.values()][:: max(1, done["resources"] // 20)]:
            assert index.search(name, {}, 1)[0][0].name == name
        index.close()


@contextmanager
def _crowd(settings: Settings) -> Iterator[list[subprocess.Popen[str]]]:
    """The processes, each waiting for a word to begin."""
    base = [sys.executable, "-m", "tests.store.crowd_worker", settings.home, settings.passphrase_file]
    crowd = [
        subprocess.Popen(
            [str(word) for word in (*base, number, SECONDS, PROCESSES)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        for number in range(PROCESSES)
    ]
    try:
        for process in crowd:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
        yield crowd
    finally:
        for process in crowd:
            process.kill()
            process.communicate()
