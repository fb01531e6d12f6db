"""A process that does with a store whatever could leave something behind, over and over, until it is stopped or killed.

`python -m tests.store.canary_life HOME PASSPHRASE_FILE`. It searches for what it reads in the store, rotates, backs up,
compacts, runs into errors, and logs all it can to a file in its working folder. `at work` on stdout says that all of it
was done once.
"""

from __future__ import annotations

import logging
import sys
import threading
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from escher.errors import StoreError
from escher.ledger.ledger import Ledger
from escher.retrieval.index import EstateIndex
from escher.settings import Settings
from escher.store.alerts import AlertStore
from escher.store.backup.folder import make_backup
from escher.store.chat import ChatStore
from escher.store.collections import COLLECTIONS
from escher.store.estate import EstateStore
from escher.store.operations import OperationStore
from escher.store.playbooks import PlaybookStore
from escher.store.records import Record
from escher.store.vault import Store
from escher.vectors.hashing import HashingEmbedder


class Life:
    """Everything around one open store."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store, self._settings = store, settings
        self._estate = EstateStore(store)
        self._index = EstateIndex(self._estate, HashingEmbedder())

    def once(self) -> None:
        """All of it."""
        self._search()
        self._rewrite()
        self._fail()
        self._store.rotate()
        make_backup(self._store, self._settings.snapshots, datetime.now(UTC))
        self._store.compact()
        assert Ledger(self._store).verify().status == "ok"

    def end(self) -> None:
        """As a session that is closed."""
        self._index.close()

    def _search(self) -> None:
        self._index.embed_pending()
        for one in [*self._estate.snapshot().resources.values()][:3]:
            assert self._index.search(f"{one.name} {' '.join(one.tags.values())}", {"account_id": [one.account_id]}, 5)
        for context in ChatStore(self._store).contexts():
            assert ChatStore(self._store).search(context["title"]) is not None
        assert OperationStore(self._store).list_runs() and AlertStore(self._store).query()
        assert PlaybookStore(self._store).search("stop") is not None

    def _rewrite(self) -> None:
        """Every record that may change: taken out and put back."""
        for name, collection in COLLECTIONS.items():
            records = [record for record in self._store.records(name) if collection.may_change(record.key)]
            # In one transaction: between two, a kill would leave what the test itself had taken out.
            with self._store.transaction() as within:
                within.delete(name, *(record.key for record in records))
                within.put(name, *records)

    def _fail(self) -> None:
        """A transaction that is taken back, and a refusal that is logged."""
        for name in COLLECTIONS:
            for record in self._store.records(name):
                with suppress(ZeroDivisionError), self._store.transaction() as within:
                    within.put("alerts_events", Record(record.key, record.body))
                    raise ZeroDivisionError
                try:
                    with self._store.transaction() as within:
                        within.insert(name, Record(record.key, record.body, record.vector))
                except StoreError:
                    logging.exception("refused")


def main(home: str, secret: str) -> None:
    """Ends when there is a line on stdin."""
    logging.basicConfig(level=logging.DEBUG, filename="process.log")
    settings = Settings(home=Path(home), passphrase_file=Path(secret))
    stopped = threading.Event()
    with Store.open(settings) as store:
        life = Life(store, settings)
        life.once()
        print("at work", flush=True)
        threading.Thread(target=lambda: (sys.stdin.readline(), stopped.set()), daemon=True).start()
        while not stopped.is_set():
            life.once()
        life.end()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
