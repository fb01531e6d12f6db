"""The demo's Azure as one object, and the lookups that every handler shares."""

from __future__ import annotations

from dataclasses import dataclass, field

from escher.demo.clouds.azure.access import demand
from escher.demo.clouds.azure.address import Address
from escher.demo.clouds.azure.arm_types import NAMESPACES
from escher.demo.clouds.azure.exchange import ArmError, Json
from escher.demo.clouds.azure.links import embedded
from escher.demo.clouds.azure.operations import Operations
from escher.demo.clouds.azure.paging import PAGE
from escher.demo.clouds.azure.state import Record, State
from escher.demo.clouds.azure.subscriptions import SUBSCRIPTIONS

_SINGLETONS = frozenset({"default", "current"})
# What Azure gives a child that each parent has from the start.
_FROM_THE_START: dict[tuple[str, str], Json] = {
    ("microsoft.sql/servers/databases/backupshorttermretentionpolicies", "default"): {
        "retentionDays": 7,
        "diffBackupIntervalInHours": 12,
    },
    ("microsoft.web/sites/config", "web"): {"alwaysOn": False, "minTlsVersion": "1.2", "ftpsState": "FtpsOnly"},
}


@dataclass
class Cloud:
    """Its state, its operations under way, and how long its pages are."""

    state: State = field(default_factory=State)
    operations: Operations = field(default_factory=Operations)
    page_size: int = PAGE

    def demand(self, action: str, scope: str) -> None:
        """Raise ArmError when the caller may not do this there."""
        demand(self.state, action, scope)

    def check_scope(self, where: Address) -> None:
        """Raise ArmError, 404, for a subscription, resource group or provider that does not exist."""
        if where.subscription.lower() not in SUBSCRIPTIONS.values():
            raise ArmError(404, "SubscriptionNotFound", f"The subscription '{where.subscription}' could not be found.")
        if where.group and self.state.get(where.scope) is None:
            raise ArmError(404, "ResourceGroupNotFound", f"Resource group '{where.group}' could not be found.")
        if where.namespace and where.namespace.lower() not in NAMESPACES:
            raise ArmError(404, "InvalidResourceNamespace", f"The resource namespace '{where.namespace}' is invalid.")

    def record(self, where: Address) -> Record:
        """The resource at an address. Raises ArmError, 404."""
        self.check_scope(where)
        found = self.state.get(where.id)
        if found is None:
            raise self.missing(where)
        return found

    def body(self, where: Address) -> Json:
        """The body at an address: a resource's, that of a child inside one, or a singleton's. Raises ArmError, 404."""
        self.check_scope(where)
        if found := self.state.get(where.id):
            return found.body
        if where.parent is None:
            raise self.missing(where)
        parent = self.body(where.parent)
        key = where.id.lower()
        for child in embedded(parent):
            if child["id"].lower() == key:
                return child
        properties = _FROM_THE_START.get((where.type.lower(), where.name.lower()))
        if properties is not None or where.name in _SINGLETONS:
            return {"id": where.id, "name": where.name, "type": where.type, "properties": dict(properties or {})}
        raise self.missing(where)

    def missing(self, where: Address) -> ArmError:
        """The error for a resource that does not exist."""
        name = "/".join((where.type, *(name for _, name in where.pairs)))
        return ArmError(
            404,
            "ResourceNotFound",
            f"The Resource '{name}' under resource group '{where.group}' was not found. For more details please go to "
            "https://aka.ms/ARMResourceNotFoundFix",
        )
