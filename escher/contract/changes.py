"""What changed in an estate between scans, field by field. Nothing here crosses the wire to the server."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass, field
from typing import Any, Literal

from escher.contract.estate import Resource

What = Literal["appeared", "changed", "vanished"]

# What says nothing about the thing itself: when it was seen, how it was read, what we worked out about it.
_NOT_ITS_OWN = frozenset({"last_synced", "fingerprint", "iam", "constraints", "account_name"})
_OPEN = ("tags", "attributes", "relations")


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field before and after; None where it was not there. `name` is a path such as `tags.env`."""

    name: str
    before: Any = None
    after: Any = None


@dataclass(frozen=True, slots=True)
class Change:
    """What happened to one resource between two scans of its scope. `fields` are those of a `changed` one."""

    what: What
    key: str
    resource_id: str
    name: str
    resource_type: str
    account_id: str
    region: str
    provider: str
    fields: tuple[FieldChange, ...] = field(default_factory=tuple)


def compared(before: Resource | None, after: Resource | None, volatile: Container[str] = ()) -> Change | None:
    """What became of a resource; None when nothing did. Attributes that are `volatile` tell of its use, not of it."""
    one = after or before
    if one is None:
        return None
    fields: tuple[FieldChange, ...] = ()
    what: What = "vanished" if after is None else "appeared"
    if before is not None and after is not None:
        fields, what = tuple(_fields(before, after, volatile)), "changed"
        if not fields:
            return None
    return Change(
        what, one.natural_key, one.resource_id, one.name, one.resource_type, one.account_id, one.region, one.provider,
        fields,
    )  # fmt: skip


def _fields(before: Resource, after: Resource, volatile: Container[str]) -> list[FieldChange]:
    found: list[FieldChange] = []
    for name in Resource.__slots__:
        old, new = getattr(before, name), getattr(after, name)
        if old == new or name in _NOT_ITS_OWN:
            continue
        if name not in _OPEN:
            found.append(FieldChange(name, old, new))
            continue
        unheard = volatile if name == "attributes" else ()
        keys = [key for key in (*old, *(key for key in new if key not in old)) if key not in unheard]
        found += [
            FieldChange(f"{name}.{key}", old.get(key), new.get(key)) for key in keys if old.get(key) != new.get(key)
        ]
    return found
