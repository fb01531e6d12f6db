"""How complete an answer is: over the scopes that a selector depends on, whatever was found in them. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime

from escher.contract.estate import GLOBAL, Completeness, PartialScope, Resource, Scope
from escher.contract.ports import Resolver
from escher.contract.understanding import Selector
from escher.contract.vocabulary import Kind


def completeness(
    selector: Selector,
    resolver: Resolver,
    scopes: Iterable[Scope],
    resources: Iterable[Resource],
    kinds: Mapping[str, Kind],
) -> Completeness:
    """Complete when there are scopes that the selector depends on, and a scan saw all of each.

    `kinds` tells the kind of every resource type; a type that is not in it counts for every kind.
    """
    depends = _dependence(selector, resolver, resources, kinds)
    relevant = [scope for scope in scopes if depends(scope)]
    partial = [scope for scope in relevant if scope.status != "complete"]
    times = [scope.scanned_at for scope in relevant if scope.scanned_at]
    return Completeness(
        complete=bool(relevant) and not partial,
        partial_scopes=tuple(_partial(scope) for scope in sorted(partial, key=lambda scope: scope.key)),
        oldest_scan=datetime.fromtimestamp(min(times), UTC).isoformat() if times else None,
        scopes=len(relevant),
        complete_scopes=len(relevant) - len(partial),
    )


def _dependence(
    selector: Selector, resolver: Resolver, resources: Iterable[Resource], kinds: Mapping[str, Kind]
) -> Callable[[Scope], bool]:
    accounts = _accounts(selector, resolver, resources)
    regions = {resolver.value(word).casefold() for word in selector.filters.regions}

    def depends(scope: Scope) -> bool:
        return (
            (not selector.providers or scope.provider in selector.providers)
            and (not selector.resource_types or scope.resource_type in selector.resource_types)
            and (not selector.kinds or kinds.get(scope.resource_type, selector.kinds[0]) in selector.kinds)
            and (accounts is None or scope.account_id in accounts)
            and (not regions or scope.region == GLOBAL or _within(scope.region.casefold(), regions))
        )

    return depends


def _accounts(selector: Selector, resolver: Resolver, resources: Iterable[Resource]) -> set[str] | None:
    """The ids of the accounts that are named, or None when none is."""
    if not selector.filters.accounts:
        return None
    words = {resolver.value(word).strip().casefold() for word in selector.filters.accounts}
    return words | {r.account_id for r in resources if r.account_name.casefold() in words}


def _within(region: str, places: Iterable[str]) -> bool:
    """Whether a place is the region or one of its zones (`us-east-1a`, `europe-west1-b`)."""
    return any(place.startswith(region) and len(place) - len(region) <= 2 for place in places)


def _partial(scope: Scope) -> PartialScope:
    never = "not scanned yet" if scope.status == "never" else "not fully seen"
    missing = f"{scope.missing_permission} is missing" if scope.missing_permission else ""
    return PartialScope(
        account_id=scope.account_id,
        region=scope.region,
        resource_type=scope.resource_type,
        reason=missing or scope.error or never,
    )
