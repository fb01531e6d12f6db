"""A raw record and its declaration become a resource, whichever the cloud. Pure: no clock, no network."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, cast

from escher.contract.estate import GLOBAL, Account, Resource
from escher.contract.vocabulary import State
from escher.providers.declarations import (
    Bool,
    FieldSpec,
    Holds,
    Int,
    Relation,
    ResourceType,
    StateRule,
    Text,
    Texts,
    Time,
)
from escher.providers.ownership import managed_by
from escher.providers.paths import Search, is_false, search

Record = Mapping[str, Any]
Getter = Callable[[Record], Any]

_TEMPLATE = re.compile(r"arn:|/")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_NO_WORD = re.compile(r"\W+")
_ZONE = re.compile(r"(.+-[a-z]+\d+)-[a-z]$")


class Mapper:
    """A declaration, made ready for many records."""

    def __init__(self, declared: ResourceType) -> None:
        self.declared = declared
        self.only = search(declared.only) if declared.only else None
        self._native = search(declared.native) if declared.native else None
        self._identifier, self._label = search(declared.identifier), search(declared.label)
        self._home, self._zone, self._tags = search(declared.home), search(declared.zone), search(declared.tags)
        self._template = declared.resource_id if _TEMPLATE.match(declared.resource_id) else ""
        self._resource_id: Search = search("" if self._template else declared.resource_id)
        self._state = _state_getter(declared.state)
        self._backups = search(declared.backups) if declared.backups else None
        self._fields = [(name, field_getter(spec)) for name, spec in declared.fields.items()]
        self._relations = [(relation.verb, _relation_getter(relation)) for relation in declared.relations]

    def resource(self, record: Record, account: Account, region: str, now: int) -> Resource | None:
        """The resource that a record describes, or None when its ids or its region are not known.

        `region` is the scope's; a type with a `home` has its own. Only declared fields are taken: nothing else is kept.
        """
        declared = self.declared
        identifier = as_text(self._identifier(record))
        zone = _last(as_text(self._zone(record)))
        if declared.home:
            region = region_of(declared, as_text(self._home(record)))
        resource_id = self._id(record, account, region, identifier)
        if not identifier or not region or not resource_id:
            return None
        tags = tags_of(self._tags(record))
        relations = self._related(record)
        state, native_state = self._state(record)
        return Resource(
            provider=declared.provider,
            account_id=account.account_id,
            region=region,
            resource_type=self._resource_type(record),
            kind=declared.kind,
            resource_id=resource_id,
            identifier=identifier,
            name=self._name(record, tags) or identifier,
            state=state,
            native_state=native_state,
            account_name=account.name,
            service=declared.service,
            zone=zone,
            tags=tags,
            attributes={name: value for name, get in self._fields if (value := get(record)) is not None},
            last_synced=now,
            constraints={} if self._backups is None else {"automatic_backups": not is_false(self._backups(record))},
            relations=relations,
            managed_by=managed_by(tags, relations),
        )

    def _resource_type(self, record: Record) -> str:
        native = as_text(self._native(record)) if self._native else ""
        return generic_name(self.declared.provider, native) if native else self.declared.name

    def _id(self, record: Record, account: Account, region: str, identifier: str) -> str:
        if not self._template:
            return as_text(self._resource_id(record))
        return _filled(self._template, account, region, identifier)

    def _name(self, record: Record, tags: Mapping[str, str]) -> str:
        """AWS names things by a tag; elsewhere a thing has a name of its own."""
        label = as_text(self._label(record))
        return (tags.get("Name") or label) if self.declared.provider == "aws" else label

    def _related(self, record: Record) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for verb, get in self._relations:
            others = [other for other in dict.fromkeys(get(record)) if other not in found.get(verb, ())]
            if others:
                found.setdefault(verb, []).extend(others)
        return found


_MAPPERS: dict[str, Mapper] = {}


def mapper_of(declared: ResourceType) -> Mapper:
    """The mapper of a declaration, made once."""
    found = _MAPPERS.get(declared.name)
    if found is None or found.declared is not declared:
        found = _MAPPERS[declared.name] = Mapper(declared)
    return found


def to_resource(record: Record, declared: ResourceType, account: Account, region: str, now: int) -> Resource | None:
    """The resource that a record describes, or None when its ids or its region are not known."""
    return mapper_of(declared).resource(record, account, region, now)


def is_of_type(record: Record, declared: ResourceType) -> bool:
    """Whether a record of the list is of this type: where several types share a list, `only` tells."""
    only = mapper_of(declared).only
    return only is None or not is_false(only(record))


def region_of(declared: ResourceType, place: str) -> str:
    """The region of a place as the provider names it: of a zone of Google's, the region around it; `global` for none."""
    place = _last(place).lower() if declared.provider != "aws" else place
    if declared.provider == "gcp" and (zone := _ZONE.match(place)):
        return zone[1]
    return place or ("" if declared.provider == "aws" else GLOBAL)


def argument(path: str, record: Record, declared: ResourceType, account: Account, region: str) -> Any:
    """What a detail call is asked with: what the path leads to, or the ARN that a template is filled to."""
    if not path.startswith("arn:"):
        return find(path, record)
    return _filled(path, account, region, text(record, declared.identifier))


def generic_name(provider: str, native_type: str) -> str:
    """The name of a type that nobody declares: `AWS::Kinesis::Stream` is `aws_kinesis_stream`."""
    # IoT is one word, however it is written.
    words = _CAMEL.sub("_", native_type.removeprefix("AWS::").removeprefix("microsoft.").replace("IoT", "Iot"))
    return f"{provider}_{_NO_WORD.sub('_', words.replace('.googleapis.com', '')).strip('_').lower()}"


def find(path: str, record: Record) -> Any:
    """What a JMESPath expression yields of a record; None for an empty expression."""
    return search(path)(record)


def text(record: Record, path: str) -> str:
    """The string a path leads to, or the empty string."""
    return as_text(find(path, record))


def as_text(value: Any) -> str:
    """A string as it is; anything else is none."""
    return value if isinstance(value, str) else ""


def tags_of(raw: object) -> dict[str, str]:
    """Tags in the forms that clouds use: a list of `{Key, Value}` (or in lower case), or an object."""
    if isinstance(raw, Mapping):
        items = cast("Mapping[object, object]", raw).items()
        return {str(key): "" if value is None else str(value) for key, value in items}
    pairs = cast("list[dict[str, str]]", raw or [])
    return {pair.get("Key") or pair["key"]: pair.get("Value") or pair.get("value") or "" for pair in pairs}


def field_getter(spec: FieldSpec) -> Getter:
    """The function that takes a declared field out of a record; None: unknown."""
    if isinstance(spec, str):
        spec = Text(spec)
    get = search(spec.path)
    match spec:
        case Text(_, last):
            return lambda record: (_last(as_text(get(record))) if last else as_text(get(record))) or None
        case Holds(_, needs):
            return lambda record: not is_false(get(record)) if all(need in record for need in needs) else None
        case Time():
            return lambda record: unix_seconds(get(record))
        case Bool():
            return lambda record: value if isinstance(value := get(record), bool) else None
        case Int():
            return lambda record: whole_number(get(record))
        case Texts(_, last):
            return lambda record: _texts(get(record), last)


def whole_number(value: Any) -> int | None:
    """A whole number, also one that is written as a string, as Google does with large ones."""
    if isinstance(value, str) and value.lstrip("-").isdecimal():
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def unix_seconds(moment: datetime | str | float | None) -> int | None:
    """A moment as an SDK gives it, as ISO 8601 or as a number, in Unix seconds; without a zone it is UTC.

    Digits alone are seconds, or milliseconds when that many seconds would be thousands of years.
    """
    if isinstance(moment, str) and moment.replace(".", "", 1).isdecimal():
        number = float(moment)
        moment = number / 1_000 if number >= 1e11 else number
    if isinstance(moment, str):
        moment = datetime.fromisoformat(moment)
    if isinstance(moment, datetime):
        moment = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    return None if moment is None else int(moment)


def _filled(template: str, account: Account, region: str, identifier: str) -> str:
    if "/{identifier}" in template:
        # A parameter is called /prod/db, and its ARN ends with parameter/prod/db.
        identifier = identifier.removeprefix("/")
    return template.format(
        partition=account.partition, region=region, account_id=account.account_id, identifier=identifier
    )


def _last(text: str) -> str:
    return text.rstrip("/").rpartition("/")[2]


def _texts(found: Any, last: bool) -> list[str] | None:
    texts = [_last(one) if last else one for one in found or () if isinstance(one, str)]
    return texts or None


def _state_getter(rule: StateRule) -> Callable[[Record], tuple[State, str]]:
    get, states, missing = search(rule.path), rule.states, rule.missing

    def state(record: Record) -> tuple[State, str]:
        native = as_text(get(record))
        return (states.get(native, "unknown"), native) if native else (missing, "")

    return state


def _relation_getter(relation: Relation) -> Callable[[Record], list[str]]:
    get, to = search(relation.path), relation.to

    def related(record: Record) -> list[str]:
        found = get(record)
        ids = [one for one in (found if isinstance(found, list) else [found]) if isinstance(one, str) and one]
        return [f"{to}/{_last(one)}" for one in ids] if to else ids

    return related
