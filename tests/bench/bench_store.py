"""How fast the store writes, opens and follows, beside SQLite and JSON without any encryption, in the same run."""

from __future__ import annotations

import json
import random
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from statistics import median
from time import perf_counter

from escher.contract.audit import AuditEvent
from escher.contract.context import Digest
from escher.contract.estate import Resource
from escher.ledger.ledger import Ledger
from escher.settings import Settings
from escher.store.chat import ChatStore
from escher.store.estate import EstateStore
from escher.store.vault import Store

SIZE = 10_000
ENTRIES = 2_000
Measurement = tuple[str, float, str, float | None]
COLD_OPEN = """
import sys
from pathlib import Path
from time import perf_counter
from escher.settings import Settings
from escher.store.estate import EstateStore
from escher.store.vault import Store

start = perf_counter()
with Store.open(Settings(home=Path(sys.argv[1]) / "home", passphrase_file=Path(sys.argv[1]) / "passphrase")) as store:
    count = len(EstateStore(store).snapshot().resources)
    print(perf_counter() - start)
assert count == int(sys.argv[2])
"""


def benchmarks() -> Iterator[Measurement]:
    """Name, value, unit and baseline of each measurement."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        settings = _settings(folder)
        resources = [_resource(number) for number in range(SIZE)]
        with closing(_plain(folder)) as plain, Store.create(settings) as store:
            yield from _bulk(store, plain, resources)
            yield from _following(store)
            yield from _small_writes(store, plain)
            yield from _audit(store)
        yield "store.size_per_resource", settings.store_path.stat().st_size / SIZE / 1024, "KiB", None
        opened = median(_cold_open(folder) for _ in range(3))
        yield "store.cold_open_to_snapshot_10k", opened, "s", _plain_load(folder)


def _bulk(store: Store, plain: sqlite3.Connection, resources: list[Resource]) -> Iterator[Measurement]:
    estate, rng = EstateStore(store), random.Random(1)
    rows = [(json.dumps(asdict(one)), rng.randbytes(1536)) for one in resources]
    baseline = _seconds(lambda: _insert(plain, rows))
    yield "store.upsert_10k", SIZE / _seconds(lambda: estate.upsert(resources)), "records/s", SIZE / baseline
    vectors = {one.natural_key: ("hash", vector) for one, (_, vector) in zip(resources, rows, strict=True)}
    yield "store.set_vectors_10k", SIZE / _seconds(lambda: estate.set_vectors(vectors)), "records/s", SIZE / baseline
    again = SIZE / _seconds(lambda: estate.upsert(resources))
    yield "store.upsert_again_10k_with_vectors", again, "records/s", SIZE / baseline


def _following(store: Store) -> Iterator[Measurement]:
    estate = EstateStore(store)
    estate.snapshot()
    yield "store.snapshot_unchanged", _p50(estate.snapshot, 500) * 1_000, "us", None
    one = _resource(1)

    def change() -> None:
        estate.upsert([one])
        estate.snapshot()

    yield "store.upsert_one_and_snapshot_10k", _p50(change, 20), "ms", None


def _small_writes(store: Store, plain: sqlite3.Connection) -> Iterator[Measurement]:
    chat, digest = ChatStore(store), Digest(role="user", content="x" * 300)
    baseline = _p50(lambda: _insert(plain, [("x" * 500, b"")]), 50)
    yield "store.chat_append_p50", _p50(lambda: chat.append("c1", digest, 1), 100), "ms", baseline
    yield "store.chat_read_100_p50", _p50(lambda: chat.history("c1", 100), 20), "ms", None
    yield "store.chat_delete_conversation", _p50(lambda: chat.delete("c1"), 1), "ms", None


def _audit(store: Store) -> Iterator[Measurement]:
    ledger = Ledger(store)
    event = AuditEvent(type="started", at="2026-01-02T03:04:05Z", actor="ana", subject="run-1", details={"n": 1})
    yield "ledger.append_p50", _p50(lambda: ledger.append(event), ENTRIES), "ms", None
    yield "ledger.verify", ENTRIES / _seconds(ledger.verify), "entries/s", None


def _cold_open(folder: Path) -> float:
    command = [sys.executable, "-c", COLD_OPEN, str(folder), str(SIZE)]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def _plain(folder: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(folder / "plain.db", isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("CREATE TABLE records (position INTEGER PRIMARY KEY, body TEXT, vector BLOB)")
    return connection


def _insert(plain: sqlite3.Connection, rows: list[tuple[str, bytes]]) -> None:
    plain.execute("BEGIN IMMEDIATE")
    plain.executemany("INSERT INTO records (body, vector) VALUES (?, ?)", rows)
    plain.execute("COMMIT")


def _plain_load(folder: Path) -> float:
    def load() -> None:
        with closing(sqlite3.connect(folder / "plain.db")) as connection:
            query = "SELECT body, vector FROM records WHERE position <= ?"
            found = [(Resource(**json.loads(body)), vector) for body, vector in connection.execute(query, (SIZE,))]
        assert len(found) == SIZE

    return _seconds(load)


def _settings(folder: Path) -> Settings:
    secret = folder / "passphrase"
    secret.touch(mode=0o600)
    secret.write_text("a passphrase for the benchmark\n")
    return Settings(home=folder / "home", passphrase_file=secret)


def _seconds(work: Callable[[], object]) -> float:
    start = perf_counter()
    work()
    return perf_counter() - start


def _p50(work: Callable[[], object], times: int) -> float:
    """The median of `times` runs, in milliseconds."""
    return median(_seconds(work) for _ in range(times)) * 1_000


def _resource(number: int) -> Resource:
    """About 1.1 KB of JSON, as described instances have."""
    identifier = f"i-{number:017x}"
    return Resource(
        provider="aws",
        account_id=f"{number % 3:012}",
        region="us-east-1",
        resource_type="aws_ec2_instance",
        kind="compute_instance",
        resource_id=f"arn:aws:ec2:us-east-1:{number % 3:012}:instance/{identifier}",
        identifier=identifier,
        name=f"web-{number}",
        state="running",
        native_state="running",
        account_name="shop",
        service="ec2",
        zone="us-east-1a",
        tags={f"key-{place}": f"value-{number}-{place}" for place in range(12)},
        attributes={f"attribute_{place}": number * place for place in range(16)},
        last_synced=1_700_000_000,
    )
