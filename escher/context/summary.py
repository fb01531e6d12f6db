"""The estate in counts, bucketed, and the mentioned resources as what they are: never which they are. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import cast

from escher.context.patterns import PLACE
from escher.contract.context import AliasedResource, Count, EstateSummary
from escher.contract.environments import environment_of
from escher.contract.estate import Resource, Scope
from escher.contract.vocabulary import CHANGE_ACTIONS, Action, State

MOST_RESOURCES = 20
MOST_BYTES_EACH = 400
MOST_COUNTS = 60
_EXACT = 5
_STEPS = (1, 2, 5)
_PUBLIC_VALUE = re.compile(r"[a-z][a-z0-9_-]{0,40}")
_SECONDS_AN_HOUR = 3_600
# The state in which these can be done at all: in another one, that they cannot says nothing about rights.
_NEEDED: Mapping[str, State] = {"stop": "running", "start": "stopped"}


def bucket(count: int) -> int:
    """`count` itself below 5, else the next of 5, 10, 20, 50, 100 … below it."""
    if count < _EXACT:
        return count
    power = 1
    while power * 10 <= count:
        power *= 10
    return max(step * power for step in _STEPS if step * power <= count)


def estate_summary(resources: Iterable[Resource], scopes: Iterable[Scope], now: int) -> EstateSummary:
    """Counts by provider, type, region and environment. Values that no provider would write are left out."""
    providers: Counter[str] = Counter()
    types: Counter[str] = Counter()
    regions: Counter[str] = Counter()
    environments: Counter[str] = Counter()
    for resource in resources:
        providers[resource.provider] += 1
        types[resource.resource_type] += 1
        regions[resource.region if PLACE.fullmatch(resource.region) else ""] += 1
        environments[environment_of(resource.tags) or ""] += 1
    return EstateSummary(
        providers=_counts(providers),
        resource_types=_counts(types),
        regions=_counts(regions),
        environments=_counts(environments),
        oldest_scan_hours=_oldest(scopes, now),
    )


def aliased_resources(
    mentioned: Mapping[str, Sequence[int]], resources: Sequence[Resource]
) -> tuple[AliasedResource, ...]:
    """What the mentioned things are, at most 20: of a name that several bear, each different kind of thing once."""
    found: dict[AliasedResource, None] = {}
    for alias, numbers in mentioned.items():
        for number in numbers:
            described = _described(alias, resources[number])
            if len(described.model_dump_json().encode()) <= MOST_BYTES_EACH:
                found.setdefault(described)
            if len(found) >= MOST_RESOURCES:
                return tuple(found)
    return tuple(found)


def _described(alias: str, resource: Resource) -> AliasedResource:
    return AliasedResource(
        alias=alias,
        provider=resource.provider,
        kind=resource.kind,
        resource_type=resource.resource_type,
        region=resource.region if PLACE.fullmatch(resource.region) else "",
        state=resource.state,
        environment=environment_of(resource.tags),
        denied=tuple(_denied(resource)),
        dependants=_few(int(resource.constraints.get("dependants", 0))),
        backed_up=resource.constraints.get("has_backups"),
    )


def _denied(resource: Resource) -> Iterator[Action]:
    """What the user may not do with it; that it stands in another state, or that something hangs on it, is no denial."""
    for name, answer in resource.constraints.items():
        action = name.removeprefix("can_")
        wanted = _NEEDED.get(action, resource.state)
        hindered = action == "delete" and resource.constraints.get("dependants")
        if answer is False and name.startswith("can_") and action in CHANGE_ACTIONS and resource.state == wanted:
            yield from () if hindered else (cast("Action", action),)


def _counts(counter: Counter[str]) -> tuple[Count, ...]:
    public = ((value, count) for value, count in counter.most_common() if _PUBLIC_VALUE.fullmatch(value))
    return tuple(Count(value=value, count=_few(count)) for value, count in public)[:MOST_COUNTS]


def _few(count: int) -> int:
    """The bucket of a count; which of 1 to 4 it is, is nobody's business."""
    return 1 if 0 < count < _EXACT else bucket(count)


def _oldest(scopes: Iterable[Scope], now: int) -> int | None:
    scanned = [scope.scanned_at for scope in scopes if scope.scanned_at]
    return max(0, now - min(scanned)) // _SECONDS_AN_HOUR if scanned else None
