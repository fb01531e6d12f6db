"""What ARM adds to a resource when it is made: ids, addresses, states; and what it refuses to make."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from typing import Any

from escher.demo.clouds.azure.arm_types import EMBEDDED
from escher.demo.clouds.azure.exchange import ArmError, Json
from escher.demo.clouds.azure.state import State, copied, stamp, utc_now
from escher.demo.clouds.azure.views import SIZES

_GIB = 1024**3
_REFERENCES = ("sourceResourceId", "managedDisk", "subnet", "networkSecurityGroup", "availabilitySet", "serverFarmId")


def checked(state: State, body: Json) -> None:
    """Raise ArmError, 400 or 404, for a body that names an unknown size or a thing that does not exist."""
    size = _at(body, "properties", "hardwareProfile", "vmSize")
    if size is not None and size not in SIZES:
        raise _invalid("vmSize", f"The value {size} provided for the VM size is not valid. The valid sizes in the current region are: {', '.join(SIZES)}.")  # fmt: skip
    gib = _at(body, "properties", "diskSizeGB")
    if gib is not None and (not isinstance(gib, int) or not 1 <= gib <= 65536):
        raise _invalid("disk.diskSizeGB", f"Value '{gib}' for parameter 'disk.diskSizeGB' is invalid. It must be between 1 and 65536.")  # fmt: skip
    known: set[str] | None = None
    for reference in _references(body.get("properties")):
        known = known if known is not None else _known(state)
        if reference.lower() not in known:
            raise ArmError(404, "NotFound", f"Resource {reference} referenced by resource {body['id']} was not found. Please make sure that the referenced resource exists, and that both resources are in the same region.")  # fmt: skip


def complete(state: State, body: Json) -> None:
    """Fill in what the caller does not say, in place."""
    properties = body.setdefault("properties", {})
    _name_children(body)
    if fill := _FILLS.get(body["type"].lower()):
        fill(state, body, properties)


def _invalid(target: str, message: str) -> ArmError:
    return ArmError(400, "InvalidParameter", message, ({"target": target},) if target else ())


def _known(state: State) -> set[str]:
    inside = {
        child["id"].lower() for record in state.records.values() for child in _children(record.body) if "id" in child
    }
    return inside | set(state.records)


def _children(body: Json) -> Iterator[Json]:
    for kind in EMBEDDED.get(str(body.get("type", "")).lower(), ()):
        yield from body.get("properties", {}).get(kind) or ()


def _references(value: Any, word: str = "") -> Iterator[str]:
    if isinstance(value, list):
        for one in value:
            yield from _references(one, word)
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from _references(one, word if key == "id" else key)
    elif isinstance(value, str) and word in _REFERENCES and value.startswith("/subscriptions/"):
        yield value


def _name_children(body: Json) -> None:
    for kind in EMBEDDED.get(body["type"].lower(), ()):
        for child in body["properties"].get(kind) or ():
            child.setdefault("id", f"{body['id']}/{kind}/{child.get('name', '')}")
            child.setdefault("type", f"{body['type']}/{kind}")
            child.setdefault("properties", {}).setdefault("provisioningState", "Succeeded")


def _machine(state: State, body: Json, properties: Json) -> None:
    properties.setdefault("vmId", str(uuid.uuid4()))
    properties.setdefault("timeCreated", stamp(utc_now()))
    storage = properties.get("storageProfile", {})
    for number, disk in enumerate((storage.get("osDisk"), *storage.get("dataDisks", ()))):
        if disk is not None and "id" not in disk.setdefault("managedDisk", {}):
            _attach_new(state, body, disk, "OsDisk" if number == 0 else f"DataDisk_{number - 1}")


def _attach_new(state: State, body: Json, disk: Json, role: str) -> None:
    """Make the disk that a machine asks for without naming one."""
    name = disk.setdefault("name", f"{body['name']}_{role}_1_{uuid.uuid4().hex}")
    disk_id = f"{body['id'].partition('/providers/')[0]}/providers/Microsoft.Compute/disks/{name}"
    new: Json = {
        "id": disk_id,
        "name": name,
        "type": "Microsoft.Compute/disks",
        "location": body["location"],
        "tags": copied(body.get("tags") or {}),
        "sku": {"name": disk["managedDisk"].get("storageAccountType", "Premium_LRS"), "tier": "Premium"},
        "properties": {
            "creationData": {"createOption": disk.get("createOption", "Empty")},
            "diskSizeGB": disk.get("diskSizeGB") or 30,
            "provisioningState": "Succeeded",
        },
    }
    _disk(state, new, new["properties"])
    state.add(new)
    disk["managedDisk"]["id"] = disk_id


def _disk(state: State, body: Json, properties: Json) -> None:
    source = state.get(_at(properties, "creationData", "sourceResourceId") or "")
    origin = source.body["properties"] if source else {}
    size = properties.setdefault("diskSizeGB", origin.get("diskSizeGB", 128))
    if origin.get("osType"):
        properties.setdefault("osType", origin["osType"])
    properties["diskSizeBytes"] = size * _GIB
    properties.setdefault("timeCreated", stamp(utc_now()))
    properties.setdefault("uniqueId", str(uuid.uuid4()))
    properties.setdefault("encryption", {"type": "EncryptionAtRestWithPlatformKey"})
    properties.setdefault("diskState", "Unattached")
    body.setdefault("sku", {"name": "Standard_LRS", "tier": "Standard"})


def _interface(state: State, body: Json, properties: Json) -> None:
    number = sum(one.type == "microsoft.network/networkinterfaces" for one in state.records.values())
    properties.setdefault("macAddress", f"00-0D-3A-{number >> 8 & 255:02X}-{number & 255:02X}-01")
    for config in properties.get("ipConfigurations") or ():
        config["properties"].setdefault("privateIPAddress", f"10.0.{number >> 8 & 255}.{number & 255}")


def _public_ip(state: State, body: Json, properties: Json) -> None:
    number = sum(one.type == "microsoft.network/publicipaddresses" for one in state.records.values())
    properties.setdefault("publicIPAllocationMethod", "Static")
    properties.setdefault("publicIPAddressVersion", "IPv4")
    properties.setdefault("ipAddress", f"203.0.113.{number % 254 + 1}")


def _storage(state: State, body: Json, properties: Json) -> None:
    properties.setdefault("creationTime", stamp(utc_now()))
    properties.setdefault("statusOfPrimary", "available")
    properties.setdefault("primaryLocation", body["location"])
    ends = {word: f"https://{body['name']}.{word}.core.windows.net/" for word in ("blob", "file", "queue", "table")}
    properties.setdefault("primaryEndpoints", ends)
    services = {word: {"enabled": True, "keyType": "Account"} for word in ("blob", "file")}
    properties.setdefault("encryption", {"keySource": "Microsoft.Storage", "services": services})


def _site(state: State, body: Json, properties: Json) -> None:
    properties.setdefault("state", "Running")
    properties.setdefault("enabled", True)
    properties.setdefault("defaultHostName", f"{body['name']}.azurewebsites.net")


_FILLS: dict[str, Callable[[State, Json, Json], None]] = {
    "microsoft.compute/virtualmachines": _machine,
    "microsoft.compute/disks": _disk,
    "microsoft.compute/snapshots": _disk,
    "microsoft.network/networkinterfaces": _interface,
    "microsoft.network/publicipaddresses": _public_ip,
    "microsoft.storage/storageaccounts": _storage,
    "microsoft.web/sites": _site,
}


def _at(value: Any, *path: str) -> Any:
    for word in path:
        value = value.get(word) if isinstance(value, dict) else None
    return value
