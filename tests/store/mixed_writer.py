"""A process that is made to be killed: it writes all sorts of things, rotates keys and makes backups, and says what it does.

`python -m tests.store.mixed_writer HOME PASSPHRASE_FILE ROUND`. Each line on stdout is a JSON list: `ready`; `intent`
and then `done` around each write of a writer; `begin` and `end` around a rotation or a backup. A line is written at
once and whole, so what was said before a kill is there after it.
"""

from __future__ import annotations

import json
import os
import random
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from escher.contract.audit import AuditEvent
from escher.contract.context import Digest
from escher.ledger.ledger import Ledger
from escher.settings import Settings
from escher.store.backup.folder import make_backup
from escher.store.chat import ChatStore
from escher.store.collections import COLLECTIONS, CollectionName
from escher.store.records import Record
from escher.store.vault import Store

WRITERS = 2
POOL = 150
MUTABLE: tuple[CollectionName, ...] = ("cloud_estate", "executed_operations", "alerts_events", "user_playbooks")


class Writer:
    """One thread's writes to keys of its own; `turn` tells its operations from those of earlier processes."""

    def __init__(self, store: Store, turn: int, number: int) -> None:
        self._store, self._name, self._turn = store, f"w{number}", turn
        self._rng = random.Random(f"{turn} {number}")
        self._chat, self._ledger = ChatStore(store), Ledger(store)

    def run(self) -> None:
        """Write until the end of the process."""
        operation = 0
        while True:
            operation += 1
            name = f"{self._turn}-{self._name}-{operation}"
            act = self._rng.choice((self._mixed, self._mixed, self._talk, self._talk, self._talk, self._forget))
            act(name)
            say("done", self._name)

    def _mixed(self, name: str) -> None:
        """Records of four collections and an entry of the trail in one transaction."""
        keys = self._rng.sample([(one, f"{self._name}-{key}") for one in MUTABLE for key in range(POOL)], 12)
        puts, deletes = keys[:10], keys[10:]
        say("intent", self._name, {"mixed": name, "puts": puts, "deletes": deletes})
        with self._store.transaction() as within:
            for collection, key in puts:
                within.put(collection, self._record(collection, key, name))
            for collection, key in deletes:
                within.delete(collection, key)
            within.put("alerts_events", Record(f"marker-{self._name}", {"value": name}))
            event = AuditEvent(type="started", at="2026-01-02T03:04:05Z", actor="ana", subject=name)
            self._ledger.append(event, within=within)

    def _talk(self, name: str) -> None:
        say("intent", self._name, {"talk": name, "context": f"{self._name}-talk"})
        self._chat.append(f"{self._name}-talk", Digest(role="user", content=name), at=self._turn)

    def _forget(self, name: str) -> None:
        say("intent", self._name, {"forget": name, "context": f"{self._name}-talk"})
        self._chat.delete(f"{self._name}-talk")

    def _record(self, collection: CollectionName, key: str, value: str) -> Record:
        dimension = COLLECTIONS[collection].dimension
        vector = self._rng.randbytes(4 * dimension) if dimension > 1 else None
        return Record(key, {"value": value, "vector": vector.hex() if vector else ""}, vector)


def say(*words: Any) -> None:
    """One line, at once."""
    os.write(1, (json.dumps(words) + "\n").encode())


def repeat(what: str, work: Callable[[], object], pause: float) -> None:
    """Do it again and again, and say so."""
    while True:
        say("begin", what)
        work()
        say("end", what)
        time.sleep(pause)


def main(home: str, secret: str, turn: int) -> None:
    """Never ends by itself."""
    settings = Settings(home=Path(home), passphrase_file=Path(secret))
    store = Store.open(settings)
    writers = [Writer(store, turn, number).run for number in range(WRITERS)]
    works = [
        *writers,
        lambda: repeat("rotation", store.rotate, 0.02),
        lambda: repeat("backup", lambda: make_backup(store, settings.snapshots, datetime.now(UTC)), 0.02),
    ]
    say("ready")
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
