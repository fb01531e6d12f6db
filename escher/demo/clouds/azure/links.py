"""Back-references: ARM shows on a disk, an NSG or a subnet who uses it. They follow from the references, never the reverse."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from escher.demo.clouds.azure.exchange import Json


class Linked(Protocol):
    """What has a body and perhaps a power state."""

    body: Json
    power: str

    @property
    def type(self) -> str:
        """The type in lower case."""
        ...


@dataclass(frozen=True, slots=True)
class Link:
    """A `source` type names a thing of the `target` kind at `path`; the thing then has the user's id at `back`.

    A `back` that ends in `[]` is a list of users. The user is the innermost thing with an id on the path, such as an
    IP configuration; when `outer`, it is the resource.
    """

    source: str
    path: str
    target: str
    back: str
    outer: bool = False


_VM, _NET = "microsoft.compute/virtualmachines", "microsoft.network/"
_CONFIGS = (
    ("networkinterfaces", "ipConfigurations"),
    ("applicationgateways", "gatewayIPConfigurations"),
    ("bastionhosts", "ipConfigurations"),
    ("virtualnetworkgateways", "ipConfigurations"),
)
_FRONTS = (
    *_CONFIGS,
    ("applicationgateways", "frontendIPConfigurations"),
    ("loadbalancers", "frontendIPConfigurations"),
)
_IN_SUBNET = (
    ("networkSecurityGroup", "networksecuritygroups"),
    ("routeTable", "routetables"),
    ("natGateway", "natgateways"),
)
LINKS = (
    Link(_VM, "properties.storageProfile.osDisk.managedDisk.id", "disks", "managedBy", outer=True),
    Link(_VM, "properties.storageProfile.dataDisks[].managedDisk.id", "disks", "managedBy", outer=True),
    Link(_VM, "properties.networkProfile.networkInterfaces[].id", "networkinterfaces", "properties.virtualMachine.id", outer=True),
    Link(_VM, "properties.availabilitySet.id", "availabilitysets", "properties.virtualMachines[]", outer=True),
    Link(_NET + "networkinterfaces", "properties.networkSecurityGroup.id", "networksecuritygroups", "properties.networkInterfaces[]", outer=True),
    Link(_NET + "networkinterfaces", "properties.ipConfigurations[].properties.loadBalancerBackendAddressPools[].id", "backendaddresspools", "properties.backendIPConfigurations[]"),
    *(Link(_NET + source, f"properties.{place}[].properties.subnet.id", "subnets", "properties.ipConfigurations[]") for source, place in _CONFIGS),
    *(Link(_NET + source, f"properties.{place}[].properties.publicIPAddress.id", "publicipaddresses", "properties.ipConfiguration.id") for source, place in _FRONTS),
    *(Link(_NET + "virtualnetworks", f"properties.subnets[].properties.{path}.id", target, "properties.subnets[]") for path, target in _IN_SUBNET),
    Link(_NET + "natgateways", "properties.publicIpAddresses[].id", "publicipaddresses", "properties.natGateway.id", outer=True),
    Link(_NET + "privateendpoints", "properties.subnet.id", "subnets", "properties.privateEndpoints[]", outer=True),
    Link("microsoft.dbforpostgresql/flexibleservers", "properties.network.delegatedSubnetResourceId", "subnets", "properties.serviceAssociationLinks[]", outer=True),
    Link("microsoft.web/sites", "properties.serverFarmId", "serverfarms", "properties.sites[]", outer=True),
)  # fmt: skip
_BY_SOURCE = {link.source: [one for one in LINKS if one.source == link.source] for link in LINKS}
_BACKS = {link.target: sorted({one.back for one in LINKS if one.target == link.target}) for link in LINKS}


def relink(records: Mapping[str, Linked]) -> None:
    """Make every back-reference say what the references say."""
    index = {one["id"].lower(): one for record in records.values() for one in (record.body, *embedded(record.body))}
    for body in index.values():
        _forget(body)
    for record in records.values():
        for link in _BY_SOURCE.get(record.type, ()):
            for holder, name in _walk(record.body, link.path.split("."), record.body["id"]):
                target = index.get(name.lower())
                if target is not None and _kind(target) == link.target:
                    _tell(target, link.back, record.body["id"] if link.outer else holder)
    _disk_states(records)


def users(body: Json) -> Iterator[str]:
    """The ids of all that use a thing, or a child inside it."""
    for back in _BACKS.get(_kind(body), ()):
        value: Any = body
        for word in back.removesuffix("[]").split("."):
            value = value.get(word) if isinstance(value, dict) else None
        for one in value if isinstance(value, list) else [value]:
            if one:
                yield one["id"] if isinstance(one, dict) else one
    for inner in embedded(body):
        yield from users(inner)


def embedded(body: Json) -> Iterator[Json]:
    """The children that a body carries in lists of its properties."""
    prefix = body["id"].lower() + "/"
    for values in (body.get("properties") or {}).values():
        for one in values if isinstance(values, list) else ():
            if isinstance(one, dict) and str(one.get("id", "")).lower().startswith(prefix):
                yield one


def _kind(body: Json) -> str:
    return body["id"].rsplit("/", 2)[-2].lower()


def _walk(value: Any, path: list[str], holder: str) -> Iterator[tuple[str, str]]:
    """All strings at a path, each with the id of the innermost thing around it."""
    if not path:
        if isinstance(value, str):
            yield holder, value
        return
    inner = value.get(path[0].removesuffix("[]")) if isinstance(value, dict) else None
    for one in inner if isinstance(inner, list) else (inner,):
        inside = one["id"] if isinstance(one, dict) and "id" in one and path[1:] != ["id"] else holder
        yield from _walk(one, path[1:], inside)


def _forget(body: Json) -> None:
    for back in _BACKS.get(_kind(body), ()):
        if back == "managedBy":
            body["managedBy"] = None
        else:
            body.setdefault("properties", {}).pop(back.split(".")[1].removesuffix("[]"), None)


def _tell(target: Json, back: str, user: str) -> None:
    *way, last = back.split(".")
    for word in way:
        target = target.setdefault(word, {})
    if not last.endswith("[]"):
        target[last] = user
        return
    listed = target.setdefault(last.removesuffix("[]"), [])
    if {"id": user} not in listed:
        listed.append({"id": user})


def _disk_states(records: Mapping[str, Linked]) -> None:
    for record in records.values():
        if record.type == "microsoft.compute/disks":
            owner = records.get(str(record.body.get("managedBy") or "").lower())
            state = "Unattached" if owner is None else "Reserved" if owner.power == "deallocated" else "Attached"
            record.body["properties"]["diskState"] = state
        elif record.type == "microsoft.web/serverfarms":
            record.body["properties"]["numberOfSites"] = len(record.body["properties"].pop("sites", ()))
