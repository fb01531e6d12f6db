"""What can be done to instances: power, size, labels, protection, disks."""

from __future__ import annotations

from escher.demo.clouds.gcp.call import Call, invalid
from escher.demo.clouds.gcp.errors import ApiError
from escher.demo.clouds.gcp.operations import COMPUTE
from escher.demo.clouds.gcp.registry import serves
from escher.demo.clouds.gcp.state import Json, stamp
from escher.demo.clouds.gcp.writing import begin, check_fingerprint, fingerprint

# verb: (states in which it does something, meanwhile, afterwards, the field that tells when, states it cannot leave)
_POWER: dict[str, tuple[tuple[str, ...], str, str, str, tuple[str, ...]]] = {
    "start": (("TERMINATED",), "STAGING", "RUNNING", "lastStartTimestamp", ("SUSPENDED",)),
    "stop": (("RUNNING", "SUSPENDED"), "STOPPING", "TERMINATED", "lastStopTimestamp", ()),
    "suspend": (("RUNNING",), "SUSPENDING", "SUSPENDED", "lastSuspendedTimestamp", ("TERMINATED",)),
    "resume": (("SUSPENDED",), "STAGING", "RUNNING", "lastStartTimestamp", ("TERMINATED",)),
    "reset": (("RUNNING",), "RUNNING", "RUNNING", "lastStartTimestamp", ("TERMINATED", "SUSPENDED")),
}


def target(call: Call) -> str:
    """The path of the instance, without the verb."""
    path = call.path.rpartition("/")[0]
    call.resource(path)
    return path


@serves(*(f"compute.instances.{verb}" for verb in _POWER))
def power(call: Call) -> Json:
    """Start, stop, suspend, resume, reset; without effect where it is already so."""
    verb, path = call.method.name, target(call)
    concerned, meanwhile, afterwards, told, impossible = _POWER[verb]
    data = call.copy(path)
    if data["status"] in impossible:
        raise invalid(f"Invalid value for field 'resource.status': '{data['status']}'. The instance cannot {verb}.")
    if data["status"] not in concerned:
        return begin(call, verb, lambda: None, path)
    call.put(data | {"status": meanwhile}, path)

    def effect() -> None:
        now = call.copy(path)
        call.put(now | {"status": afterwards, told: stamp(call.now)}, path)

    return begin(call, verb, effect, path)


@serves("compute.instances.setMachineType")
def set_machine_type(call: Call) -> Json:
    """Only of a stopped instance, and only to a type that the zone has."""
    path = target(call)
    if call.copy(path)["status"] != "TERMINATED":
        raise invalid(
            "Invalid resource usage: 'Instance is starting or running. It must be stopped to change its machine type.'",
            "invalidResourceUsage",
        )
    wanted = call.body.get("machineType", "").rpartition("/")[2]
    zone = "/".join(path.split("/")[:4])
    if call.state.find("compute", f"{zone}/machineTypes/{wanted}") is None:
        raise invalid(
            f"Invalid value for field 'resource.machineType': '{call.body.get('machineType', '')}'. The referenced "
            "resource does not exist."
        )
    return _changed(call, path, {"machineType": f"{COMPUTE}{zone}/machineTypes/{wanted}"})


@serves("compute.*.setLabels")
def set_labels(call: Call) -> Json:
    """Replace all labels; 412 if they have changed since the caller read them."""
    path = target(call)
    check_fingerprint(call.body.get("labelFingerprint"), call.copy(path).get("labelFingerprint"))
    labels = call.body.get("labels", {})
    for name, value in labels.items():
        if name != name.lower() or value != value.lower() or len(name) > 63 or len(value) > 63:
            raise invalid(f"Invalid value for field 'labels': '{name}: {value}'. Label is invalid.")
    return _changed(call, path, {"labels": labels, "labelFingerprint": fingerprint((labels, stamp(call.now)))})


@serves("compute.instances.setDeletionProtection")
def set_deletion_protection(call: Call) -> Json:
    """On, unless the parameter says false."""
    return _changed(
        call, target(call), {"deletionProtection": call.option("deletionProtection", "true").lower() == "true"}
    )


@serves("compute.instances.setTags", "compute.instances.setMetadata")
def set_tags(call: Call) -> Json:
    """Network tags or metadata, with their fingerprint."""
    field = "tags" if call.method.name == "setTags" else "metadata"
    path = target(call)
    check_fingerprint(call.body.get("fingerprint"), call.copy(path).get(field, {}).get("fingerprint"))
    return _changed(call, path, {field: call.body | {"fingerprint": fingerprint(call.body)}})


@serves("compute.instances.delete")
def delete(call: Call) -> Json:
    """Delete an instance with the disks that go with it; the others stay, unattached."""
    data = call.copy()
    call.resource()
    if data.get("deletionProtection"):
        raise ApiError(
            400,
            "Invalid resource usage: 'Resource cannot be deleted if it's protected against deletion.'.",
            "invalidResourceUsage",
        )
    call.put(data | {"status": "STOPPING"})

    def effect() -> None:
        call.state.remove("compute", call.path)
        for disk in data.get("disks", []):
            _release(call, disk)

    return begin(call, "delete", effect)


def _release(call: Call, disk: Json) -> None:
    path = disk.get("source", "").removeprefix(COMPUTE)
    if disk.get("autoDelete"):
        call.state.remove("compute", path)
    elif (data := call.state.copy("compute", path)) is not None:
        data.pop("users", None)
        call.put(data | {"lastDetachTimestamp": stamp(call.now)}, path)


def _changed(call: Call, path: str, fields: Json) -> Json:
    def effect() -> None:
        call.put(call.copy(path) | fields, path)

    return begin(call, call.method.name, effect, path)
