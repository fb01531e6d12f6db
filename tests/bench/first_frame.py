"""A process that comes to the first frame of an estate: the seconds that took, imports apart. `store|rows FOLDER COUNT`.

`store` opens the store of a home; `rows` is the baseline: a plain SQLite table, each row decrypted and read by `json`.
"""

import json
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from time import perf_counter

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pandas import DataFrame

from escher.contract.estate import Resource
from escher.inventory.frame import EstateFrames, frame
from escher.settings import Settings
from escher.store.estate import EstateStore
from escher.store.vault import Store

KEY = bytes(range(32))


def from_store(folder: Path) -> DataFrame:
    """Key from the passphrase, every check of the file, every record, and the frame."""
    with Store.open(Settings(home=folder / "home", passphrase_file=folder / "passphrase")) as store:
        return EstateFrames(EstateStore(store)).current()


def from_rows(folder: Path) -> DataFrame:
    """Nothing but the rows: no passphrase, no check of the whole."""
    cipher = AESGCM(KEY)
    with closing(sqlite3.connect(folder / "rows.db")) as connection:
        rows = connection.execute("SELECT nonce, sealed FROM rows")
        return frame([Resource(**json.loads(cipher.decrypt(nonce, sealed, None))["body"]) for nonce, sealed in rows])


if __name__ == "__main__":
    ways: dict[str, Callable[[Path], DataFrame]] = {"store": from_store, "rows": from_rows}
    start = perf_counter()
    found = len(ways[sys.argv[1]](Path(sys.argv[2])))
    print(perf_counter() - start)
    assert found == int(sys.argv[3]), found
