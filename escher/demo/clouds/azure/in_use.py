"""What cannot be deleted while something uses it, and with which error ARM says so."""

from __future__ import annotations

from dataclasses import dataclass

from escher.demo.clouds.azure.exchange import ArmError, Json
from escher.demo.clouds.azure.links import users


@dataclass(frozen=True, slots=True)
class Refusal:
    """An error with places for `{name}`, `{id}` and `{user}`."""

    code: str
    message: str
    status: int = 409


_NET = "microsoft.network/"
_REFUSALS = {
    "disks": Refusal("OperationNotAllowed", "Disk {name} is attached to VM {user}."),
    "networksecuritygroups": Refusal(
        "InUseNetworkSecurityGroupCannotBeDeleted",
        "Network security group {id} cannot be deleted because it is in use by the following resources: {user}.",
    ),
    "networkinterfaces": Refusal(
        "NicInUse", "Network Interface {id} is used by existing resource {user}. In order to delete the network "
        "interface, it must be dissociated from the resource."
    ),
    "publicipaddresses": Refusal(
        "PublicIPAddressCannotBeDeleted",
        "Public IP address {id} can not be deleted since it is still allocated to resource {user}.",
    ),
    "virtualnetworks": Refusal(
        "InUseSubnetCannotBeDeleted", "Subnet of {name} is in use by {user} and cannot be deleted."
    ),
    "subnets": Refusal("InUseSubnetCannotBeDeleted", "Subnet {name} is in use by {user} and cannot be deleted."),
    "routetables": Refusal(
        "InUseRouteTableCannotBeDeleted", "Route table {name} is in use and cannot be deleted: {user}."
    ),
    "natgateways": Refusal("InUseNatGatewayCannotBeDeleted", "Nat gateway {name} is in use and cannot be deleted: {user}."),
    "availabilitysets": Refusal(
        "OperationNotAllowed", "Availability Set {name} cannot be deleted. Before deleting an Availability Set please "
        "ensure that it does not contain any VM."
    ),
    "loadbalancers": Refusal("LoadBalancerInUseByVirtualMachine", "Load balancer {name} is used by {user}."),
}  # fmt: skip


def refuse_if_used(body: Json) -> None:
    """Raise ArmError, 409, for a thing that another one uses."""
    refusal = _REFUSALS.get(body["id"].rsplit("/", 2)[-2].lower())
    user = next(users(body), "") if refusal else ""
    if refusal and user:
        message = refusal.message.format(name=body["name"], id=body["id"], user=user)
        raise ArmError(refusal.status, refusal.code, message)
    if body["id"].rsplit("/", 2)[-2].lower() == "serverfarms" and body["properties"].get("numberOfSites"):
        raise ArmError(
            409, "Conflict", f"Server farm '{body['name']}' cannot be deleted because it has web app(s) assigned to it."
        )
