"""A selector beside the estate it is evaluated on, and the parts of that evaluation. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from escher.contract.estate import Completeness, Resource, Scope
from escher.contract.ports import Resolver
from escher.contract.understanding import Filters, Selector
from escher.contract.vocabulary import Kind
from escher.retrieval.completeness import completeness
from escher.retrieval.conditions import Check, Entry, entries, filters_check

GONE = frozenset({"deleted", "deleting"})


def in_order(resources: Iterable[Resource]) -> tuple[Resource, ...]:
    """The one order of resources everywhere: account, region, name, identifier."""
    return tuple(sorted(resources, key=lambda r: (r.account_id, r.region, r.name, r.identifier, r.resource_type)))


def by_name(resources: Iterable[Resource]) -> tuple[Resource, ...]:
    """The order in which `the first n` are counted: name, then id."""
    return tuple(sorted(resources, key=lambda r: (r.name, r.resource_id)))


@dataclass(frozen=True)
class Request:
    """What is asked of which estate. `now` is in Unix seconds; `kinds` tells the kind of each resource type."""

    selector: Selector
    resolver: Resolver
    resources: Sequence[Resource]
    scopes: Sequence[Scope]
    kinds: Mapping[str, Kind]
    now: float

    @cached_property
    def living(self) -> list[Resource]:
        """What is there to act on: nothing that is deleted or about to be."""
        return [resource for resource in self.resources if resource.state not in GONE]

    @cached_property
    def fits(self) -> list[Resource]:
        """The living that fit, whatever their names."""
        return self.fitting(self.living)

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but free words says what is meant."""
        said = self.selector
        return bool(said.providers or said.kinds or said.resource_types) or said.filters != Filters()

    @cached_property
    def entries(self) -> list[Entry]:
        """The names and ids that were asked for."""
        return entries(self.selector.filters, self.resolver)

    def fitting(self, resources: Iterable[Resource], selector: Selector | None = None) -> list[Resource]:
        """Those that fit `selector` (this request's, unless another is given), whatever their names."""
        selector = selector or self.selector
        unnamed = selector.filters.model_copy(update={"names": (), "ids": ()})
        meets = filters_check(unnamed, self.resolver, self.now)
        is_such = _thing_check(selector)
        return [resource for resource in resources if is_such(resource) and meets(resource)]

    def bearing(self, entry: Entry, resources: Iterable[Resource]) -> list[Resource]:
        """The resources that bear one of the names, in order."""
        return [*in_order(resource for resource in resources if entry.bears(resource))]

    @cached_property
    def completeness(self) -> Completeness:
        """How completely the scopes were seen that the answer depends on."""
        return completeness(self.selector, self.resolver, self.scopes, self.resources, self.kinds)


def _thing_check(selector: Selector) -> Check:
    providers, kinds, types = map(frozenset, (selector.providers, selector.kinds, selector.resource_types))
    return lambda r: (
        (not providers or r.provider in providers)
        and (not kinds or r.kind in kinds)
        and (not types or r.resource_type in types)
    )
