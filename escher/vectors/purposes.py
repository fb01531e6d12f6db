"""What each playbook is for, as words and as vectors; a playbook is embedded when it is first looked at, and once."""

from __future__ import annotations

import math
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

import numpy as np
import numpy.typing as npt

from escher.contract.fitting import Nearness
from escher.contract.playbook import Metadata
from escher.contract.ports import Embedder
from escher.vectors.bm25 import document_vector, query_vector

Names = Callable[[Metadata], Iterable[str]]
Vectors = npt.NDArray[np.float32]

# A request is near a playbook when several of its texts are near: one alone may share a word by chance.
_NEAREST = 3
_ENOUGH = 20


class Purposes:
    """The purposes of some playbooks, in the order in which they were given.

    `names` gives more words for a playbook: what people call the things it acts on. Safe for threads: one embeds, and
    the others wait for what it makes.
    """

    def __init__(self, playbooks: Sequence[Metadata], embedder: Embedder, names: Names = lambda metadata: ()) -> None:
        self._texts = [_texts(metadata) for metadata in playbooks]
        self._embedder = embedder
        self._vectors: dict[int, Vectors] = {}
        self._embedding = threading.Lock()
        self._terms = [frozenset(document_vector(_words(metadata, names)).indices) for metadata in playbooks]
        self._bearing = Counter(term for terms in self._terms for term in terms)

    def words(self, text: str, verb: str) -> list[Nearness]:
        """How near a text is to each playbook by its telling words, of which a rare one tells more; as if the meaning
        were the same. Too few playbooks know too few words for any to be strange.
        """
        asked = {term: self._weight(term) for term in query_vector(text).indices}
        whole = sum(asked.values()) or 1.0
        known = sum(weight for term, weight in asked.items() if term in self._bearing)
        strange = 1 - known / whole if len(self._terms) >= _ENOUGH and asked else 0.0
        acts = frozenset(query_vector(verb).indices)
        return [
            Nearness(1.0, sum(asked[term] for term in asked.keys() & terms) / whole, strange, acts <= terms)
            for terms in self._terms
        ]

    def meaning(self, text: str, places: Sequence[int]) -> dict[int, float]:
        """How near a text is by meaning to the playbooks at these places: a cosine."""
        if not places:
            return {}
        query = _embedded(self._embedder, [text])[0]
        if not self._vectors.keys() >= set(places):
            with self._embedding:
                self._embed([place for place in places if place not in self._vectors])
        return {place: _mean_of_best(self._vectors[place] @ query) for place in places}

    def _embed(self, missing: Sequence[int]) -> None:
        rows = _embedded(self._embedder, [text for place in missing for text in self._texts[place]])
        for place in missing:
            count = len(self._texts[place])
            self._vectors[place], rows = rows[:count], rows[count:]

    def _weight(self, term: int) -> float:
        """The weight of BM25: how few of the playbooks have a word."""
        bearing = self._bearing.get(term, 0)
        return math.log(1 + (len(self._terms) - bearing + 0.5) / (bearing + 0.5))


def _texts(metadata: Metadata) -> tuple[str, ...]:
    return (metadata.name, metadata.purpose, ", ".join(metadata.keywords), *metadata.use_cases)


def _words(metadata: Metadata, names: Names) -> str:
    declared = " ".join((metadata.action, *metadata.kinds)).replace("_", " ")
    return ". ".join((*_texts(metadata), metadata.description, declared, *names(metadata)))


def _embedded(embedder: Embedder, texts: Sequence[str]) -> Vectors:
    rows = b"".join(embedder.embed(texts))
    return np.frombuffer(rows, dtype="<f4").reshape(len(texts), embedder.dimension)


def _mean_of_best(cosines: Vectors) -> float:
    return float(np.sort(cosines)[-_NEAREST:].mean())
