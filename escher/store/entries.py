"""A resource as the store keeps it, and the estate at one moment."""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from operator import attrgetter
from types import MappingProxyType
from typing import Any, Literal

from escher.contract.environments import environment_of
from escher.contract.estate import Resource
from escher.errors import InvalidInput
from escher.store.collections import COLLECTIONS
from escher.store.records import Record
from escher.store.withheld import without_secrets

_FIELDS = tuple(field.name for field in fields(Resource))
# Newer than the first version of the store: its records do without.
_LATER = frozenset({"constraints", "iam", "relations", "managed_by", "fingerprint"})
_ALWAYS = tuple(name for name in _FIELDS if name not in _LATER)
_OPEN = ("attributes", "constraints", "iam", "relations")
# What a resource's text is made of, besides its type and identifier, which are in its key.
_SPOKEN = ("kind", "service", "name", "tags")
_FACETS = ("provider", "account_id", "region", "kind", "state")
_WARN_SHARE, _ALERT_SHARE = 0.10, 0.20

Value = str | int


@dataclass(frozen=True, slots=True)
class Entry:
    """A resource, its vector if it has one, and the hash of the text that the vector was made from.

    `scope` is the key of the scope in which a scan saw it last; empty when no scan has said.
    """

    resource: Resource
    text_hash: str = ""
    vector: bytes | None = None
    scope: str = ""

    @property
    def indexed_as(self) -> tuple[object, ...]:
        """Equal for two entries of a key when an index holds the same of both, whatever else differs: when it was
        seen last, its attributes, what can be done with it.
        """
        one = self.resource
        return (
            one.provider, one.account_id, one.account_name, one.region, one.resource_type, one.kind, one.service,
            one.resource_id, one.identifier, one.name, one.state, frozenset(one.tags.items()),
            self.text_hash, self.vector is None,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Natural keys under which one resource of a provider is kept, the one that was seen last before the others."""

    resource_id: str
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Duplication:
    """How many points there are, how many there would be without duplicates, and how bad that is."""

    points: int
    expected: int

    @property
    def level(self) -> Literal["ok", "warning", "alert"]:
        """A warning from 10 % too many on, an alert from 20 % on."""
        surplus = (self.points - self.expected) / max(1, self.expected)
        if surplus >= _ALERT_SHARE:
            return "alert"
        return "warning" if surplus >= _WARN_SHARE else "ok"


class EstateSnapshot:
    """The estate at one moment. It never changes; an unchanged estate gives the same object again."""

    def __init__(self, entries: Mapping[str, Entry]) -> None:
        self.entries = entries

    @cached_property
    def resources(self) -> Mapping[str, Resource]:
        """Resources by natural key, in order of insertion."""
        return MappingProxyType({key: entry.resource for key, entry in self.entries.items()})

    @cached_property
    def by_id(self) -> Mapping[str, Resource]:
        """Resources by the provider's global id."""
        return MappingProxyType({entry.resource.resource_id: entry.resource for entry in self.entries.values()})

    @cached_property
    def vectors(self) -> Mapping[str, bytes]:
        """Vectors by natural key, of those resources that have one."""
        found = ((key, entry.vector) for key, entry in self.entries.items())
        return MappingProxyType({key: vector for key, vector in found if vector is not None})

    @cached_property
    def text_hashes(self) -> Mapping[str, str]:
        """For each key in `vectors`, the hash of the text its vector was made from."""
        return MappingProxyType({key: self.entries[key].text_hash for key in self.vectors})

    @cached_property
    def summary(self) -> Mapping[str, Mapping[str, int]]:
        """How many resources there are by `provider`, `account_id`, `region`, `kind`, `state` and `env`.

        `env` is the canonical environment (`production` counts as `prod`); resources without one are not in it.
        """
        resources = self.resources.values()
        facets: dict[str, Counter[str]] = {name: Counter(map(attrgetter(name), resources)) for name in _FACETS}
        facets["env"] = Counter(env for one in resources if (env := environment_of(one.tags)))
        return MappingProxyType({name: dict(counter.most_common()) for name, counter in facets.items()})

    @cached_property
    def duplicates(self) -> Sequence[Duplicate]:
        """What is kept under several keys of one account although the provider gives it one id.

        What is shared between accounts has one id in all of them, and is no duplicate.
        """
        if len({(one.account_id, one.resource_id) for one in self.resources.values()}) == len(self.entries):
            return ()
        keys: dict[tuple[str, str], list[str]] = defaultdict(list)
        for key, resource in self.resources.items():
            keys[resource.account_id, resource.resource_id].append(key)
        return tuple(
            Duplicate(resource_id, tuple(sorted(same, key=lambda key: -self.resources[key].last_synced)))
            for (_, resource_id), same in keys.items()
            if len(same) > 1
        )

    @property
    def duplication(self) -> Duplication:
        """How many duplicates there are."""
        surplus = sum(len(duplicate.keys) - 1 for duplicate in self.duplicates)
        return Duplication(len(self.entries), len(self.entries) - surplus)

    def matching(self, filters: Mapping[str, Value | Sequence[Value]]) -> list[Resource]:
        """The resources that have one of the wanted values in every field. Raises InvalidInput for another field."""
        known = COLLECTIONS["cloud_estate"].filters
        unknown = sorted(filters.keys() - known.keys())
        if unknown:
            raise InvalidInput(f"no filter {', '.join(unknown)}.", hint=f"Known: {', '.join(sorted(known))}.")
        wanted = {name: {value} if isinstance(value, str | int) else set(value) for name, value in filters.items()}
        return [
            one
            for one in self.resources.values()
            if all(_field(one, name) in values for name, values in wanted.items())
        ]


def record_of(resource: Resource, old: Entry | None, scope: str = "") -> Record:
    """The record of a resource, without secrets. What still means the same keeps its vector, and its scope."""
    body: dict[str, Any] = {name: getattr(resource, name) for name in _FIELDS}
    body |= {name: without_secrets(body[name]) for name in _OPEN}
    body["scope"] = scope or (old.scope if old else "")
    if old is None or any(getattr(old.resource, name) != body[name] for name in _SPOKEN):
        return Record(resource.natural_key, body)
    return Record(resource.natural_key, body | {"text_hash": old.text_hash}, old.vector)


def entry_of(record: Record, vectors: dict[str, bytes]) -> Entry:
    """The entry of a record, of this version of the store or an older one.

    `vectors` are those that were met before by text hash: of equal ones one is kept, a seventh of all in a real estate.
    """
    body, vector = record.body, record.vector
    values = {name: body[name] for name in _ALWAYS}
    values |= {name: body[name] for name in _LATER if name in body}
    text_hash = sys.intern(body.get("text_hash", ""))
    if vector is not None and (known := vectors.setdefault(text_hash, vector)) == vector:
        vector = known
    return Entry(Resource(**values), text_hash, vector, sys.intern(body.get("scope", "")))


def _field(resource: Resource, name: str) -> object:
    part, _, tag = name.partition(".")
    return resource.tags.get(tag) if tag else getattr(resource, part)
