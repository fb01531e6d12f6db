"""Does a resource meet conditions? Exact: what a resource does not tell is never taken to match. Pure.

The words of a condition may be aliases; a `Resolver` says what they stand for. `names` and `ids` together say which
resources are meant, so one of them is enough; all other fields must hold, and within a field one value is enough.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import translate
from math import floor, isclose
from operator import ge, gt, le, lt

from escher.contract.environments import (
    APPLICATION_KEYS,
    ENVIRONMENT_KEYS,
    OWNER_KEYS,
    canonical_environment,
    environment_of,
    tag_value,
)
from escher.contract.estate import Resource
from escher.contract.ports import Resolver
from escher.contract.understanding import Comparison, Conditions, Filters, TagFilter

Check = Callable[[Resource], bool]
SECONDS_A_DAY = 86_400
# What a request names as a tag, and Azure keeps as a place.
RESOURCE_GROUP = "resource_group"
FAMILIES = (ENVIRONMENT_KEYS, APPLICATION_KEYS, OWNER_KEYS)
_SIZE_FIELDS = ("instance_type", "instance_class", "machine_type", "vm_size", "size")
_OPERATORS: dict[str, Callable[[float, float], bool]] = {"lt": lt, "le": le, "ge": ge, "gt": gt, "eq": isclose}


class Literally:
    """The resolver of words that stand for themselves, such as a playbook's requirements."""

    def names(self, word: str) -> tuple[str, ...]:
        """No word is an alias here."""
        return ()

    def value(self, word: str) -> str:
        """The word itself."""
        return word

    def alias_of(self, resource_id: str) -> str:
        """The id itself."""
        return resource_id


@dataclass(frozen=True, slots=True)
class Entry:
    """One name or id that was asked for: the word as people know it, and which resources bear it."""

    word: str
    bears: Check


def entries(conditions: Conditions, resolver: Resolver) -> list[Entry]:
    """The names and ids of conditions, in order."""
    return [_entry(word, resolver) for word in (*conditions.names, *conditions.ids)]


def filters_check(filters: Filters, resolver: Resolver, now: float) -> Check:
    """Whether a resource meets the filters, what they exclude included. `now` is in Unix seconds."""
    meets = conditions_check(filters, resolver, now)
    excluded = [conditions_check(conditions, resolver, now) for conditions in filters.exclude]
    return lambda resource: meets(resource) and not any(leave_out(resource) for leave_out in excluded)


def conditions_check(conditions: Conditions, resolver: Resolver, now: float) -> Check:
    """Whether a resource meets every field that is given. `now` is in Unix seconds."""
    checks = [*_place_checks(conditions, resolver), *_tag_checks(conditions, resolver)]
    checks += _attribute_checks(conditions, now)
    if named := entries(conditions, resolver):
        checks.append(lambda resource: any(entry.bears(resource) for entry in named))
    return lambda resource: all(check(resource) for check in checks)


def family_of(key: str) -> tuple[str, ...]:
    """The keys that mean the same as `key`, all in lower case."""
    return next((family for family in FAMILIES if key.lower() in family), (key.lower(),))


def _place_checks(conditions: Conditions, resolver: Resolver) -> list[Check]:
    checks: list[Check] = []
    if conditions.accounts:
        accounts = _folded(conditions.accounts, resolver)
        checks.append(lambda r: r.account_id.casefold() in accounts or r.account_name.casefold() in accounts)
    if conditions.regions:
        regions = _folded(conditions.regions, resolver)
        checks.append(lambda r: r.region.casefold() in regions or (bool(r.zone) and r.zone.casefold() in regions))
    if conditions.states:
        states = frozenset(conditions.states)
        checks.append(lambda r: r.state in states)
    return checks


def _tag_checks(conditions: Conditions, resolver: Resolver) -> list[Check]:
    checks = [_tag_check(wanted, resolver) for wanted in conditions.tags]
    if conditions.environments:
        environments = {_environment(word) for word in _folded(conditions.environments, resolver)}
        checks.append(lambda r: _environment_tag(r.tags) in environments)
    if conditions.applications:
        checks.append(_family_check(APPLICATION_KEYS, _folded(conditions.applications, resolver)))
    if conditions.owners:
        checks.append(_family_check(OWNER_KEYS, _folded(conditions.owners, resolver)))
    if "*" in conditions.untagged:
        checks.append(lambda r: all(name.lower() == "name" for name in r.tags))
    for key in conditions.untagged:
        family = family_of(resolver.value(key))
        checks.append(lambda r, family=family: not any(name.lower() in family for name in r.tags))
    return checks


def _tag_check(wanted: TagFilter, resolver: Resolver) -> Check:
    key, values = resolver.value(wanted.key).lower(), _folded(wanted.values, resolver)
    tagged = _family_check((key,), values)
    if key != RESOURCE_GROUP or not values:
        return tagged
    return lambda r: tagged(r) or str(r.attributes.get(RESOURCE_GROUP) or "").casefold() in values


def _family_check(keys: Sequence[str], values: frozenset[str]) -> Check:
    """A tag of one of `keys` has one of `values`; without values, there is such a tag."""
    return lambda r: any(
        name.lower() in keys and (not values or value.casefold() in values) for name, value in r.tags.items()
    )


def _attribute_checks(conditions: Conditions, now: float) -> list[Check]:
    checks = [_comparison_check(comparison, now) for comparison in conditions.comparisons]
    for name in ("attached", "public", "encrypted"):
        wanted = getattr(conditions, name)
        if wanted is not None:
            checks.append(lambda r, name=name, wanted=wanted: r.attributes.get(name) is wanted)
    if conditions.sizes:
        sizes = [_pattern(size) for size in conditions.sizes]
        checks.append(lambda r: any(size.fullmatch(own) for own in _sizes(r) for size in sizes))
    return checks


def _comparison_check(comparison: Comparison, now: float) -> Check:
    compare = _OPERATORS[comparison.operator]

    def check(resource: Resource) -> bool:
        measured = _measured(resource, comparison.field, now)
        if measured is not None and comparison.field == "age_days" and comparison.operator == "eq":
            measured = floor(measured)
        return measured is not None and compare(measured, comparison.value)

    return check


def _measured(resource: Resource, measure: str, now: float) -> float | None:
    """A measure in the unit of its name, or None when the resource does not tell it."""
    value = resource.attributes.get("created_at" if measure == "age_days" else measure)
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    return (now - value) / SECONDS_A_DAY if measure == "age_days" else float(value)


def _sizes(resource: Resource) -> Iterable[str]:
    return (str(resource.attributes[name]) for name in _SIZE_FIELDS if resource.attributes.get(name))


def _entry(word: str, resolver: Resolver) -> Entry:
    ids = frozenset(resolver.names(word))
    if ids:
        return Entry(resolver.value(word), lambda r: r.resource_id in ids)
    pattern = _pattern(resolver.value(word))
    return Entry(
        resolver.value(word),
        lambda r: any(pattern.fullmatch(own) for own in (r.name, r.identifier, r.resource_id)),
    )


def _pattern(word: str) -> re.Pattern[str]:
    """A word of which only `*` stands for anything, whatever its case."""
    return re.compile(translate(word.strip().replace("[", "[[]").replace("?", "[?]")), re.IGNORECASE)


def _folded(words: Iterable[str], resolver: Resolver) -> frozenset[str]:
    return frozenset(resolver.value(word).strip().casefold() for word in words)


def _environment(word: str) -> str:
    return canonical_environment(word) or word


def _environment_tag(tags: Mapping[str, str]) -> str | None:
    return environment_of(tags) or (tag_value(tags, ENVIRONMENT_KEYS) or "").strip().casefold() or None
