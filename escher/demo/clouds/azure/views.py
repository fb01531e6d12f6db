"""What ARM derives from a resource when asked: instance views, a scale set's machines, sizes."""

from __future__ import annotations

from collections.abc import Iterator

from escher.demo.clouds.azure.exchange import Call, Json
from escher.demo.clouds.azure.state import Record, power_status

_VM, _SET = "microsoft.compute/virtualmachines", "microsoft.compute/virtualmachinescalesets"
# name: cores, memory in MB, data disks
SIZES = {
    "Standard_B1s": (1, 1024, 2),
    "Standard_B2s": (2, 4096, 4),
    "Standard_B2ms": (2, 8192, 4),
    "Standard_B4ms": (4, 16384, 8),
    "Standard_D2s_v3": (2, 8192, 4),
    "Standard_D2s_v5": (2, 8192, 4),
    "Standard_D4s_v5": (4, 16384, 8),
    "Standard_D8s_v5": (8, 32768, 16),
    "Standard_D16s_v5": (16, 65536, 32),
    "Standard_DS1_v2": (1, 3584, 4),
    "Standard_E2s_v5": (2, 16384, 4),
    "Standard_E4s_v5": (4, 32768, 8),
    "Standard_E8s_v5": (8, 65536, 16),
    "Standard_E16s_v5": (16, 131072, 32),
    "Standard_F2s_v2": (2, 4096, 4),
    "Standard_F4s_v2": (4, 8192, 8),
    "Standard_F8s_v2": (8, 16384, 16),
    "Standard_NC4as_T4_v3": (4, 28672, 8),
    "Standard_NC6s_v3": (6, 114688, 12),
}


def shown(record: Record, call: Call) -> Json:
    """The body as the call wants it: with its instance view when it asks for that."""
    wants = (
        "instanceview" in call.query.get("$expand", "").lower() or call.query.get("statusOnly", "").lower() == "true"
    )
    if record.type != _VM or not wants:
        return record.body
    return record.body | {"properties": record.body["properties"] | {"instanceView": instance_view(record)}}


def instance_view(record: Record) -> Json:
    """A machine's state: provisioning first, then power."""
    properties = record.body["properties"]
    storage = properties.get("storageProfile", {})
    disks = [storage.get("osDisk", {}), *storage.get("dataDisks", ())]
    provisioned: Json = {
        "code": "ProvisioningState/succeeded",
        "level": "Info",
        "displayStatus": "Provisioning succeeded",
    }
    view: Json = {
        "disks": [{"name": disk.get("name", ""), "statuses": [provisioned]} for disk in disks],
        "statuses": [provisioned | {"time": record.changed}, power_status(record.power)],
        "hyperVGeneration": "V2",
    }
    if record.power == "running":
        agent: Json = {"code": "ProvisioningState/succeeded", "level": "Info", "displayStatus": "Ready"}
        view["vmAgent"] = {"vmAgentVersion": "2.9.1.1", "statuses": [agent]}
        view["computerName"] = properties.get("osProfile", {}).get("computerName", record.body["name"])
    return view


def machines(record: Record) -> Iterator[Json]:
    """A scale set's machines: as many as its capacity says."""
    body = record.body
    for number in range(body.get("sku", {}).get("capacity", 0)):
        yield {
            "id": f"{record.id}/virtualMachines/{number}",
            "name": f"{body['name']}_{number}",
            "instanceId": str(number),
            "type": "Microsoft.Compute/virtualMachineScaleSets/virtualMachines",
            "location": body["location"],
            "tags": body.get("tags", {}),
            "sku": {"name": body["sku"]["name"], "tier": "Standard"},
            "properties": {
                "latestModelApplied": True,
                "provisioningState": "Succeeded",
                "instanceView": {"statuses": [power_status(record.power or "running")]},
            },
        }


def sizes() -> list[Json]:
    """The machine sizes of a location."""
    return [
        {
            "name": name,
            "numberOfCores": cores,
            "memoryInMB": memory,
            "maxDataDiskCount": disks,
            "osDiskSizeInMB": 1047552,
            "resourceDiskSizeInMB": memory * 2,
        }
        for name, (cores, memory, disks) in SIZES.items()
    ]
