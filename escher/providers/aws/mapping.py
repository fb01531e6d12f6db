"""A raw record and its declaration become a resource. Pure: no clock, no network."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any, cast

import jmespath

from escher.contract.estate import Account, Resource
from escher.contract.vocabulary import State
from escher.providers.declarations import Bool, FieldSpec, Holds, Int, ResourceType, StateRule, Texts, Time
from escher.providers.source import Record


def to_resource(record: Record, declared: ResourceType, account: Account, region: str, now: int) -> Resource | None:
    """The resource that a record describes, or None when its ids or its region are not known.

    `region` is the scope's; a type with a `home` has its own. Only declared fields are taken: nothing else is kept.
    """
    identifier = text(record, declared.identifier)
    region = text(record, declared.home) if declared.home else region
    resource_id = _resource_id(record, declared, account, region, identifier)
    if not identifier or not region or not resource_id:
        return None
    tags = tags_of(find(declared.tags, record))
    state, native_state = _state(record, declared.state)
    return Resource(
        provider=declared.provider,
        account_id=account.account_id,
        region=region,
        resource_type=declared.name,
        kind=declared.kind,
        resource_id=resource_id,
        identifier=identifier,
        name=tags.get("Name") or text(record, declared.label) or identifier,
        state=state,
        native_state=native_state,
        account_name=account.name,
        service=declared.service,
        zone=text(record, declared.zone),
        tags=tags,
        attributes=_attributes(record, declared.fields),
        last_synced=now,
    )


def find(path: str, record: Record) -> Any:
    """What a JMESPath expression yields of a record; None for an empty expression."""
    return _compiled(path).search(record) if path else None


def text(record: Record, path: str) -> str:
    """The string a path leads to, or the empty string."""
    value = find(path, record)
    return value if isinstance(value, str) else ""


def tags_of(raw: object) -> dict[str, str]:
    """Tags in either form that AWS uses: a list of `{Key, Value}`, or an object."""
    if isinstance(raw, Mapping):
        return {str(key): str(value) for key, value in cast("Mapping[object, object]", raw).items()}
    pairs = cast("list[dict[str, str]]", raw or [])
    return {pair["Key"]: pair.get("Value", "") for pair in pairs}


@cache
def _compiled(path: str) -> Any:
    return jmespath.compile(path)


def _resource_id(record: Record, declared: ResourceType, account: Account, region: str, identifier: str) -> str:
    if not declared.resource_id.startswith("arn:"):
        return text(record, declared.resource_id)
    return declared.resource_id.format(
        partition=account.partition, region=region, account_id=account.account_id, identifier=identifier
    )


def _state(record: Record, rule: StateRule) -> tuple[State, str]:
    native = text(record, rule.path)
    return (rule.states.get(native, "unknown"), native) if native else (rule.missing, "")


def _attributes(record: Record, fields: Mapping[str, FieldSpec]) -> dict[str, Any]:
    values = {name: _value(record, spec) for name, spec in fields.items()}
    return {name: value for name, value in values.items() if value is not None}


def _value(record: Record, spec: FieldSpec) -> Any:
    match spec:
        case str():
            return text(record, spec) or None
        case Holds(path, needs):
            return bool(find(path, record)) if all(need in record for need in needs) else None
        case Time(path):
            return unix_seconds(find(path, record))
        case Bool(path):
            return _of_type(bool, find(path, record))
        case Int(path):
            return _of_type(int, find(path, record))
        case Texts(path):
            return find(path, record) or None


def _of_type(wanted: type, value: Any) -> Any:
    return value if isinstance(value, wanted) else None


def unix_seconds(moment: datetime | str | float | None) -> int | None:
    """A moment as botocore gives it (or as ISO 8601, which Lambda uses) in Unix seconds; without a zone it is UTC."""
    if isinstance(moment, str):
        moment = datetime.fromisoformat(moment)
    if isinstance(moment, datetime):
        moment = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    return None if moment is None else int(moment)
