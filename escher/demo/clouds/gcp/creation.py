"""A new instance, with the disks that are made for it."""

from __future__ import annotations

from typing import Any

from escher.demo.clouds.gcp.call import Call, invalid
from escher.demo.clouds.gcp.completing import completed
from escher.demo.clouds.gcp.errors import ApiError
from escher.demo.clouds.gcp.operations import COMPUTE
from escher.demo.clouds.gcp.registry import serves
from escher.demo.clouds.gcp.state import Json, digits, stamp
from escher.demo.clouds.gcp.writing import begin, fingerprint


@serves("compute.instances.insert")
def insert(call: Call) -> Json:
    """Make an instance and start it. 400 for a machine type that the zone does not have, 409 if the name is taken."""
    name, zone = call.body.get("name", ""), call.path.rpartition("/")[0]
    path = f"{call.path}/{name}"
    if not name:
        raise invalid("Required field 'resource.name' not specified", "required")
    if call.state.find("compute", path):
        raise ApiError(409, f"The resource '{path}' already exists", "alreadyExists")
    machine = str(call.body.get("machineType", "")).rpartition("/")[2]
    if call.state.find("compute", f"{zone}/machineTypes/{machine}") is None:
        raise invalid(
            f"Invalid value for field 'resource.machineType': '{machine}'. The referenced resource does not exist."
        )
    disks = [_disk(call, zone, name, index, disk) for index, disk in enumerate(call.body.get("disks", []))]
    given = call.body | {
        "machineType": f"{COMPUTE}{zone}/machineTypes/{machine}",
        "disks": [{key: value for key, value in disk.items() if key != "initializeParams"} for disk in disks],
        "networkInterfaces": [
            _interface(call, path, interface) for interface in call.body.get("networkInterfaces", [])
        ],
        "tags": {"items": [], **call.body.get("tags", {}), "fingerprint": fingerprint(call.body.get("tags"))},
        "metadata": {
            "kind": "compute#metadata",
            **call.body.get("metadata", {}),
            "fingerprint": fingerprint(call.body.get("metadata")),
        },
        "labels": call.body.get("labels", {}),
        "status": "PROVISIONING",
    }
    data = completed(call.document, path, given, call.now, call.state)
    call.put(data, path)

    def effect() -> None:
        for disk in disks:
            _put_disk(call, path, disk)
        call.put(call.copy(path) | {"status": "RUNNING", "lastStartTimestamp": stamp(call.now)}, path)

    return begin(call, "insert", effect, path)


def _disk(call: Call, zone: str, name: str, index: int, disk: Json) -> Json:
    """The disk as attached; a new one has the name of the instance or its own."""
    wanted: dict[str, Any] = disk.get("initializeParams", {})
    boot = bool(disk.get("boot", index == 0))
    new = wanted.get("diskName") or (name if index == 0 else f"{name}-{index}")
    source = disk.get("source") or f"{COMPUTE}{zone}/disks/{new}"
    usual = {"kind": "compute#attachedDisk", "type": "PERSISTENT", "mode": "READ_WRITE", "deviceName": new}
    return usual | disk | {"index": index, "boot": boot, "source": _whole(source, call.project)}


def _put_disk(call: Call, user: str, disk: Json) -> None:
    path = disk["source"].removeprefix(COMPUTE)
    data = call.state.copy("compute", path)
    if data is None:
        wanted = disk.get("initializeParams", {})
        kind = str(wanted.get("diskType", "pd-standard")).rpartition("/")[2]
        given = {"sizeGb": str(wanted.get("diskSizeGb", 10)), "labels": wanted.get("labels", {})}
        given["type"] = f"{COMPUTE}{'/'.join(path.split('/')[:4])}/diskTypes/{kind}"
        if image := wanted.get("sourceImage"):
            given["sourceImage"] = image
        data = completed(call.document, path, given, call.now, call.state)
    call.put(data | {"users": [COMPUTE + user], "lastAttachTimestamp": stamp(call.now)}, path)


def _interface(call: Call, path: str, interface: Json) -> Json:
    last = int(digits(path, 4)) % 200 + 20
    usual = {
        "kind": "compute#networkInterface",
        "name": "nic0",
        "networkIP": f"10.10.240.{last}",
        "stackType": "IPV4_ONLY",
    }
    links = {name: _whole(interface[name], call.project) for name in ("network", "subnetwork") if name in interface}
    return usual | interface | links | {"fingerprint": fingerprint(interface)}


def _whole(link: str, project: str) -> str:
    """A link as Google keeps it, of one that may be only its end."""
    end = link.partition("compute/v1/")[2] or link
    return COMPUTE + (end if end.startswith("projects/") else f"projects/{project}/{end}")
