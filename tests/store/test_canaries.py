"""The detector of canaries itself: it finds every canary in every form, and nothing in random bytes."""

from __future__ import annotations

import bz2
import gzip
import json
import lzma
import os
import zlib
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.store.canaries import Canaries, Detector

FORMS: dict[str, Callable[[bytes], bytes]] = {
    "as it is": lambda data: data,
    "UTF-16": lambda data: data.decode().encode("utf-16"),
    "JSON": lambda data: json.dumps({"text": data.decode()}).encode(),
    "hexadecimal": lambda data: data.hex().encode(),
    "base64": b64encode,
    "base64, one further": lambda data: b64encode(b"x" + data),
    "base64, two further": lambda data: b64encode(b"xy" + data),
    "reversed": lambda data: data[::-1],
    "zlib": lambda data: os.urandom(99) + zlib.compress(data) + os.urandom(99),
    "gzip": gzip.compress,
    "bz2": bz2.compress,
    "xz": lzma.compress,
}


@pytest.fixture(scope="module")
def canaries() -> Canaries:
    """200 words and 20 vectors."""
    made = Canaries()
    for _ in range(70):
        made.word(), made.text()
    for _ in range(60):
        made.digits()
    for _ in range(20):
        made.vector()
    return made


@pytest.mark.parametrize("form", FORMS)
def test_every_word_is_found_in_every_form(canaries: Canaries, form: str) -> None:
    """A dump of all 200, each between other bytes."""
    detector = Detector(canaries.words)
    dump = b"".join(FORMS[form](f"<{word}>".encode()) + b"\0" for word in canaries.words)
    found = {hit.rpartition(" (")[0] for hit in detector.hits(dump)}
    assert found == set(canaries.words) and len(found) == 200


@pytest.mark.parametrize("type_", ["<f4", ">f4", "<f8"])
def test_every_vector_is_found(canaries: Canaries, type_: str) -> None:
    """As numbers of any usual type, between other bytes."""
    dump = b"".join(b"x" + np.frombuffer(vector, "<f4").astype(type_).tobytes() for vector in canaries.vectors)
    found = {hit.rpartition(" (")[0] for hit in Detector([], canaries.vectors).hits(dump)}
    assert found == {f"vector {number}" for number in range(20)}


def test_any_part_of_a_vector_is_found(canaries: Canaries) -> None:
    """Every window of 32 bytes; also when its numbers are written as text, or the vector in base64."""
    vector = canaries.vectors[0]
    detector = Detector([], [vector])
    assert all(detector.hits(vector[at : at + 32]) for at in range(len(vector) - 31))
    assert detector.hits(json.dumps(np.frombuffer(vector, "<f4").tolist()).encode())
    assert detector.hits(b64encode(vector)) and detector.hits(zlib.compress(vector))


def test_nothing_is_found_where_nothing_is(canaries: Canaries) -> None:
    """Four megabytes of random bytes."""
    assert Detector(canaries.words, canaries.vectors).hits(os.urandom(4 << 20)) == set()


def test_names_of_files_count(canaries: Canaries, tmp_path: Path) -> None:
    """A canary in a file's name is as bad as one in it."""
    (tmp_path / canaries.words[0]).write_bytes(b"nothing in it")
    [(path, hits)] = Detector(canaries.words).hits_under(tmp_path).items()
    assert path.endswith(canaries.words[0]) and hits
