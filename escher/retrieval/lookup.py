"""What an estate calls its things: exact names and ids, the words it uses, and slips of the pen put right. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.fuzz import ratio

from escher.contract.estate import Resource
from escher.contract.vocabulary import KINDS
from escher.retrieval.questions import tokens

_EQUAL = 100
_SHORTEST = 4  # shorter words have too many neighbours


@dataclass(frozen=True, slots=True)
class Lookup:
    """`keys` leads from a name or id in lower case to natural keys; `words` are all words of names and tags."""

    keys: Mapping[str, tuple[str, ...]]
    words: frozenset[str]
    services: frozenset[str]

    def exact(self, text: str) -> list[str]:
        """The natural keys of what bears the text, or one of its words, as its name or id."""
        said = dict.fromkeys([text.strip().casefold(), *text.casefold().split()])
        return list(dict.fromkeys(key for word in said for key in self.keys.get(word, ())))

    def corrected(self, text: str, similar: float) -> str:
        """The text with unknown words replaced by the service or kind they are most like, if to `similar` of 100."""
        if similar > _EQUAL:
            return text
        return " ".join(self._corrected(word, similar) for word in text.split())

    def _corrected(self, word: str, similar: float) -> str:
        low = word.casefold()
        if len(low) < _SHORTEST or not low.isalpha() or low in self.words or low in self.services:
            return word
        found = process.extractOne(low, self.services, scorer=ratio, score_cutoff=similar)
        return found[0] if found else word


def lookup(resources: Iterable[Resource], types: Iterable[str] = ()) -> Lookup:
    """The lookup of these resources; `types` are resource types that may be spoken of though there are none."""
    keys: dict[str, dict[str, None]] = {}
    words: set[str] = set()
    services = {word for name in (*KINDS, *types) for word in name.split("_")}
    for resource in resources:
        for own in (resource.name, resource.identifier, resource.resource_id):
            keys.setdefault(own.casefold(), {})[resource.natural_key] = None
        words.update(tokens(" ".join((resource.name, *resource.tags.values()))))
        services.update(tokens(resource.service))
    return Lookup({own: tuple(found) for own, found in keys.items()}, frozenset(words), frozenset(services))
