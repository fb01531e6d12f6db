"""One of several processes that write to one store and search in it at the same time, with two threads each.

`python -m tests.store.crowd_worker HOME PASSPHRASE_FILE NUMBER SECONDS PROCESSES`. It prints `ready`, begins when it
gets a line, and prints what it did as one line of JSON. Its main thread writes beacons and times those of the others:
a clock that is the same for all processes is read inside the beacon's transaction, and again where it is seen.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

from escher.contract.audit import AuditEvent
from escher.contract.context import Digest
from escher.contract.estate import Resource
from escher.ledger.ledger import Ledger
from escher.retrieval.index import EstateIndex
from escher.settings import Settings
from escher.store.chat import ChatStore
from escher.store.estate import EstateStore
from escher.store.records import Record
from escher.store.vault import Store
from escher.vectors.hashing import HashingEmbedder

THREADS = 2
BATCH = 5
_BETWEEN_BEACONS = 0.1


class Worker:
    """The two threads of one process on one open store and one index."""

    def __init__(self, store: Store, number: int, processes: int) -> None:
        self._store, self._number, self._processes = store, number, processes
        self.estate, self.chat, self.ledger = EstateStore(store), ChatStore(store), Ledger(store)
        self.index = EstateIndex(self.estate, HashingEmbedder())
        self.done: Counter[str] = Counter()
        self.failures: list[str] = []
        self.lags: list[float] = []

    def run(self, seconds: float) -> None:
        """Both threads and the beacons, for so long."""
        end = time.monotonic() + seconds
        threads = [threading.Thread(target=self._work, args=(thread, end)) for thread in range(THREADS)]
        for thread in threads:
            thread.start()
        self._watch(end)
        for thread in threads:
            thread.join()

    def _work(self, thread: int, end: float) -> None:
        turn = 0
        try:
            while time.monotonic() < end:
                self._turn(f"crowd-{self._number}-{thread}", turn)
                turn += 1
        except Exception as failure:  # noqa: BLE001 whatever it is, the parent is told
            self.failures.append(repr(failure))

    def _turn(self, who: str, turn: int) -> None:
        """Write resources and take one out, search for one that was written, say something, and add to the trail."""
        new = [resource(f"{who}-{turn}-{place}") for place in range(BATCH)]
        self.estate.upsert(new)
        self.estate.delete([new[-1].natural_key])
        found = self.index.search(new[0].name, {"region": ["us-east-1"]}, 3)
        assert found[0][0].name == new[0].name, f"{new[0].name} was written and not found"
        assert all(one.name != new[-1].name for one, _ in found), f"{new[-1].name} was taken out and found"
        talks = ("crowd-talk", f"{who}-talk")
        for talk in talks:
            self.chat.append(talk, Digest(role="user", content=f"{who} {turn}"), at=turn)
        assert self.chat.history(talks[1], 1)[0].content == f"{who} {turn}"
        self.ledger.append(AuditEvent(type="started", at="2026-01-02T03:04:05Z", actor="ana", subject=f"{who} {turn}"))
        with self.lock_for_counts:
            self.done.update(resources=BATCH - 1, messages=len(talks), entries=1, searches=1)

    lock_for_counts = threading.Lock()

    def _watch(self, end: float) -> None:
        """Write a beacon now and then, and time how late those of the others are seen."""
        seen: dict[int, int] = {}
        due = time.monotonic()
        while (now := time.monotonic()) < end:
            if now >= due:
                due = now + _BETWEEN_BEACONS
                with self._store.transaction() as within:
                    body = {"kind": "beacon", "at": time.monotonic_ns()}
                    within.put("alerts_events", Record(f"beacon-{self._number}", body))
                self.done["beacons"] += 1
            for other in range(self._processes):
                beacon = self._store.get("alerts_events", f"beacon-{other}")
                if other != self._number and beacon is not None and seen.get(other) != beacon.body["at"]:
                    self.lags.append((time.monotonic_ns() - beacon.body["at"]) / 1e9)
                    seen[other] = beacon.body["at"]
            time.sleep(0.005)


def resource(name: str) -> Resource:
    """An instance by its name."""
    return Resource(
        provider="aws",
        account_id="111111111111",
        region="us-east-1",
        resource_type="aws_ec2_instance",
        kind="compute_instance",
        resource_id=f"arn:aws:ec2:us-east-1:111111111111:instance/{name}",
        identifier=name,
        name=name,
        state="running",
        tags={"env": "dev"},
    )


def main(home: str, secret: str, number: int, seconds: float, processes: int) -> dict[str, Any]:
    """What this process did."""
    with Store.open(Settings(home=Path(home), passphrase_file=Path(secret))) as store:
        worker = Worker(store, number, processes)
        print("ready", flush=True)
        sys.stdin.readline()
        worker.run(seconds)
        worker.index.close()
        return {"done": worker.done, "failures": worker.failures, "lags": worker.lags}


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4]), int(sys.argv[5]))))
