"""What can be done to disks: snapshots of them, growth, attaching, deletion."""

from __future__ import annotations

from datetime import UTC, datetime

from escher.demo.clouds.gcp.call import Call, invalid
from escher.demo.clouds.gcp.completing import completed
from escher.demo.clouds.gcp.errors import ApiError
from escher.demo.clouds.gcp.instances import target
from escher.demo.clouds.gcp.operations import COMPUTE
from escher.demo.clouds.gcp.registry import serves
from escher.demo.clouds.gcp.state import Json, stamp
from escher.demo.clouds.gcp.writing import begin, in_use


@serves("compute.disks.createSnapshot")
def create_snapshot(call: Call) -> Json:
    """A snapshot of the disk; the operation is on the disk."""
    disk = target(call)
    return _snapshot(call, disk, disk)


@serves("compute.snapshots.insert")
def insert_snapshot(call: Call) -> Json:
    """The same, asked of the snapshots."""
    disk = call.body.get("sourceDisk", "").partition("compute/v1/")[2] or call.body.get("sourceDisk", "")
    call.resource(disk)
    return _snapshot(call, disk, f"projects/{call.project}/global/snapshots/{call.body.get('name', '')}")


def _snapshot(call: Call, disk: str, about: str) -> Json:
    name, source = call.body.get("name", ""), call.copy(disk)
    if not name:
        raise invalid("Required field 'resource.name' not specified", "required")
    path = f"projects/{call.project}/global/snapshots/{name}"
    if call.state.find("compute", path):
        raise ApiError(409, f"The resource '{path}' already exists", "alreadyExists")
    given = {
        "labels": {},
        "storageLocations": [disk.split("/")[3].rpartition("-")[0]],
        **call.body,
        "status": "READY",
        "diskSizeGb": source["sizeGb"],
        "storageBytes": "1048576",
        "storageBytesStatus": "UP_TO_DATE",
        "sourceDisk": COMPUTE + disk,
        "sourceDiskId": source["id"],
    }

    def effect() -> None:
        call.put(completed(call.document, path, given, datetime.now(UTC), call.state), path)

    return begin(call, "createSnapshot", effect, about)


@serves("compute.disks.resize", "compute.regionDisks.resize")
def resize(call: Call) -> Json:
    """Disks only grow."""
    path, wanted = target(call), int(call.body.get("sizeGb", 0))
    if wanted <= int(call.copy(path)["sizeGb"]):
        raise invalid(
            f"Invalid value for field 'sizeGb': '{wanted}'. New disk size must be larger than the present one."
        )

    def effect() -> None:
        call.put(call.copy(path) | {"sizeGb": str(wanted)}, path)

    return begin(call, "resizeDisk", effect, path)


@serves("compute.disks.delete")
def delete(call: Call) -> Json:
    """400 while an instance has it."""
    for user in call.copy().get("users", []):
        raise in_use(call, user.removeprefix(COMPUTE), "disk")
    return begin(call, "delete", lambda: call.state.remove("compute", call.path))


@serves("compute.instances.attachDisk")
def attach(call: Call) -> Json:
    """Hang a disk on an instance."""
    path = target(call)
    disk = call.body.get("source", "").partition("compute/v1/")[2] or call.body.get("source", "")
    for user in call.copy(disk).get("users", []):
        message = f"The disk resource '{disk}' is already being used by '{user.removeprefix(COMPUTE)}'"
        raise ApiError(400, message, "resourceInUseByAnotherResource")

    def effect() -> None:
        instance = call.copy(path)
        name = disk.rpartition("/")[2]
        entry: Json = {"kind": "compute#attachedDisk", "type": "PERSISTENT", "mode": "READ_WRITE", "deviceName": name}
        entry |= {"index": len(instance["disks"]), "boot": False, "autoDelete": False}
        entry |= call.body | {"source": COMPUTE + disk}
        call.put(instance | {"disks": [*instance["disks"], entry]}, path)
        call.put(call.copy(disk) | {"users": [COMPUTE + path], "lastAttachTimestamp": stamp(call.now)}, disk)

    return begin(call, "attachDisk", effect, path)


@serves("compute.instances.detachDisk")
def detach(call: Call) -> Json:
    """Take the disk with this device name off an instance."""
    path, device = target(call), call.option("deviceName")
    held = [disk for disk in call.copy(path)["disks"] if disk.get("deviceName") == device]
    if not held:
        raise invalid(f"Invalid value for field 'deviceName': '{device}'. No attached disk found with device name.")
    disk = held[0]["source"].removeprefix(COMPUTE)

    def effect() -> None:
        instance = call.copy(path)
        left = [entry for entry in instance["disks"] if entry.get("deviceName") != device]
        call.put(instance | {"disks": left}, path)
        alone = {name: value for name, value in call.copy(disk).items() if name != "users"}
        call.put(alone | {"lastDetachTimestamp": stamp(call.now)}, disk)

    return begin(call, "detachDisk", effect, path)
