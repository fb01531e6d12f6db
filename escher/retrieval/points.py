"""What is indexed of a resource: its vector, the words, and the fields that can be filtered by. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from escher.contract.environments import APPLICATION_KEYS, environment_of, tag_value
from escher.contract.estate import Resource
from escher.contract.ports import Point

_FIELDS = ("provider", "resource_type", "kind", "account_id", "account_name", "region", "service", "state")


def point_of(resource: Resource, vector: bytes | None) -> Point:
    """The point of a resource; without a vector it is found by words and filters."""
    return Point(resource.natural_key, vector, _words(resource), _fields(resource))


def meets(resource: Resource, filters: Mapping[str, Iterable[str]]) -> bool:
    """Whether a resource has one of the allowed values in every field."""
    fields = _fields(resource)
    return all(name in fields and fields[name] in values for name, values in filters.items())


def _words(resource: Resource) -> str:
    own = (resource.name, resource.identifier, resource.kind, resource.service, resource.region)
    return " ".join((*own, *(text for tag in resource.tags.items() for text in tag)))


def _fields(resource: Resource) -> dict[str, str]:
    fields = {name: str(getattr(resource, name)) for name in _FIELDS}
    named = {
        "environment": environment_of(resource.tags),
        "application": tag_value(resource.tags, APPLICATION_KEYS),
    }
    return fields | {name: value for name, value in named.items() if value}
