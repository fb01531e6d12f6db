"""What ships of one cloud's command reference, as arrays: names, vectors, and which words stand where. No sentences.

`data/<provider>.npz` is written by `escher.vectors.reference.build`. Row n of every array is operation n.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from io import BytesIO
from typing import Any

import numpy as np
import numpy.typing as npt

from escher.contract.vocabulary import Provider
from escher.vectors.reference.words import is_plural

Floats = npt.NDArray[np.floating[Any]]
Rows = npt.NDArray[np.intp]

# Where a word stands; a posting has the sum of these.
SERVICE, NAME, VERB, SENTENCE, PARAMETER, REST = 1, 2, 4, 8, 16, 32
_WEIGHTS = {SERVICE: 1.0, NAME: 3.0, VERB: 3.0, SENTENCE: 2.0, PARAMETER: 0.2, REST: 0.2}
_K1, _B = 1.2, 0.5
_PRIOR = 3.0
_USUAL = 5
_SAME = (
    ("retriev", "get", "show", "displai", "describ", "return", "view", "print"),
    ("creat", "add", "mak", "provision", "launch"),
    ("delet", "remov", "terminat", "destroi", "purg", "eras"),
    ("updat", "modifi", "chang", "edit", "set"),
    ("stop", "halt", "terminat", "deallocat", "paus"),
    ("restart", "reboot"),
    ("resiz", "scal"),
    ("cancel", "abort"),
    ("restor", "recover", "undelet"),
    ("copi", "clon", "replicat", "duplicat"),
    ("reject", "declin"),
    ("run", "execut", "start", "invok"),
    ("register", "enroll"),
    ("enabl", "activat"),
    ("disabl", "deactivat"),
    ("associat", "link", "bind", "connect", "attach"),
    ("disassociat", "unlink", "detach"),
)
_READING = ("list", "get", "describ", "show", "search", "lookup", "retriev", "read", "view")


@dataclass(frozen=True)
class Postings:
    """The rows where one word stands, each with the fields and its BM25 weight there."""

    rows: Rows
    fields: npt.NDArray[np.uint8]
    weights: Floats


class Table:
    """One cloud's reference, with what follows from it worked out once."""

    def __init__(self, provider: Provider, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
        self.provider: Provider = provider
        about = json.loads(arrays["about"].tobytes())
        self.versions: Mapping[str, str] = about["versions"]
        self.model: str = about["model"]
        self.aliases: Mapping[str, list[Any]] = about["aliases"]
        self._verb_counts: Mapping[str, Mapping[str, int]] = about["verbs"]
        self.names = [_pair(line) for line in arrays["names"].tobytes().decode().split("\n")]
        self.vectors: Floats = arrays["vectors"].astype(np.float32) * arrays["scales"].astype(np.float32)[:, None]
        self.deprecated: Floats = arrays["deprecated"].astype(np.float32)
        self._terms = {term: number for number, term in enumerate(arrays["terms"].tobytes().decode().split("\n"))}
        self._starts = arrays["starts"].astype(np.intp)
        self._rows = _summed(arrays["rows"], self._starts)
        self._fields: npt.NDArray[np.uint8] = arrays["fields"]
        self._verbs = arrays["verbs"]
        self._noun_starts = arrays["noun_starts"].astype(np.intp)
        self._heads = arrays["heads"].astype(np.intp)
        self._nouns = arrays["nouns"].astype(np.int64)

    def __len__(self) -> int:
        return len(self.names)

    @cached_property
    def services(self) -> Mapping[str, slice]:
        """The rows of each service; they stand together."""
        found: dict[str, slice] = {}
        for row, (service, _) in enumerate(self.names):
            found[service] = slice(found[service].start if service in found else row, row + 1)
        return found

    @property
    def vocabulary(self) -> Collection[str]:
        """The words that stand anywhere."""
        return self._terms.keys()

    def rarity(self, term: str) -> float:
        """How much a word tells: its inverse document frequency; the most for a word that stands nowhere."""
        number = self._terms.get(term)
        return self._most if number is None else float(self._rarities[number])

    def postings(self, term: str) -> Postings | None:
        """Where a word stands; None when nowhere."""
        number = self._terms.get(term)
        if number is None:
            return None
        place = slice(self._starts[number], self._starts[number + 1])
        return Postings(self._rows[place], self._fields[place], self._weights[place])

    def having_neighbours(self, pair: tuple[str, str]) -> Rows:
        """The rows whose name has two words side by side."""
        keys, rows = self._neighbours
        first, second = (self._terms.get(term, -1) for term in pair)
        key = first * len(self._terms) + second
        span = slice(np.searchsorted(keys, key), np.searchsorted(keys, key, "right"))
        return rows[span] if first >= 0 and second >= 0 else rows[:0]

    def lift(self, said: str) -> Floats:
        """How much likelier each row's verb is, in logarithm, where its documentation says `said`; 0 for an unknown one.

        From the counts of (first verb of the documentation, verb of the name), smoothed by the verb's own frequency.
        """
        share = self._verb_share
        counts = np.zeros(len(share), dtype=np.float32)
        known = [self._verb_counts[word] for word in self._like(said) if word in self._verb_counts]
        for of_word in known:
            for verb, count in of_word.items():
                counts[self._terms[verb]] += count
        total = float(counts.sum())
        likelier = np.log((counts + _PRIOR * share) / ((total + _PRIOR) * np.maximum(share, 1e-9)) + 1e-9)
        return likelier[self._verbs] if known else np.zeros(len(self), dtype=np.float32)

    def _like(self, said: str) -> tuple[str, ...]:
        """The word itself, or where the documentation hardly uses it those that mean the same."""
        if sum(self._verb_counts.get(said, {}).values()) >= _USUAL:
            return (said,)
        return next((group for group in _SAME if said in group), (said,))

    def with_verb(self, term: str) -> Floats:
        """1 for the rows whose verb it is."""
        return (self._verbs == self._terms.get(term, -1)).astype(np.float32)

    def ending_in(self, term: str) -> Floats:
        """1 for the rows whose name ends in this noun, up to a preposition."""
        return (self._last == self._terms.get(term, -1)).astype(np.float32)

    def beginning_with(self, term: str) -> Floats:
        """1 for the rows whose first noun this is."""
        return (self._first == self._terms.get(term, -1)).astype(np.float32)

    @cached_property
    def service_size(self) -> Floats:
        """How many operations each row's service has, in logarithm, at most about 1."""
        found = np.zeros(len(self), dtype=np.float32)
        for rows in self.services.values():
            found[rows] = np.log1p(rows.stop - rows.start) / 7
        return found

    @cached_property
    def number(self) -> Floats:
        """1 for the rows that read several things, -1 for those that read one, 0 for those that do not read."""
        reading = np.isin(self._verbs, [self._terms[verb] for verb in _READING if verb in self._terms])
        several = [operation.startswith("list") or is_plural(operation) for _, operation in self.names]
        return np.where(reading, np.where(several, 1.0, -1.0), 0.0).astype(np.float32)

    @cached_property
    def noun_counts(self) -> Floats:
        """How many nouns each name has."""
        return np.diff(self._noun_starts).astype(np.float32)

    @cached_property
    def name_weight(self) -> Floats:
        """The sum of the rarities of each name's nouns; 0 for a name without one."""
        return _sums(self._rarities[self._nouns], self._noun_starts)

    @cached_property
    def sentence_weight(self) -> Floats:
        """The sum of the rarities of the words in each first sentence."""
        stands = (self._fields & SENTENCE) > 0
        return np.bincount(
            self._rows[stands], np.repeat(self._rarities, np.diff(self._starts))[stands], len(self)
        ).astype(np.float32)

    @cached_property
    def _rarities(self) -> Floats:
        frequency = np.diff(self._starts)
        return np.log(1 + (len(self) - frequency + 0.5) / (frequency + 0.5)).astype(np.float32)

    @cached_property
    def _most(self) -> float:
        return float(self._rarities.max())

    @cached_property
    def _weights(self) -> Floats:
        """BM25 of every posting."""
        by_fields = np.array(
            [sum(weight for field, weight in _WEIGHTS.items() if field & mask) for mask in range(64)], dtype=np.float32
        )
        frequency = by_fields[self._fields]
        lengths = np.bincount(self._rows, frequency, len(self)).astype(np.float32)
        damping = _K1 * (1 - _B + _B * lengths / lengths.mean())
        rarity = np.repeat(self._rarities, np.diff(self._starts))
        return rarity * frequency * (_K1 + 1) / (frequency + damping[self._rows])

    @cached_property
    def _verb_share(self) -> Floats:
        counts = np.bincount(self._verbs, minlength=len(self._terms)).astype(np.float32)
        return counts / counts.sum()

    @cached_property
    def _last(self) -> npt.NDArray[np.int64]:
        return np.where(self._heads > 0, self._nouns[np.maximum(self._noun_starts[:-1] + self._heads - 1, 0)], -2)

    @cached_property
    def _first(self) -> npt.NDArray[np.int64]:
        inside = np.minimum(self._noun_starts[:-1], len(self._nouns) - 1)
        return np.where(self.noun_counts > 0, self._nouns[inside], -2)

    @cached_property
    def _neighbours(self) -> tuple[npt.NDArray[np.int64], Rows]:
        owner = np.repeat(np.arange(len(self)), np.diff(self._noun_starts))
        same = owner[1:] == owner[:-1]
        keys = (self._nouns[:-1] * len(self._terms) + self._nouns[1:])[same]
        order = np.argsort(keys, kind="stable")
        return keys[order], owner[1:][same][order]


def _pair(line: str) -> tuple[str, str]:
    service, _, operation = line.partition("\t")
    return service, operation


def _summed(steps: npt.NDArray[Any], starts: Rows) -> Rows:
    """Rows from the steps between them; each word's begin anew."""
    totals = np.cumsum(steps, dtype=np.intp)
    before = np.concatenate(([0], totals))[starts[:-1]]
    return totals - np.repeat(before, np.diff(starts))


def _sums(values: Floats, starts: Rows) -> Floats:
    totals = np.concatenate(([0.0], np.cumsum(values, dtype=np.float64)))
    return (totals[starts[1:]] - totals[starts[:-1]]).astype(np.float32)


@cache
def table(provider: Provider) -> Table | None:
    """A cloud's reference, read when first asked for; None where none ships."""
    source = files("escher.vectors.reference") / "data" / f"{provider}.npz"
    if not source.is_file():
        return None
    with np.load(BytesIO(source.read_bytes())) as archive:
        return Table(provider, {name: archive[name] for name in archive.files})
