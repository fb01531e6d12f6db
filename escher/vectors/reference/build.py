"""Write `data/<provider>.npz` from what `escher.apis.build_sentences` printed: `python -m ….build FILE.jsonl …`.

A tool for developers; nothing imports it. The model embeds three texts an operation (its name, the first sentence that
says something, both with the service); their mean is kept, a byte a number. A cache of vectors may be named by
ESCHER_VECTOR_CACHE; without one AWS takes three minutes on two quiet cores.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import numpy as np
import numpy.typing as npt

from escher.apis import commands
from escher.contract.ports import Embedder
from escher.contract.vocabulary import Provider
from escher.vectors.embedder import load_embedder
from escher.vectors.reference.aliases import aliases
from escher.vectors.reference.request import spoken_verb
from escher.vectors.reference.table import NAME, PARAMETER, REST, SENTENCE, SERVICE, VERB
from escher.vectors.reference.words import STOP, stem, terms

DATA = Path(__file__).parent / "data"
LEVELS = 31  # of a byte's 127: the file is a quarter smaller, and no answer changes
_EPOCH = (1980, 1, 1, 0, 0, 0)
_PREPOSITIONS = ("for", "from", "to", "in", "by", "with", "on", "using")
_TRACKS = ("", "preview", "beta", "alpha")
_PREFIXES = ("batch", "admin", "bulk", "transact")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z`\"'(])")
# Sentences at the beginning of a description that say nothing of what the operation does.
_EMPTY = re.compile(
    r"^(this (operation|action|api|target|method) (is|has been|applies|was|isn't|will) |end of support|deprecated"
    r"|amazon web services will|we recommend|important|note\b|for more information|\W*$|this is (a )?(legacy|old)|effective )"
    r"|no longer (supported|available|recommended)|not supported (by|for)|directory buckets|general purpose buckets"
    r"|this api works with|this is documentation for|subject to chang",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Document:
    """What is known of one operation when the reference is built."""

    service: str
    operation: str
    title: str
    titles: tuple[str, ...]
    verb: str
    nouns: tuple[str, ...]
    head: int
    name: str
    sentence: str
    rest: str
    parameters: tuple[str, ...]
    deprecated: bool

    @property
    def texts(self) -> tuple[str, str, str]:
        """The three texts whose vectors are averaged."""
        sentence = self.sentence[:250]
        whole = f"{self.title} ({self.service}): {self.name}. {sentence}"[:400]
        return self.name, sentence or self.name, whole


def document(read: Mapping[str, Any]) -> Document:
    """A line of the input, its parts told apart."""
    service, operation = read["service"], read["operation"]
    verb, nouns = _name_parts(read["provider"], service, operation)
    sentence, rest = _first_sentence(read["text"])
    titles = tuple(_unbranded(title) for title in read["titles"])
    return Document(
        service, operation, titles[0] if titles else service, titles, stem(verb), *_stems(nouns), _spoken_name(read["provider"], service, operation),
        _unbranded(sentence), rest, tuple(read["parameters"]), read["deprecated"],
    )  # fmt: skip


def _name_parts(provider: str, service: str, operation: str) -> tuple[str, list[str]]:
    """The verb of a name and its other words; AWS has the verb first, the others in the last word."""
    if provider == "aws":
        words = operation.replace(" ", "-").split("-")
        while len(words) > 1 and words[0] in _PREFIXES:
            words = words[1:]
        # `tag-resource` and `untag-resource` are about tags.
        return words[0], ["tags", "for", *words[1:]] if words[0] in ("tag", "untag") else words[1:]
    *groups, last = [service, *_track(operation)[1].split()]
    verb, *of_verb = last.split("-")
    return verb, [part for word in groups for part in word.split("-")] + of_verb


def _stems(nouns: Sequence[str]) -> tuple[tuple[str, ...], int]:
    """The stems of a name's nouns, and how many stand before a preposition: what the operation is about."""
    about = next((n for n, noun in enumerate(nouns) if n and noun in _PREPOSITIONS), len(nouns))
    stems = tuple(stem(noun) for noun in nouns if noun not in STOP)
    return stems, sum(noun not in STOP for noun in nouns[:about])


def _spoken_name(provider: str, service: str, operation: str) -> str:
    if provider == "aws":
        return operation.replace("-", " ")
    verb, nouns = _name_parts(provider, service, operation)
    return " ".join([verb, *nouns])


def _first_sentence(text: str) -> tuple[str, str]:
    sentences = [sentence for sentence in _SENTENCE_END.split(text) if sentence.strip(" .")]
    first = next((n for n, sentence in enumerate(sentences) if not _EMPTY.search(sentence)), 0)
    return (sentences[first] if sentences else ""), " ".join(sentences[first + 1 : first + 8])


def _unbranded(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"\bAmazon Web Services\b ?", "", text)).strip()


def arrays(documents: Sequence[Document], versions: Mapping[str, str]) -> dict[str, npt.NDArray[Any]]:
    """Everything that `table.Table` reads."""
    postings = _postings(documents)
    vocabulary = sorted(postings)
    numbers = {term: number for number, term in enumerate(vocabulary)}
    counts = [len(postings[term]) for term in vocabulary]
    rows = [sorted(postings[term].items()) for term in vocabulary]
    nouns = [numbers[noun] for one in documents for noun in one.nouns]
    embedder = load_embedder(0)
    quantised, scales = _quantised(_embedded(documents, embedder))
    about = {
        "versions": versions, "model": embedder.name, "aliases": aliases(documents), "verbs": _verbs(documents)
    }  # fmt: skip
    return {
        "about": _text(json.dumps(about, ensure_ascii=False, sort_keys=True, separators=(",", ":"))),
        "names": _text("\n".join(f"{one.service}\t{one.operation}" for one in documents)),
        "terms": _text("\n".join(vocabulary)),
        "starts": np.cumsum([0, *counts], dtype=np.uint32),
        "rows": np.concatenate([np.diff([0, *(row for row, _ in of_term)]) for of_term in rows]).astype(np.uint16),
        "fields": np.array([field for of_term in rows for _, field in of_term], dtype=np.uint8),
        "verbs": np.array([numbers[one.verb] for one in documents], dtype=np.uint16),
        "nouns": np.array(nouns, dtype=np.uint16),
        "noun_starts": np.cumsum([0, *(len(one.nouns) for one in documents)], dtype=np.uint32),
        "heads": np.array([one.head for one in documents], dtype=np.uint8),
        "deprecated": np.array([one.deprecated for one in documents], dtype=np.uint8),
        "vectors": quantised,
        "scales": scales,
    }


def _postings(documents: Iterable[Document]) -> dict[str, dict[int, int]]:
    """The fields in which each word stands, by row."""
    found: defaultdict[str, dict[int, int]] = defaultdict(dict)
    for row, one in enumerate(documents):
        parts = {
            SERVICE: terms(f"{one.title} {one.service.replace('-', ' ')}"),
            NAME: one.nouns, VERB: [one.verb], SENTENCE: terms(one.sentence[:400]),
            PARAMETER: terms(" ".join(one.parameters)), REST: terms(one.rest[:1_200]),
        }  # fmt: skip
        for field, words in parts.items():
            for word in set(words):
                found[word][row] = found[word].get(row, 0) | field
    return found


def _verbs(documents: Iterable[Document]) -> dict[str, dict[str, int]]:
    """How often an operation whose description begins with one verb has another in its name."""
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for one in documents:
        counts[spoken_verb(terms(one.sentence[:300]))][one.verb] += 1
    return {said: dict(of_said) for said, of_said in counts.items() if said and sum(of_said.values()) > 1}


def _embedded(documents: Sequence[Document], embedder: Embedder) -> npt.NDArray[np.float32]:
    embed = _cached(embedder.embed)
    sums = sum(embed([one.texts[part] for one in documents]) for part in range(3))
    return sums / np.linalg.norm(sums, axis=1, keepdims=True)


def _cached(embed: Callable[[Sequence[str]], list[bytes]]) -> Callable[[Sequence[str]], Any]:
    place = os.environ.get("ESCHER_VECTOR_CACHE")
    path = Path(place) if place else None
    known: dict[str, npt.NDArray[np.float16]] = {}
    if path and path.exists():
        with np.load(path) as stored:
            known = dict(zip(json.loads(stored["texts"].tobytes()), stored["vectors"], strict=True))

    def vectors(texts: Sequence[str]) -> npt.NDArray[np.float32]:
        missing = sorted({text for text in texts if text not in known}, key=lambda text: (len(text), text))
        for start in range(0, len(missing), 512):
            batch = missing[start : start + 512]
            made = (np.frombuffer(vector, dtype="<f4").astype(np.float16) for vector in embed(batch))
            known.update(zip(batch, made, strict=True))
            print(f"{start + len(batch)} of {len(missing)}", file=sys.stderr, flush=True)
        if path and missing:
            np.savez(path, texts=_text(json.dumps(list(known))), vectors=np.stack(list(known.values())))
        return np.stack([known[text] for text in texts]).astype(np.float32)

    return vectors


def _quantised(vectors: npt.NDArray[np.float32]) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.float32]]:
    scales = np.abs(vectors).max(axis=1) / LEVELS
    return np.rint(vectors / scales[:, None]).astype(np.int8), scales.astype(np.float32)


def _text(text: str) -> npt.NDArray[np.uint8]:
    return np.frombuffer(text.encode(), dtype=np.uint8)


def write(path: Path, parts: Mapping[str, npt.NDArray[Any]]) -> None:
    """An archive that `numpy.load` reads, the same bytes for the same arrays."""
    with ZipFile(path, "w", ZIP_DEFLATED, compresslevel=9) as archive:
        for name, array in parts.items():
            written = BytesIO()
            np.lib.format.write_array(written, np.ascontiguousarray(array), allow_pickle=False)
            archive.writestr(ZipInfo(f"{name}.npy", _EPOCH), written.getvalue(), ZIP_DEFLATED, 9)


def _unexplained(provider: Provider, read: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """Commands of the catalogue that the packages could not load to explain: they are found by their names."""
    titles = {one["service"]: one["titles"] for one in read}
    explained = {(one["service"], _track(one["operation"])[1]) for one in read}
    listed = commands.all_commands(provider) if provider != "aws" else ()
    for one in sorted(listed, key=lambda one: (_TRACKS.index(one.track), one.service, one.operation)):
        key = (one.service, _track(one.operation)[1])
        if key not in explained:
            explained.add(key)
            yield {
                "provider": provider, "service": one.service, "operation": one.operation,
                "titles": titles.get(one.service, []), "text": "", "parameters": [], "deprecated": False,
            }  # fmt: skip


def _track(operation: str) -> tuple[str, str]:
    """The release track of a gcloud command, and the rest of its name."""
    first, _, rest = operation.partition(" ")
    return (first, rest) if first in _TRACKS else ("", operation)


def main(sources: Sequence[str]) -> None:
    """Build one file a source."""
    for source in sources:
        lines = Path(source).read_text("utf-8").splitlines()
        head, *read = [json.loads(line) for line in lines]
        read += _unexplained(read[0]["provider"], read)
        read.sort(key=lambda one: (one["service"], one["operation"]))
        target = DATA / f"{read[0]['provider']}.npz"
        write(target, arrays([document(one) for one in read], head["versions"]))
        print(f"{target.name}: {len(read)} operations, {target.stat().st_size:,} bytes")


if __name__ == "__main__":
    main(sys.argv[1:])
