"""The model and what stands in for it."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from escher.errors import MissingDependency
from escher.vectors import embedder as module
from escher.vectors.embedder import MiniLM, load_embedder, verified
from escher.vectors.hashing import HashingEmbedder

MODEL = load_embedder()


def cosine(one: bytes, other: bytes) -> float:
    return float(np.frombuffer(one, "<f4") @ np.frombuffer(other, "<f4"))


def test_similarities_are_those_published_for_the_model() -> None:
    """The int8 form gives the similarities that the model's authors show for theirs: 0.695, 0.943, 0.257."""
    person, dog, very, sunny = MODEL.embed(
        ["That is a happy person", "That is a happy dog", "That is a very happy person", "Today is a sunny day"]
    )
    assert cosine(person, dog) == pytest.approx(0.695, abs=0.02)
    assert cosine(person, very) == pytest.approx(0.943, abs=0.02)
    assert cosine(person, sunny) == pytest.approx(0.257, abs=0.02)


def test_vectors_are_unit_float32() -> None:
    """Every vector has 384 little-endian numbers and length 1, that of an empty text too."""
    for text, vector in zip(["", "x", "word " * 600], MODEL.embed(["", "x", "word " * 600]), strict=True):
        assert len(vector) == 4 * MODEL.dimension == 1_536, text
        assert cosine(vector, vector) == pytest.approx(1, abs=1e-5)


def test_order_and_batching_do_not_matter() -> None:
    """A text gets the same vector alone, among others and a second time, and answers keep the order of the questions."""
    texts = [f"{'long ' * (n % 7)}text about {topic}" for n, topic in enumerate(["disks", "queues", "roles"] * 15)]
    together = MODEL.embed(texts)
    assert together == MODEL.embed(texts)
    assert isinstance(MODEL, MiniLM)
    alone = load_embedder()
    for text, vector in list(zip(texts, together, strict=True))[::9]:
        assert cosine(alone.embed([text])[0], vector) > 0.99


def test_threads_share_one_model() -> None:
    """Eight threads at once get what one gets."""
    fresh = load_embedder()
    texts = [f"resource number {word}" for word in ["one", "two", "three", "four", "five", "six", "seven", "eight"]]
    with ThreadPoolExecutor(8) as pool:
        vectors = list(pool.map(lambda text: fresh.embed([text])[0], texts))
    assert all(cosine(a, b) > 0.99 for a, b in zip(vectors, MODEL.embed(texts), strict=True))


def test_an_altered_model_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One changed byte, and the hashing embedder stands in and says so by its name."""
    altered = tmp_path / "model.onnx"
    altered.write_bytes(b"\0" + module._model_path().read_bytes()[1:])
    with pytest.raises(MissingDependency, match="not the published one"):
        verified(altered)
    monkeypatch.setattr(module, "_model_path", lambda: altered)
    assert load_embedder().name == "hashing-384 (no model)"


def test_nothing_heavy_is_imported_before_the_first_text() -> None:
    """Choosing the embedder loads no runtime; a fresh interpreter tells."""
    code = (
        "import sys; from escher.vectors.embedder import load_embedder; load_embedder();"
        "print([m for m in ('onnxruntime', 'tokenizers', 'qdrant_edge', 'qdrant_client') if m in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_hashing_brings_similar_spelling_near() -> None:
    """Without the model, texts that share words are nearer than texts that share none."""
    query, near, far = HashingEmbedder().embed(["payments database", "database of payments", "lambda thumbnails"])
    assert cosine(query, near) > cosine(query, far) + 0.3
    assert cosine(query, query) == pytest.approx(1, abs=1e-5)
