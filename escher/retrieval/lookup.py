"""What an estate calls its things: exact names and ids, the words it uses, and slips of the pen put right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from rapidfuzz import process
from rapidfuzz.fuzz import ratio

from escher.contract.estate import Resource
from escher.contract.vocabulary import KINDS
from escher.retrieval.questions import tokens

_EQUAL = 100
_SHORTEST = 4  # shorter words have too many neighbours


class Lookup:
    """Follows the estate resource by resource, as all of it again takes half a second for 100 000. Not for threads.

    `types` are resource types that may be spoken of though there are none.
    """

    def __init__(self, types: Iterable[str] = ()) -> None:
        self._keys: dict[str, dict[str, None]] = {}
        self._words: Counter[str] = Counter()
        self._services: Counter[str] = Counter(word for name in (*KINDS, *types) for word in name.split("_"))

    def put(self, resources: Sequence[Resource]) -> None:
        """Know resources. One that is known already is to be dropped first, as it was then."""
        for resource in resources:
            for own in _own(resource):
                self._keys.setdefault(own, {})[resource.natural_key] = None
        self._words.update(word for resource in resources for word in _words(resource))
        self._services.update(word for resource in resources for word in tokens(resource.service))

    def drop(self, resources: Sequence[Resource]) -> None:
        """Forget resources."""
        for resource in resources:
            for own in _own(resource):
                bearers = self._keys.get(own, {})
                bearers.pop(resource.natural_key, None)
                if not bearers:
                    self._keys.pop(own, None)
        self._words.subtract(word for resource in resources for word in _words(resource))
        self._services.subtract(word for resource in resources for word in tokens(resource.service))

    def exact(self, text: str) -> list[str]:
        """The natural keys of what bears the text, or one of its words, as its name or id."""
        said = dict.fromkeys([text.strip().casefold(), *text.casefold().split()])
        return list(dict.fromkeys(key for word in said for key in self._keys.get(word, ())))

    def corrected(self, text: str, similar: float) -> str:
        """The text with unknown words replaced by the service or kind they are most like, if to `similar` of 100."""
        if similar > _EQUAL:
            return text
        return " ".join(self._corrected(word, similar) for word in text.split())

    def _corrected(self, word: str, similar: float) -> str:
        low = word.casefold()
        if len(low) < _SHORTEST or not low.isalpha() or self._words[low] > 0 or self._services[low] > 0:
            return word
        services = [name for name, count in self._services.items() if count > 0]
        found = process.extractOne(low, services, scorer=ratio, score_cutoff=similar)
        return found[0] if found else word


def _own(resource: Resource) -> set[str]:
    return {own.casefold() for own in (resource.name, resource.identifier, resource.resource_id)}


def _words(resource: Resource) -> set[str]:
    return set(tokens(" ".join((resource.name, *resource.tags.values()))))
