"""What speaks for each operation of a cloud, given a request: one number a row and reason. Pure.

The weights are those of a softmax over the reasons, fitted on tasks of half of AWS's services (awscli's examples, split by
service); `search` has what they give on the other half.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from escher.vectors.reference.request import Mention, Request, mentioned
from escher.vectors.reference.table import NAME, PARAMETER, REST, SENTENCE, VERB, Floats, Table

WEIGHTS: Mapping[str, float] = {
    "meaning": 7.41,
    "words": 2.57,
    "words_share": 2.57,
    "verb_lift": 2.29,
    "same_verb": -0.3,
    "name_said": 1.0,
    "name_unsaid": -0.37,
    "name_length": 0.34,
    "head_in_name": 0.65,
    "head_ends_name": 1.29,
    "head_begins_name": 0.7,
    "neighbours": 0.78,
    "sentence": 0.68,
    "sentence_overlap": 1.22,
    "parameters": 4.16,
    "rest": 2.4,
    "service_named": 0.67,
    "service_named_later": 1.48,
    "other_service_named": -0.24,
    "service_size": 1.85,
    "number": 0.55,
    "deprecated": -0.51,
}


def scores(table: Table, request: Request, vector: Floats, weights: Mapping[str, float] = WEIGHTS) -> Floats:
    """The logarithm of how likely each row is, up to a constant."""
    total = np.zeros(len(table), dtype=np.float32)
    for name, reason in reasons(table, request, vector):
        total += weights[name] * reason
    return total


def reasons(table: Table, request: Request, vector: Floats) -> Iterator[tuple[str, Floats]]:
    """Each reason by its name, about 0 to 1, with its value for every row."""
    yield "meaning", table.vectors @ vector
    yield from _by_words(table, request)
    mentions = mentioned(request.text, table.aliases)
    named = frozenset[str]().union(*(mention.words for mention in mentions))
    # A service that is named says where, not what: `the MediaConvert presets` are presets.
    yield from _by_name(table, request, [term for term in request.head if term not in named] or request.head)
    yield from _by_service(table, mentions)
    yield "number", request.number * table.number
    yield "deprecated", table.deprecated


def _by_words(table: Table, request: Request) -> Iterator[tuple[str, Floats]]:
    words, sentence, parameters, rest, said = (np.zeros(len(table), dtype=np.float32) for _ in range(5))
    whole = 0.0
    for term, count in request.terms.items():
        rarity = table.rarity(term)
        whole += rarity
        if found := table.postings(term):
            fields = found.fields
            words[found.rows] += count * found.weights
            sentence[found.rows[fields & SENTENCE > 0]] += rarity
            said[found.rows[fields & NAME > 0]] += rarity
            parameters[found.rows[fields & (PARAMETER | NAME) == PARAMETER]] += rarity
            rest[found.rows[fields & (REST | SENTENCE | NAME) == REST]] += rarity
    whole = whole or 1.0
    yield "words", words / 20
    yield "words_share", words / (whole * 2.2)
    yield "sentence", sentence / whole
    yield "sentence_overlap", sentence / (whole + table.sentence_weight - sentence + 1e-6)
    yield "parameters", parameters / whole
    yield "rest", rest / whole
    named = table.name_weight
    yield "name_said", np.where(named > 0, said / np.maximum(named, 1e-6), 0.5)
    yield "name_unsaid", (named - said) / 10


def _by_name(table: Table, request: Request, about: Sequence[str]) -> Iterator[tuple[str, Floats]]:
    head = np.zeros(len(table), dtype=np.float32)
    weight = sum(table.rarity(term) for term in about) or 1.0
    for term in about:
        if found := table.postings(term):
            head[found.rows[found.fields & (NAME | VERB) > 0]] += table.rarity(term)
    yield "head_in_name", head / weight
    yield "head_ends_name", table.ending_in(about[-1] if about else "")
    yield "head_begins_name", table.beginning_with(about[0] if about else "")
    yield "neighbours", _neighbours(table, request)
    yield "name_length", table.noun_counts / 5
    yield "verb_lift", table.lift(request.verb) / 5
    yield "same_verb", table.with_verb(request.verb)


def _neighbours(table: Table, request: Request) -> Floats:
    """Which part of the pairs of neighbouring nouns in a name are neighbours in the request too."""
    counts = np.zeros(len(table), dtype=np.float32)
    for pair in request.neighbours:
        counts[table.having_neighbours(pair)] += 1
    pairs = table.noun_counts - 1
    return np.where(pairs > 0, counts / np.maximum(pairs, 1), 0.5).astype(np.float32)


def _by_service(table: Table, mentions: Sequence[Mention]) -> Iterator[tuple[str, Floats]]:
    first, later = (np.zeros(len(table), dtype=np.float32) for _ in range(2))
    for mention in mentions:
        (first if mention.first else later)[table.services[mention.service]] = 1.0
    yield "service_named", first
    yield "service_named_later", later
    yield "other_service_named", (1 - np.maximum(first, later)) * any(mention.first for mention in mentions)
    yield "service_size", table.service_size
