"""What a cloud's services are called, learnt from their titles and from how their own documentation names them. Pure."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from escher.vectors.reference.words import STOP

BRANDS = frozenset({"amazon", "aws", "azure", "microsoft", "google"})
_BRANDED = re.compile(
    r"\b(?:Amazon|AWS|Azure|Google)(?: Cloud)? ((?:[A-Z][A-Za-z0-9.-]*)(?: (?:[A-Z][A-Za-z0-9.-]*|of|and)){0,3})"
)
_NAMED = re.compile(r"\b([A-Z][A-Za-z0-9]*(?: [A-Z][A-Za-z0-9]*){1,3})\b")
_LEFT_OUT = re.compile(
    r"\b(?:Amazon|AWS|Azure|Microsoft|Google|Cloud)\b|\(.*?\)|\bwith .*$|\bservice\b$", re.IGNORECASE
)
_WORD = re.compile(r"[a-z0-9+.]+")
LONGEST = 6  # words in a service's name
_OWN_SHARE, _OFTEN = 0.8, 4


class Described(Protocol):
    """What is read of an operation's description."""

    @property
    def service(self) -> str: ...  # noqa: D102 as the class says
    @property
    def operation(self) -> str: ...  # noqa: D102 as the class says
    @property
    def titles(self) -> Sequence[str]: ...  # noqa: D102 as the class says
    @property
    def sentence(self) -> str: ...  # noqa: D102 as the class says
    @property
    def rest(self) -> str: ...  # noqa: D102 as the class says


def aliases(documents: Sequence[Described]) -> dict[str, list[object]]:
    """Each name in lower case with `[distinct, service, …]`.

    A distinct name is a service's wherever it stands; another is an ordinary word too (it is in the operations' names
    of three other services), and counts only behind the cloud's own name or in capitals.
    """
    named = _titled(documents)
    used = _used_elsewhere(documents)
    for phrase, service in _products(documents):
        if used.get(phrase, set()) <= {service}:
            named.setdefault(phrase, {service})
    return {
        alias: [len(used.get(alias, set()) - services) < 3, *sorted(services)]
        for alias, services in sorted(named.items())
    }


def _titled(documents: Iterable[Described]) -> dict[str, set[str]]:
    named: defaultdict[str, set[str]] = defaultdict(set)
    for service, titles in {one.service: one.titles for one in documents}.items():
        for name in (service, service.replace("-", " "), *titles):
            words = " ".join(_WORD.findall(_LEFT_OUT.sub("", name).lower()))
            if len(words) > 1 and len(words.split()) <= LONGEST:
                named[words].add(service)
    return dict(named)


def _products(documents: Iterable[Described]) -> Iterator[tuple[str, str]]:
    """Names behind a cloud's own, or in capitals, that nearly always stand in the descriptions of one service."""
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for one in documents:
        text = f"{one.sentence} {one.rest}"
        for phrase in {*_BRANDED.findall(text), *_NAMED.findall(text)}:
            counts[" ".join(_WORD.findall(phrase.lower()))][one.service] += 1
    for phrase, services in counts.items():
        service, most = services.most_common(1)[0]
        ordinary = not STOP.isdisjoint(phrase.split()) or not BRANDS.isdisjoint(phrase.split())
        if most >= _OFTEN and most >= _OWN_SHARE * services.total() and not ordinary:
            yield phrase, service


def _used_elsewhere(documents: Iterable[Described]) -> Mapping[str, set[str]]:
    """The services in whose operations' names one to three words stand together."""
    used: defaultdict[str, set[str]] = defaultdict(set)
    for one in documents:
        words = re.split(r"[-\s]", one.operation)
        for size in (1, 2, 3):
            for start in range(len(words) - size + 1):
                used[" ".join(words[start : start + size])].add(one.service)
    return used
