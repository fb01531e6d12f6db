"""Machines with their cards and disks, sets of machines, images and snapshots; some disks hang on nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from escher.demo.clouds.azure.exchange import Json
from escher.demo.clouds.azure.seed.network import interface, public_ip
from escher.demo.clouds.azure.seed.plan import Plan, Spot
from escher.demo.clouds.azure.subscriptions import TENANT_ID

_C, _N = "Microsoft.Compute/", "Microsoft.Network/"
MACHINE = f"{_C}virtualMachines"
_GIB = 1024**3


@dataclass(frozen=True, slots=True)
class Fleet:
    """Machines alike: `vm-APP-ENV-ROLE-01` and on."""

    account: str
    app: str
    env: str
    role: str
    number: int
    size: str
    power: str = "running"
    windows: bool = False
    data_gib: int = 0


FLEETS = (
    Fleet("web-shop", "checkout", "prod", "web", 4, "Standard_D2s_v5"),
    Fleet("web-shop", "catalog", "prod", "web", 4, "Standard_D2s_v5"),
    Fleet("web-shop", "search", "prod", "node", 3, "Standard_E4s_v5", data_gib=256),
    Fleet("web-shop", "orders", "prod", "worker", 3, "Standard_D4s_v5", data_gib=128),
    Fleet("web-shop", "api", "prod", "gateway", 2, "Standard_F4s_v2"),
    Fleet("web-shop", "checkout", "staging", "web", 2, "Standard_B2ms"),
    Fleet("web-shop", "catalog", "staging", "web", 1, "Standard_B2ms", "deallocated"),
    Fleet("web-shop", "orders", "staging", "worker", 1, "Standard_B2ms", "stopped"),
    Fleet("web-shop", "checkout", "dev", "web", 2, "Standard_B1s"),
    Fleet("web-shop", "search", "dev", "node", 1, "Standard_B4ms"),
    Fleet("web-shop", "orders", "dev", "worker", 1, "Standard_B2s", "deallocated"),
    Fleet("web-shop", "api", "dev", "gateway", 1, "Standard_B2s", "stopped"),
    Fleet("analytics", "ingest", "prod", "worker", 4, "Standard_F8s_v2", data_gib=512),
    Fleet("analytics", "warehouse", "prod", "node", 3, "Standard_E8s_v5", data_gib=1024),
    Fleet("analytics", "reports", "prod", "web", 2, "Standard_D2s_v5", windows=True),
    Fleet("analytics", "forecast", "prod", "trainer", 2, "Standard_NC4as_T4_v3"),
    Fleet("analytics", "ingest", "staging", "worker", 2, "Standard_D2s_v5"),
    Fleet("analytics", "warehouse", "staging", "node", 1, "Standard_E2s_v5", "deallocated"),
    Fleet("analytics", "reports", "staging", "web", 1, "Standard_B2ms", "stopped", windows=True),
    Fleet("analytics", "ingest", "dev", "worker", 2, "Standard_B2s"),
    Fleet("analytics", "forecast", "dev", "trainer", 3, "Standard_NC6s_v3", "deallocated"),
    Fleet("analytics", "playground", "dev", "box", 3, "Standard_B1s"),
    Fleet("analytics", "playground", "staging", "box", 1, "Standard_B1s", "stopped"),
)
_POOLED = {"checkout", "catalog", "api", "reports"}
_SETS = {"web-shop": ("checkout", "catalog", "search"), "analytics": ("ingest", "forecast")}
_AGES = (1, 8, 15, 29, 60, 130, 260, 420)
_COPIED = {"web-shop": ("orders", "search"), "analytics": ("warehouse", "ingest")}
_FORGOTTEN = (
    ("checkout", "staging"),
    ("catalog", "dev"),
    ("orders", "prod"),
    ("warehouse", "dev"),
    ("forecast", "dev"),
)


def power(name: str) -> str:
    """The power state of the machine of this name."""
    return next((one.power for one in FLEETS if name.startswith(_prefix(one))), "running")


def _prefix(fleet: Fleet) -> str:
    return f"vm-{fleet.app}-{fleet.env}-{fleet.role}-"


def resources(plan: Plan) -> Iterator[Json]:
    """All of a subscription's compute."""
    for fleet in (one for one in FLEETS if one.account == plan.account):
        for number in range(1, fleet.number + 1):
            yield from _machine(plan, fleet, number)
    yield from _jump_host(plan)
    yield from _sets(plan)
    yield from _loose_disks(plan)
    yield from _snapshots(plan)
    yield from _images(plan)


def _machine(plan: Plan, fleet: Fleet, number: int) -> Iterator[Json]:
    spot, name = plan.spot(fleet.app, fleet.env), f"{_prefix(fleet)}{number:02}"
    pool = ""
    if fleet.env == "prod" and fleet.app in _POOLED:
        balancer = plan.id(spot, f"{_N}loadBalancers", f"lb-{fleet.app}-prod")
        pool = f"{balancer}/backendAddressPools/{fleet.app}"
    card = interface(
        plan, spot, f"{name}-nic", "snet-web" if fleet.role in ("web", "gateway") else "snet-app", pool=pool
    )
    yield card
    yield from _with_disks(plan, spot, name, card, fleet)


def _jump_host(plan: Plan) -> Iterator[Json]:
    """A small machine with a public address and an NSG that lets everybody in."""
    spot, network = plan.shared, plan.network("westeurope")
    address = public_ip(plan, spot, "pip-vm-jump-01")
    nsg = plan.id(network, f"{_N}networkSecurityGroups", "nsg-legacy-westeurope")
    card = interface(plan, spot, "vm-jump-01-nic", "snet-web", nsg=nsg, public=address["id"])
    yield from (address, card)
    yield from _with_disks(
        plan, spot, "vm-jump-01", card, Fleet(plan.account, spot.app, "prod", "jump", 1, "Standard_B1s")
    )


def _with_disks(plan: Plan, spot: Spot, name: str, card: Json, fleet: Fleet) -> Iterator[Json]:
    system = _disk(plan, spot, f"{name}-os", 127 if fleet.windows else 30, "Windows" if fleet.windows else "Linux")
    extra = [_disk(plan, spot, f"{name}-data", fleet.data_gib)] if fleet.data_gib else []
    yield from (system, *extra)
    yield _virtual_machine(plan, card, fleet, [system, *extra], spot=spot, name=name)


def _virtual_machine(plan: Plan, card: Json, fleet: Fleet, disks: list[Json], *, spot: Spot, name: str) -> Json:
    reference = {"publisher": "Canonical", "offer": "ubuntu-24_04-lts", "sku": "server", "version": "latest"}
    if fleet.windows:
        reference = {
            "publisher": "MicrosoftWindowsServer",
            "offer": "WindowsServer",
            "sku": "2022-datacenter-g2",
            "version": "latest",
        }
    own = (
        {"windowsConfiguration": {"provisionVMAgent": True}}
        if fleet.windows
        else {"linuxConfiguration": {"disablePasswordAuthentication": True, "provisionVMAgent": True}}
    )
    more: Json = {
        "vmId": plan.guid(name),
        "timeCreated": plan.ago(400 - len(name) * 7),
        "hardwareProfile": {"vmSize": fleet.size},
        "storageProfile": {
            "imageReference": reference,
            "osDisk": _use(disks[0]) | {"osType": disks[0]["properties"]["osType"], "createOption": "FromImage", "deleteOption": "Detach"},
            "dataDisks": [_use(disk) | {"lun": lun, "createOption": "Attach", "toBeDetached": False} for lun, disk in enumerate(disks[1:])],
            "diskControllerType": "SCSI",
        },
        "osProfile": {"computerName": name[:15], "adminUsername": "halden", **own, "secrets": [], "allowExtensionOperations": True},
        "networkProfile": {"networkInterfaces": [{"id": card["id"], "properties": {"primary": True}}]},
        "diagnosticsProfile": {"bootDiagnostics": {"enabled": True}},
    }  # fmt: skip
    if fleet.env == "prod" and fleet.app in ("orders", "warehouse"):
        more["availabilitySet"] = {"id": plan.id(spot, f"{_C}availabilitySets", f"avail-{fleet.app}-prod")}
    identity = {
        "identity": {"type": "SystemAssigned", "principalId": plan.guid(name, "identity"), "tenantId": TENANT_ID}
    }
    body = plan.body(spot, MACHINE, name, more)
    return body | identity if fleet.env == "prod" else body


def _use(disk: Json) -> Json:
    kind = {"id": disk["id"], "storageAccountType": disk["sku"]["name"]}
    return {
        "name": disk["name"],
        "caching": "ReadWrite",
        "diskSizeGB": disk["properties"]["diskSizeGB"],
        "managedDisk": kind,
    }


def _disk(plan: Plan, spot: Spot, name: str, size: int, system: str = "", *, tagged: bool = True) -> Json:
    grade = "Premium_LRS" if spot.env == "prod" else "StandardSSD_LRS"
    more: Json = {
        "uniqueId": plan.guid(name),
        "timeCreated": plan.ago(30 + int(plan.guid(name)[:4], 16) % 500),
        "creationData": {"createOption": "FromImage" if system else "Empty"},
        "diskSizeGB": size,
        "diskSizeBytes": size * _GIB,
        "diskIOPSReadWrite": max(120, size * 5),
        "diskMBpsReadWrite": 25,
        "encryption": {"type": "EncryptionAtRestWithPlatformKey"},
        "networkAccessPolicy": "AllowAll",
        "publicNetworkAccess": "Enabled" if spot.env != "prod" else "Disabled",
    } | ({"osType": system, "hyperVGeneration": "V2"} if system else {})
    sku = {"name": grade, "tier": grade.partition("_")[0].removesuffix("SSD")}
    return plan.body(spot, f"{_C}disks", name, more, tagged=tagged, sku=sku)


def _loose_disks(plan: Plan) -> Iterator[Json]:
    known = {spot.app for spot in plan.spots()}
    for app, env in (one for one in _FORGOTTEN if one[0] in known):
        for number in range(1, 4):
            yield _disk(plan, plan.spot(app, env), f"disk-{app}-{env}-scratch-{number:02}", 32 * number)
    for number in range(1, 4):
        yield _disk(plan, plan.shared, f"disk-restored-{number:02}", 128, tagged=False)


def _snapshots(plan: Plan) -> Iterator[Json]:
    for app in _COPIED[plan.account]:
        spot = plan.spot(app, "prod")
        fleet = next(one for one in FLEETS if one.app == app and one.env == "prod")
        source = plan.id(spot, f"{_C}disks", f"{_prefix(fleet)}01-data")
        for age in _AGES:
            name = f"snap-{app}-weekly-{age:03}d"
            more: Json = {
                "uniqueId": plan.guid(name),
                "timeCreated": plan.ago(age),
                "creationData": {"createOption": "Copy", "sourceResourceId": source, "sourceUniqueId": plan.guid(f"{_prefix(fleet)}01-data")},
                "diskSizeGB": fleet.data_gib,
                "diskSizeBytes": fleet.data_gib * _GIB,
                "diskState": "Unattached",
                "incremental": True,
                "encryption": {"type": "EncryptionAtRestWithPlatformKey"},
            }  # fmt: skip
            yield plan.body(spot, f"{_C}snapshots", name, more, sku={"name": "Standard_ZRS", "tier": "Standard"})


def _sets(plan: Plan) -> Iterator[Json]:
    for app in ("orders", "warehouse"):
        if app in {spot.app for spot in plan.spots()}:
            more: Json = {"platformUpdateDomainCount": 5, "platformFaultDomainCount": 2}
            yield plan.body(
                plan.spot(app, "prod"), f"{_C}availabilitySets", f"avail-{app}-prod", more, sku={"name": "Aligned"}
            )
    for app in _SETS[plan.account]:
        spot, name = plan.spot(app, "prod"), f"vmss-{app}-prod"
        disk: Json = {
            "createOption": "FromImage",
            "caching": "ReadWrite",
            "managedDisk": {"storageAccountType": "Premium_LRS"},
            "diskSizeGB": 30,
            "osType": "Linux",
        }
        config: Json = {
            "name": "default",
            "properties": {"primary": True, "subnet": plan.subnet(spot.location, "snet-web")},
        }
        card: Json = {"name": f"{name}-nic", "properties": {"primary": True, "ipConfigurations": [config]}}
        more = {
            "uniqueId": plan.guid(name),
            "timeCreated": plan.ago(200),
            "singlePlacementGroup": False,
            "orchestrationMode": "Uniform",
            "upgradePolicy": {"mode": "Automatic"},
            "virtualMachineProfile": {
                "osProfile": {"computerNamePrefix": app[:9], "adminUsername": "halden"},
                "storageProfile": {"osDisk": disk},
                "networkProfile": {"networkInterfaceConfigurations": [card]},
            },
        }  # fmt: skip
        yield plan.body(
            spot,
            f"{_C}virtualMachineScaleSets",
            name,
            more,
            sku={"name": "Standard_D2s_v5", "tier": "Standard", "capacity": 3},
            zones=["1", "2", "3"],
        )


def _images(plan: Plan) -> Iterator[Json]:
    for number, spot in enumerate(plan.spots("prod")[:2], 1):
        disk: Json = {
            "osType": "Linux",
            "osState": "Generalized",
            "diskSizeGB": 30,
            "caching": "ReadWrite",
            "storageAccountType": "Standard_LRS",
        }
        more: Json = {
            "storageProfile": {"osDisk": disk, "dataDisks": [], "zoneResilient": False},
            "hyperVGeneration": "V2",
        }
        yield plan.body(spot, f"{_C}images", f"img-{spot.app}-base-{number}", more)
    key: Json = {"publicKey": "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExampleOnlyExampleOnlyExampleOnlyExampleOn halden"}
    yield plan.body(plan.shared, f"{_C}sshPublicKeys", "ssh-operations", key)
