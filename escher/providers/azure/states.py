"""States that Azure's services have in common."""

from __future__ import annotations

from collections.abc import Mapping

from escher.contract.vocabulary import State
from escher.providers.declarations import StateRule

PROVISIONED: Mapping[str, State] = {
    "Succeeded": "available",
    "Accepted": "pending",
    "Activating": "pending",
    "Configuring": "pending",
    "Created": "available",
    "Creating": "pending",
    "InProgress": "pending",
    "Linking": "pending",
    "Migrating": "pending",
    "Pending": "pending",
    "Provisioning": "pending",
    "Recovering": "pending",
    "Registering": "pending",
    "ResolvingDNS": "pending",
    "Resolving": "pending",
    "Restoring": "pending",
    "Running": "pending",
    "Scaling": "pending",
    "Starting": "pending",
    "Stopping": "pending",
    "Updating": "pending",
    "Upgrading": "pending",
    "Deleting": "deleting",
    "Deleted": "deleted",
    "SoftDeleted": "deleted",
    "Canceled": "error",
    "Failed": "error",
    "ValidationFailed": "error",
}
"""How far a change of a resource has got: what most of Azure's services mean by `provisioningState`."""

PROVISIONING = StateRule("properties.provisioningState", PROVISIONED)


def provisioning(path: str, own: Mapping[str, State]) -> StateRule:
    """States that a service has of its own, where it tells one, else how far a change has got."""
    return StateRule(f"({path}) || properties.provisioningState", {**PROVISIONED, **own})
