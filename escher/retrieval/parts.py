"""What the model is given of a resource: a few short parts that many resources share. Pure.

No two names of a real estate are alike, but their words are: `orders-api-prod-euw1-03` says `orders` and `api`. So each
word is embedded once, and a resource's vector is the weighted mean of its parts'. What it is counts most; what is
matched exactly by filters and words (service, environment, region, the values of tags) least.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from escher.contract.environments import environment_words
from escher.contract.estate import Resource
from escher.vectors.canonical import canonical_text

_KIND, _SAID, _ASIDE = 2.0, 1.0, 0.4
_BETWEEN, _ASIDES = ", ", "; "
# Words of a question that say nothing by themselves.
_EMPTY_WORDS = (
    "a all an and any are at by do for from have how i in is it list many me my of on or our show that the there to we "
    "what which with"
)
_EMPTY = frozenset(_EMPTY_WORDS.split())


def embedded_text(resource: Resource) -> str:
    """The parts of a resource, without ids, dates and running numbers: `compute instance, worker; ec2, dev, shop`.

    First its kind, then the words of its name; behind the semicolon what counts less.
    """
    exact = {*environment_words(), *_words(resource.region)}
    name = _words(resource.name)
    tags = _words(*(value for key, value in sorted(resource.tags.items()) if key != "Name"))
    said = dict.fromkeys([resource.kind.replace("_", " "), *(word for word in name if word not in exact)])
    aside = dict.fromkeys(word for word in (*_words(resource.service), *name, *tags) if word not in said)
    return _BETWEEN.join(said) + (_ASIDES + _BETWEEN.join(aside) if aside else "")


def weights(text: str) -> Mapping[str, float]:
    """The parts of an `embedded_text`, and how much each counts."""
    said, _, aside = text.partition(_ASIDES)
    kind, *words = said.split(_BETWEEN)
    found = {kind: _KIND} | dict.fromkeys(words, _SAID)
    return found | (dict.fromkeys(aside.split(_BETWEEN), _ASIDE) if aside else {})


def asked(text: str) -> Mapping[str, float]:
    """The parts of a question: its words, which together count twice as much as the whole of it."""
    words = [word for word in dict.fromkeys(text.split()) if word not in _EMPTY]
    return dict.fromkeys(words, 2 / len(words)) | {text: 1.0} if len(words) > 1 else {text: 1.0}


def composed(parts: Mapping[str, float], vectors: Mapping[str, bytes]) -> bytes:
    """The weighted mean of the parts' vectors, of length 1."""
    total = sum(weight * np.frombuffer(vectors[part], "<f4") for part, weight in parts.items())
    return (total / np.linalg.norm(total)).astype("<f4").tobytes()


def _words(*texts: str) -> Iterable[str]:
    return canonical_text(*texts).split()
