"""Vectors for the resources that have none: made of the vectors of their parts, and shared by all that say the same."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping

from escher.contract.ports import Embedder, Progress
from escher.retrieval.parts import asked, composed, embedded_text, weights
from escher.store.entries import Entry
from escher.store.estate import EstateStore
from escher.vectors.hashing import HashingEmbedder

_TEXTS_AT_ONCE = 128
_FORM = 2  # of the vectors: those of another form do not compare


class Embedding:
    """Keeps the vectors of an estate current. Without the model nothing is embedded; what is pending stays so."""

    def __init__(self, estate: EstateStore, embedder: Embedder) -> None:
        self._estate, self._embedder = estate, embedder
        self.possible = not isinstance(embedder, HashingEmbedder)

    def vector_of(self, entry: Entry) -> bytes | None:
        """The vector of an entry if this very embedder made it: vectors of two models do not compare."""
        return entry.vector if self._is_current(entry) else None

    def query(self, text: str) -> bytes | None:
        """The vector to search with, or None when there are no vectors that it would compare with."""
        if not self.possible:
            return None
        parts = asked(text)
        return composed(parts, self._embedded(parts, {}))

    def pending(self) -> int:
        """How many resources have no current vector; without the model, how many have none at all."""
        if not self.possible:
            return len(self._estate.without_vectors())
        return sum(not self._is_current(entry) for entry in self._estate.snapshot().entries.values())

    def run(self, progress: Progress | None = None, go_on: Callable[[], bool] = lambda: True) -> int:
        """Give every resource its vector; returns for how many texts one was made. Stops when `go_on` says no.

        A text that has a vector is never embedded again, and of the others each part reaches the model once.
        `progress` hears `{"type": "embedding", "done", "total"}`, counted in texts.
        """
        if not self.possible:
            return 0
        known, pending = self._survey()
        self._keep({text: vector for text in pending if (vector := known.get(self._hash(text))) is not None}, pending)
        missing, done = [text for text in pending if self._hash(text) not in known], 0
        parts: dict[str, bytes] = {}
        while done < len(missing) and go_on():
            texts = missing[done : done + _TEXTS_AT_ONCE]
            parts |= self._embedded((part for text in texts for part in weights(text)), parts)
            self._keep({text: composed(weights(text), parts) for text in texts}, pending)
            done += len(texts)
            if progress is not None:
                progress({"type": "embedding", "done": done, "total": len(missing)})
        return done

    def _embedded(self, parts: Iterable[str], known: Mapping[str, bytes]) -> dict[str, bytes]:
        """The vectors of the parts that are not known yet."""
        missing = [part for part in dict.fromkeys(parts) if part not in known]
        return dict(zip(missing, self._embedder.embed(missing), strict=True))

    def _survey(self) -> tuple[dict[str, bytes | None], dict[str, list[str]]]:
        """The vectors there are by text hash, and the keys that need one by text."""
        known: dict[str, bytes | None] = {}
        pending: dict[str, list[str]] = {}
        for key, entry in self._estate.snapshot().entries.items():
            if self._is_current(entry):
                known[entry.text_hash] = entry.vector
            else:
                pending.setdefault(embedded_text(entry.resource), []).append(key)
        return known, pending

    def _is_current(self, entry: Entry) -> bool:
        return entry.vector is not None and entry.text_hash.startswith(f"{self._embedder.name}:{_FORM}:")

    def _hash(self, text: str) -> str:
        return f"{self._embedder.name}:{_FORM}:{hashlib.sha256(text.encode()).hexdigest()}"

    def _keep(self, vectors: Mapping[str, bytes], pending: Mapping[str, list[str]]) -> None:
        stored = {key: (self._hash(text), vector) for text, vector in vectors.items() for key in pending[text]}
        if stored:
            self._estate.set_vectors(stored)
