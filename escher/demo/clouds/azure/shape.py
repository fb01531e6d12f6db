"""The shape that a body must have before anything is made of it; what the demo reads is of the kind it expects."""

from __future__ import annotations

from typing import Any

from escher.demo.clouds.azure.arm_types import EMBEDDED
from escher.demo.clouds.azure.exchange import ArmError, Json

# What must be an object, a list of objects, or text where it is given at all, by its name wherever it stands.
_OBJECTS = frozenset(
    {"properties", "tags", "sku", "identity", "plan", "hardwareProfile", "storageProfile", "osDisk", "managedDisk",
     "networkProfile", "osProfile", "creationData", "subnet", "networkSecurityGroup", "publicIPAddress",
     "availabilitySet", "powerState", "instanceView", "virtualMachineProfile"}
)  # fmt: skip
_LISTS = frozenset(
    {"dataDisks", "networkInterfaces", "loadBalancerBackendAddressPools", "publicIpAddresses"}
    | {name for names in EMBEDDED.values() for name in names}
)
_CHILDREN = frozenset(name for names in EMBEDDED.values() for name in names)
_TEXTS = frozenset({"location", "id", "name", "vmSize", "sourceResourceId", "serverFarmId"})


def well_formed(given: Json) -> Json:
    """The body without what is null at its top. Raises ArmError, 400, for one of another shape."""
    body = {name: value for name, value in given.items() if value is not None}
    _check(body, "")
    if any(not isinstance(value, str) for value in body.get("tags", {}).values()):
        raise _malformed("tags", "text values")
    capacity = body.get("sku", {}).get("capacity", 0)
    if not isinstance(capacity, int) or not 0 <= capacity <= 1000:
        raise _malformed("sku.capacity", "a number from 0 to 1000")
    return body


def _check(value: Any, path: str) -> None:
    if path.startswith("tags"):
        return
    if isinstance(value, list):
        for one in value:
            _check(one, path)
    elif isinstance(value, dict):
        for name, one in value.items():
            where = f"{path}.{name}" if path else name
            _check_one(name, one, where)
            _check(one, where)


def _check_one(name: str, value: Any, path: str) -> None:
    # in some services' properties a SKU is a name
    if name in _OBJECTS and not isinstance(value, dict | None) and (name != "sku" or path == "sku"):
        raise _malformed(path, "an object")
    if name in _TEXTS and not isinstance(value, str | None):
        raise _malformed(path, "text")
    if name in _LISTS and not _objects(value):
        raise _malformed(path, "a list of objects")
    if name in _CHILDREN and not _named(value):
        raise _malformed(path, "a list of objects with names")


def _objects(value: Any) -> bool:
    return value is None or (isinstance(value, list) and all(isinstance(one, dict) for one in value))


def _named(value: Any) -> bool:
    return all(isinstance(one.get("name"), str) for one in value or ())


def _malformed(path: str, expected: str) -> ArmError:
    message = f"The request content was invalid and could not be deserialized: '{path}' must be {expected}."
    return ArmError(400, "InvalidRequestContent", message)
