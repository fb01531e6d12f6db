"""Azure's records in one form, whichever call gave them. Pure.

Azure compares ids without regard to case, and its own answers differ in it from call to call. So ids, and what is made
of them, are in lower case here; only `name` keeps what the user wrote.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from escher.contract.estate import Resource
from escher.providers.mapping import as_text, unix_seconds

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ArmId:
    """What a Resource Manager id says, in lower case. `names` go from the outermost parent to the thing itself."""

    text: str
    subscription: str
    group: str
    native_type: str
    names: tuple[str, ...]

    @property
    def types(self) -> tuple[str, ...]:
        """The thing's type, and its parents' types, the outermost first."""
        provider, *parts = self.native_type.split("/")
        return tuple("/".join((provider, *parts[: number + 1])) for number in range(len(parts)))


GROUP_TYPE = "microsoft.resources/subscriptions/resourcegroups"


def arm_id(text: str) -> ArmId:
    """The parts of an id. An extension of another resource has the names of both; its type is its own."""
    text = text.lower().rstrip("/")
    parts = text.strip("/").split("/")
    subscription = group = native_type = ""
    names: list[str] = []
    while len(parts) >= 2:
        word, value, *parts = parts
        if word == "subscriptions":
            subscription = value
        elif word == "resourcegroups":
            group = value
            native_type, names = (native_type, names) if parts else (GROUP_TYPE, [value])
        elif word == "providers":
            native_type = value
        else:
            native_type = f"{native_type}/{word}"
            names.append(value)
    return ArmId(text, subscription, group, native_type, _told_apart(names))


def _told_apart(names: list[str]) -> tuple[str, ...]:
    """Without the `default` that every account has exactly one of, as its blob service."""
    return tuple(name for name in names[:-1] if name != "default") + tuple(names[-1:])


def normalised(record: Record, parent: Record | None = None) -> dict[str, Any]:
    """A record of the graph or of a list, with what its id tells.

    `fullName` is `name`, or `parent/name` of a child; `qualifiedName` has the resource group before that; `parentId` is
    the id of a child's parent. A child that does not say where it is is where its parent is, which is kept under `Parent`.
    """
    found = arm_id(as_text(record.get("id")))
    full = "/".join(found.names)
    known: dict[str, Any] = {
        # Where a list leaves a word out, the graph has an empty one.
        **{name: value for name, value in record.items() if value not in (None, "")},
        "id": found.text,
        "type": as_text(record.get("type")).lower() or found.native_type,
        "name": as_text(record.get("name")).rpartition("/")[2],
        "resourceGroup": found.group,
        "fullName": full,
        "qualifiedName": f"{found.group}/{full}" if found.group and found.group != full else full,
        "location": place(as_text(record.get("location")) or as_text((parent or {}).get("location"))),
    }
    if len(found.types) > 1:
        known["parentId"] = found.text.rsplit("/", 2)[0]
    if parent is not None:
        known["Parent"] = parent
    return known


def undeclared(row: Record) -> dict[str, Any]:
    """A record of a type that nobody declares. How its service writes moments is its own affair: one may be unreadable."""
    known = normalised(row)
    try:
        unix_seconds(known.get("createdTime"))
    except (TypeError, ValueError):
        del known["createdTime"]
    return known


def place(location: str) -> str:
    """A location as the API names it: `westeurope`, of which some services say `West Europe`."""
    return location.replace(" ", "").lower()


def in_lower_case(resource: Resource) -> Resource:
    """A resource whose relations are ids as they are kept: in lower case, and of things that are listed."""
    if not resource.relations:
        return resource
    related = {verb: list(dict.fromkeys(map(_listed, ids))) for verb, ids in resource.relations.items()}
    others = {verb: [one for one in ids if one != resource.resource_id] for verb, ids in related.items()}
    return replace(resource, relations={verb: ids for verb, ids in others.items() if ids})


def _listed(text: str) -> str:
    """The id of the thing that a part belongs to: a network interface, of one of its IP configurations."""
    parts = text.lower().rstrip("/").split("/")
    start = next((number for number, part in enumerate(parts) if part in _PARTS), len(parts))
    return "/".join(parts[:start])


_PARTS = frozenset(
    {
        "backendaddresspools",
        "bastionhostipconfigurations",
        "frontendipconfigurations",
        "gatewayipconfigurations",
        "ipconfigurations",
    }
)
