"""Count an estate for the server so that no set of requests, however chosen, tells of a group of fewer than five. Pure.

All answers are sums over one partition of the estate, made once: resources alike in every dimension are a class; a class
of fewer than five loses its value in one dimension after another until it is large enough, or is left out. What a
measure counts of a class is told only where those that show it, and those that do not, are both none or five or more.
So whatever two requests differ by is made of whole classes. What is told is rounded down besides.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from escher.context.patterns import PLACE
from escher.context.summary import bucket
from escher.contract.data_requests import MOST_ROWS, OTHER, SMALLEST, DataMeasure, DataRequest, DataResult, DataRow
from escher.contract.environments import environment_of
from escher.contract.estate import Resource
from escher.contract.vocabulary import Kind, Provider, State

_SHOWS: Mapping[DataMeasure, Callable[[Resource], bool]] = {
    "public": lambda resource: resource.attributes.get("public") is True,
    "unencrypted": lambda resource: resource.attributes.get("encrypted") is False,
    "unattached": lambda resource: resource.attributes.get("attached") is False,
}


@dataclass(frozen=True, slots=True)
class _Alike:
    """A class of the partition: one value in each dimension, None where it was taken away."""

    provider: Provider
    kind: Kind | None
    region: str | None
    environment: str | None
    state: State | None


# The dimension that tells least goes first.
_TAKEN_AWAY = ("state", "environment", "region", "kind")


class Counting:
    """The counts of one snapshot of an estate."""

    def __init__(self, resources: Iterable[Resource]) -> None:
        classes: dict[_Alike, list[Resource]] = defaultdict(list)
        for resource in resources:
            classes[_alike(resource)].append(resource)
        for dimension in _TAKEN_AWAY:
            classes = _coarser(classes, dimension)
        large = {alike: members for alike, members in classes.items() if len(members) >= SMALLEST}
        self._counts = {alike: _counted(members) for alike, members in large.items()}

    def answer(self, request: DataRequest) -> DataResult:
        """What may be told. The same request has the same answer as long as the estate does not change."""
        groups: Counter[tuple[str, ...]] = Counter()
        for alike, counts in self._counts.items():
            if _asked_for(request, alike):
                groups[tuple(getattr(alike, name) or OTHER for name in request.by)] += counts[request.measure]
        told = sorted(((bucket(count), values) for values, count in groups.items() if count >= SMALLEST), reverse=True)
        rows = tuple(DataRow(values=values, at_least=count) for count, values in told[:MOST_ROWS])
        return DataResult(request=request, rows=rows)


def _alike(resource: Resource) -> _Alike:
    region = resource.region.lower()
    return _Alike(
        provider=resource.provider,
        kind=resource.kind,
        region=region if PLACE.fullmatch(region) else None,
        environment=environment_of(resource.tags),
        state=resource.state,
    )


def _coarser(classes: Mapping[_Alike, list[Resource]], dimension: str) -> dict[_Alike, list[Resource]]:
    """The same with every small class in the one that has no value in this dimension."""
    merged: dict[_Alike, list[Resource]] = defaultdict(list)
    for alike, members in classes.items():
        small = len(members) < SMALLEST
        merged[replace(alike, **{dimension: None}) if small else alike] += members
    return merged


def _counted(members: list[Resource]) -> dict[DataMeasure, int]:
    """What each measure counts of a class; none where that would tell of fewer than five, for or against."""
    counts: dict[DataMeasure, int] = {"resources": len(members)}
    for measure, shows in _SHOWS.items():
        showing = sum(map(shows, members))
        told = showing >= SMALLEST and (showing == len(members) or len(members) - showing >= SMALLEST)
        counts[measure] = showing if told else 0
    return counts


def _asked_for(request: DataRequest, alike: _Alike) -> bool:
    return (not request.providers or alike.provider in request.providers) and (
        not request.kinds or alike.kind in request.kinds
    )
