"""How much of an estate reaches the model, and what a scan has to do with it: nothing.

The share is the texts that the model is given ÷ the resources of the estate. Its target is design.md section 6's.
"""

from __future__ import annotations

import tempfile
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

import numpy as np
import numpy.typing as npt

from escher.contract.estate import Resource
from escher.contract.ports import Embedder
from escher.demo import cloud
from escher.retrieval.embedding import Embedding
from escher.retrieval.parts import asked, composed, embedded_text, weights
from escher.session.session import Session
from escher.session.wiring import Parts, create
from escher.settings import Settings
from escher.store.estate import EstateStore
from escher.store.vault import Store
from escher.vectors.canonical import canonical_text
from escher.vectors.embedder import load_embedder
from escher.vectors.hashing import HashingEmbedder
from tests.fixtures.questions_by_meaning import missed, questions
from tests.fixtures.realistic_names import realistic_estate

Row = tuple[str, float, str, float | None]
TARGET = 0.20
SIZE, SCANS = 10_000, 5


class Counting:
    """The model, and how many texts it was given."""

    def __init__(self) -> None:
        self._model, self.given = load_embedder(cached_texts=0), 0
        self.name, self.dimension = self._model.name, self._model.dimension

    def embed(self, texts: Sequence[str]) -> list[bytes]:
        """The model's vectors."""
        self.given += len(texts)
        return self._model.embed(texts)


def benchmarks() -> Iterator[Row]:
    """Name, value, unit and baseline or target of each measurement."""
    estate = list(realistic_estate(SIZE))
    yield from _generated(estate)
    yield from _found(estate[:2_000])
    yield from _demo()


def _generated(estate: Sequence[Resource]) -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder, Store.create(_settings(Path(folder))) as store:
        stored = EstateStore(store)
        stored.bulk_upsert(estate)
        yield from _share("realistic_10k", stored)


def _share(name: str, stored: EstateStore) -> Iterator[Row]:
    """How many texts the model is given for the whole estate, and how long that takes."""
    model, resources = Counting(), list(stored.snapshot().resources.values())
    start = perf_counter()
    Embedding(stored, model).run()
    assert not stored.without_vectors()
    yield f"embedding.{name}_share_that_reaches_the_model", model.given / len(resources), "", TARGET
    yield f"embedding.{name}_distinct_texts_share", len({*map(embedded_text, resources)}) / len(resources), "", None
    yield f"embedding.{name}_resources", len(resources), "", None
    yield f"embedding.{name}_time", perf_counter() - start, "s", None


def _found(estate: Sequence[Resource]) -> Iterator[Row]:
    """What is missed by meaning alone with vectors made of parts, beside vectors of whole names and tags."""
    model, asking = load_embedder(cached_texts=SIZE), list(questions(estate))
    about, texts = [meant for _, meant in asking], [embedded_text(one) for one in estate]
    whole = [
        canonical_text(
            one.kind.replace("_", " "), one.service, one.name, *(t for tag in sorted(one.tags.items()) for t in tag)
        )
        for one in estate
    ]
    ours = missed(_composed(model, [asked(q) for q, _ in asking]), _composed(model, [*map(weights, texts)]), about)
    theirs = missed(_vectors(model, [q for q, _ in asking]), _vectors(model, whole), about)
    yield "embedding.realistic_2k_missed_by_meaning", ours, "", theirs


def _composed(model: Embedder, each: Sequence[Mapping[str, float]]) -> npt.NDArray[np.float32]:
    parts = sorted({part for parts in each for part in parts})
    vectors = dict(zip(parts, model.embed(parts), strict=True))
    return np.stack([np.frombuffer(composed(parts, vectors), "<f4") for parts in each])


def _vectors(model: Embedder, texts: Sequence[str]) -> npt.NDArray[np.float32]:
    return np.stack([np.frombuffer(vector, "<f4") for vector in model.embed(texts)])


def _demo() -> Iterator[Row]:
    """The demo clouds as a scan finds them; the scan's time with the model behind it, beside that without any."""
    with tempfile.TemporaryDirectory() as folder:
        demo = Path(folder) / "demo"
        cloud.up(demo)
        try:
            with cloud.surroundings(demo), _parts(demo, Path(folder), load_embedder()) as parts:
                Session(parts).scan(full=True)
                parts.index.close()
                yield from _share("demo", _copied(parts.estate, parts))
                yield from _scans(demo, Path(folder))
        finally:
            cloud.down(demo)


def _copied(estate: EstateStore, parts: Parts) -> EstateStore:
    """The same resources without their vectors."""
    resources = list(estate.snapshot().resources.values())
    estate.delete([resource.natural_key for resource in resources])
    estate.bulk_upsert(resources)
    return parts.estate


def _scans(demo: Path, folder: Path) -> Iterator[Row]:
    """First scans into new stores, in turn with and without the model: the fastest of each, as others share the machine."""
    times: dict[bool, list[float]] = {True: [], False: []}
    for number in range(2 * SCANS):
        with_model = number % 2 == 0
        model = load_embedder(cached_texts=0) if with_model else HashingEmbedder()
        with _parts(demo, folder / str(number), model) as parts:
            session, start = Session(parts), perf_counter()
            session.scan(full=True)
            times[with_model].append(perf_counter() - start)
            parts.index.close()
    yield "embedding.demo_scan_with_the_model", min(times[True]), "s", min(times[False])


@contextmanager
def _parts(demo: Path, folder: Path, model: Embedder) -> Generator[Parts]:
    folder.mkdir(exist_ok=True)
    with create(_settings(folder)) as parts:
        parts.embedder = model
        for account in cloud.demo_accounts(demo):
            parts.estate.put_account(account)
        yield parts


def _settings(folder: Path) -> Settings:
    passphrase = folder / "passphrase"
    passphrase.touch(mode=0o600)
    passphrase.write_text("correct horse battery staple")
    return Settings(home=folder / "home", passphrase_file=passphrase)
