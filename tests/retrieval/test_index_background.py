"""The estate's index at work: embedded in the background while nobody waits, without the model, in a full memory."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from escher.retrieval.index import EstateIndex
from escher.store.estate import EstateStore
from escher.store.vault import Store
from escher.vectors.embedder import load_embedder
from escher.vectors.hashing import HashingEmbedder
from tests.fixtures.large_estate import large_estate

MODEL = load_embedder()
ROOT = Path(__file__).parents[2]


def found(index: EstateIndex, text: str) -> list[str]:
    return [resource.identifier for resource, _ in index.search(text, {}, 5)]


class Held:
    """The model behind a gate: it answers only as often as it is let, and for good once the gate is `open`."""

    def __init__(self, answers: int) -> None:
        self.name, self.dimension, self.open = MODEL.name, MODEL.dimension, threading.Event()
        self._answers, self.asked = answers, 0

    def embed(self, texts: Sequence[str]) -> list[bytes]:
        """The model's vectors."""
        self.asked += 1
        if self.asked > self._answers:
            self.open.wait()
        return MODEL.embed(texts)


def test_embedding_keeps_nobody_waiting(store: Store) -> None:
    """It returns at once, words and filters find everything meanwhile, and the thread goes when it is done."""
    stored = EstateStore(store)
    stored.upsert(large_estate(400))
    held = Held(answers=0)
    index = EstateIndex(stored, held, name="test")
    index.embed_soon()
    assert index.state().without_vectors > 0 and "words and filters" in index.state().note
    first = next(iter(stored.snapshot().resources.values()))
    assert index.facets("kind", {"region": [first.region]})[first.kind] > 0
    held.open.set()
    assert found(index, first.identifier)[0] == first.identifier
    assert _within(60, lambda: not index.state().embedding)
    state = index.state()
    assert (state.without_vectors, state.note) == (0, "")
    assert "escher-index" not in [thread.name for thread in threading.enumerate()]
    index.close()


def test_the_background_steps_back(store: Store) -> None:
    """The thread has the lowest priority, the others keep theirs."""
    stored = EstateStore(store)
    stored.upsert(large_estate(200))
    index = EstateIndex(stored, MODEL, name="test")
    index.embed_soon()
    worker = next(thread for thread in threading.enumerate() if thread.name == "escher-index")
    assert _within(5, lambda: os.getpriority(os.PRIO_PROCESS, worker.native_id or 0) == 19)
    assert os.getpriority(os.PRIO_PROCESS, 0) < 19
    index.close()


def test_closing_does_not_wait_for_embedding(store: Store) -> None:
    """In the middle of it, what was embedded by then is kept, and the rest is left for later."""
    stored = EstateStore(store)
    stored.upsert(large_estate(3_000))
    held = Held(answers=1)
    index = EstateIndex(stored, held, name="test")
    index.embed_soon()
    assert _within(60, lambda: held.asked == 2)
    index.close()
    assert 0 < len(stored.without_vectors()) < 3_000
    held.open.set()
    assert _within(60, lambda: not index.state().embedding)


def test_without_the_model_records_stay_flagged(stored: EstateStore) -> None:
    """They are found by words, the state says why, and they are embedded once the model is back."""
    poor = EstateIndex(stored, HashingEmbedder(), name="test")
    poor.settle()
    assert len(stored.without_vectors()) == 11
    assert found(poor, "orders")[0] == "db-1" and found(poor, "databse")[0] == "db-1"
    assert "model is missing" in poor.state().note and "11 resources" in poor.state().note
    poor.close()
    rich = EstateIndex(stored, MODEL, name="test")
    assert rich.embed_pending() > 0 and stored.without_vectors() == []
    assert found(rich, "SQL server")[0] == "db-1" and rich.state().note == ""
    rich.close()


FILLS_SHARED_MEMORY = """
import shutil, sys
from pathlib import Path
from escher.retrieval.index import EstateIndex
from escher.settings import Settings
from escher.store.estate import EstateStore
from escher.store.vault import Store
from escher.vectors.embedder import load_embedder
from tests.fixtures.large_estate import large_estate
settings = Settings(home=Path(sys.argv[1]) / "home", passphrase_file=Path(sys.argv[1]) / "passphrase")
with Store.create(settings) as store:
    stored = EstateStore(store)
    stored.upsert(large_estate(100))
    index = EstateIndex(stored, load_embedder(), name="test")
    index.search("orders", {}, 1)
    print(index.state().kind)
    free = shutil.disk_usage("/dev/shm").free
    Path("/dev/shm/filler").write_bytes(bytes(free - 20 * 1024 * 1024))
    stored.upsert(large_estate(1_000))
    hits = index.search("orders", {"kind": ["disk"]}, 5)
    print(index.state().kind, len(hits), index.state().points == len(stored.snapshot().entries))
    print(list(Path("/dev/shm").glob("escher-*/*")))
    index.close()
"""


def test_a_full_memory_file_system_is_left(tmp_path: Path, requires: Callable[[str, str], str]) -> None:
    """When it fills up while in use, the index is built anew in the heap, gives the room back, and answers."""
    requires("bwrap", "bubblewrap")
    (tmp_path / "passphrase").write_text("a passphrase of some length")
    (tmp_path / "passphrase").chmod(0o600)
    box = ["bwrap", "--dev-bind", "/", "/", "--size", str(98 * 1024 * 1024), "--tmpfs", "/dev/shm"]
    run = subprocess.run(
        [*box, sys.executable, "-c", FILLS_SHARED_MEMORY, str(tmp_path)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    assert run.stdout == "edge\nmemory 5 True\n[]\n", run.stderr


def _within(seconds: float, is_so: Callable[[], bool]) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if is_so():
            return True
        time.sleep(0.02)
    return False
