"""How fast the store is at 10 000 and 100 000 resources (spec/storage.md section 11), and how large on the disk.

The baselines are measured in the same run: `qdrant-client path=` with the same 10 000 resources and vectors, and a plain
SQLite table of 100 000 rows, each sealed by AES-GCM and read by `json`. The image of the index is made without a model:
random vectors weigh what real ones do. How fast searching is says `bench_retrieval`; the trail, `bench_audit`.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from statistics import median
from time import perf_counter

import numpy as np
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from qdrant_client import QdrantClient, models

from escher.contract.context import Digest
from escher.contract.estate import Resource
from escher.retrieval.index import EstateIndex
from escher.retrieval.kept import KeptImage
from escher.settings import Settings
from escher.store.chat import ChatStore
from escher.store.estate import ESTATE, EstateStore
from escher.store.vault import Store
from escher.vectors.hashing import HashingEmbedder
from tests.bench.first_frame import KEY
from tests.fixtures.large_estate import large_estate

Row = tuple[str, float, str, float | None]
HERE = Path(__file__).parent
SMALL, LARGE = 10_000, 100_000
EMBEDDER = HashingEmbedder()


def benchmarks() -> Iterator[Row]:
    """Name, value, unit and baseline of each measurement."""
    estate = list(large_estate(LARGE))
    vectors = _vectors(len(estate))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        yield from _chat(folder / "chat")
        theirs = _qdrant_path(folder / "qdrant", estate[:SMALL], vectors)
        for size, label in ((SMALL, "10k"), (LARGE, "100k")):
            home = folder / label
            rows = _rows(home, estate[:size], vectors)
            yield from _bulk(home, estate[:size], vectors, label, theirs if size == SMALL else None, rows)
            yield from _opening(home, size, label)
            yield from _size(home, size, label)
            shutil.rmtree(home)


def _chat(home: Path) -> Iterator[Row]:
    with Store.create(_settings(home)) as store:
        chat, digest = ChatStore(store), Digest(role="user", content="x" * 300)
        sync = _p50(lambda: _synced(home / "sync", 4_096), 50)
        yield "store.chat_append_p50", _p50(lambda: chat.append("c1", digest, 1), 200), "ms", sync
        yield "store.chat_read_100_p50", _p50(lambda: chat.history("c1", 100), 50), "ms", None
        yield "store.chat_delete_200_messages", _p50(lambda: chat.delete("c1"), 1), "ms", None


def _bulk(
    home: Path, estate: Sequence[Resource], vectors: Sequence[bytes], label: str, qdrant: float | None, rows: float
) -> Iterator[Row]:
    with Store.create(_settings(home)) as store:
        mine = EstateStore(store)
        yield f"store.upsert_{label}", _seconds(lambda: mine.bulk_upsert(estate)), "s", qdrant
        embedded = {
            one.natural_key: (f"{EMBEDDER.name}:{number}", vector)
            for number, (one, vector) in enumerate(zip(estate, vectors, strict=False))
        }
        yield f"store.set_vectors_{label}", _seconds(lambda: mine.set_vectors(embedded)), "s", rows
        filters = {"region": "us-east-1", "tags.env": "dev"}
        counted = _p50(lambda: mine.count(filters), 20)
        yield f"store.filter_count_{label}_p50", counted, "ms", _counted_rows(home) if len(estate) == LARGE else None
        yield f"store.snapshot_unchanged_{label}", _p50(mine.snapshot, 500) * 1_000, "us", None
        one = estate[0]
        yield (
            f"store.upsert_one_and_follow_{label}_p50",
            _p50(lambda: (mine.upsert([one]), mine.snapshot()), 20),
            "ms",
            None,
        )
        yield f"store.facets_of_filtered_{label}_p50", _indexed(store, mine), "ms", None
        yield f"store.rotate_{label}", _seconds(store.rotate), "s", None
        yield f"store.compact_{label}", _seconds(store.compact), "s", None


def _indexed(store: Store, estate: EstateStore) -> float:
    """Milliseconds to count by account what meets two filters, in the index; its image is kept."""
    index = EstateIndex(estate, EMBEDDER, image=KeptImage(store, ESTATE))
    index.settle()
    counted = _p50(lambda: index.facets("account_id", {"region": ["us-east-1"], "environment": ["dev"]}), 50)
    index.close()
    return counted


def _opening(home: Path, size: int, label: str) -> Iterator[Row]:
    def first_frame(way: str) -> float:
        command = [sys.executable, "-m", "tests.bench.first_frame", way, str(home), str(size)]
        return float(subprocess.run(command, capture_output=True, text=True, check=True, cwd=HERE.parents[1]).stdout)

    ours, theirs = (median(first_frame(way) for _ in range(3)) for way in ("store", "rows"))
    yield f"store.cold_open_to_first_frame_{label}", ours, "s", theirs


def _size(home: Path, size: int, label: str) -> Iterator[Row]:
    files = [path for path in (home / "home").rglob("*") if path.is_file()]
    image = sum(path.stat().st_size for path in files if path.suffix == ".image")
    whole = sum(path.stat().st_size for path in files)
    plain = (home / "rows.db").stat().st_size / size / 1_000
    yield f"store.size_per_resource_{label}", whole / size / 1_000, "KB", plain
    yield f"store.size_of_image_per_resource_{label}", image / size / 1_000, "KB", None


# -- baselines -------------------------------------------------------------------------------------------------


def _qdrant_path(folder: Path, estate: Sequence[Resource], vectors: Sequence[bytes]) -> float:
    """Seconds to upsert the same resources and vectors into `qdrant-client path=`, 1 000 a call."""
    points = [
        models.PointStruct(id=number, vector=np.frombuffer(vector, "<f4").tolist(), payload=asdict(one))
        for number, (one, vector) in enumerate(zip(estate, vectors, strict=False))
    ]
    with closing(QdrantClient(path=str(folder))) as client:
        client.create_collection("c", vectors_config=models.VectorParams(size=384, distance=models.Distance.COSINE))
        return _seconds(
            lambda: [client.upsert("c", points[start : start + 1_000]) for start in range(0, len(points), 1_000)]
        )


def _rows(home: Path, estate: Sequence[Resource], vectors: Sequence[bytes]) -> float:
    """Seconds to write the same into a plain table, in one transaction, each row sealed by itself."""
    home.mkdir()
    cipher = AESGCM(KEY)

    def write() -> None:
        for one, vector in zip(estate, vectors, strict=False):
            nonce = os.urandom(12)
            text = json.dumps({"body": asdict(one), "vector": vector.hex()})
            connection.execute("INSERT INTO rows VALUES (?, ?)", (nonce, cipher.encrypt(nonce, text.encode(), None)))
        connection.commit()

    with closing(sqlite3.connect(home / "rows.db")) as connection:
        connection.execute("CREATE TABLE rows (nonce BLOB, sealed BLOB)")
        return _seconds(write)


def _counted_rows(home: Path) -> float:
    """Milliseconds to count what meets two filters by decrypting and reading every row."""
    cipher = AESGCM(KEY)

    def count() -> int:
        with closing(sqlite3.connect(home / "rows.db")) as connection:
            rows = connection.execute("SELECT nonce, sealed FROM rows")
            bodies = (json.loads(cipher.decrypt(nonce, sealed, None))["body"] for nonce, sealed in rows)
            return sum(one["region"] == "us-east-1" and one["tags"].get("env") == "dev" for one in bodies)

    return _seconds(count) * 1_000


def _synced(path: Path, size: int) -> None:
    """What the disk itself takes for one write that is to last."""
    with path.open("ab") as file:
        file.write(bytes(size))
        file.flush()
        os.fsync(file.fileno())


# -- inside ----------------------------------------------------------------------------------------------------


def _settings(folder: Path) -> Settings:
    folder.mkdir(parents=True, exist_ok=True)
    secret = folder / "passphrase"
    secret.touch(mode=0o600)
    secret.write_text("a passphrase for the benchmark\n")
    return Settings(home=folder / "home", passphrase_file=secret)


def _vectors(count: int) -> list[bytes]:
    numbers = np.random.default_rng(1).standard_normal((count, 384)).astype("<f4")
    return [vector.tobytes() for vector in numbers / np.linalg.norm(numbers, axis=1, keepdims=True)]


def _seconds(work: Callable[[], object]) -> float:
    start = perf_counter()
    work()
    return perf_counter() - start


def _p50(work: Callable[[], object], times: int) -> float:
    """The median of `times` runs, in milliseconds."""
    return median(_seconds(work) for _ in range(times)) * 1_000
