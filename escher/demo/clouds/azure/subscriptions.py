"""Whose cloud this is: the tenant, its two subscriptions, where they run things, and who calls."""

from __future__ import annotations

import uuid

_SPACE = uuid.UUID("6d2f0c1e-3b7a-5f54-9c1d-0a8e5b7c4d21")
LOCATIONS = {
    "westeurope": "West Europe",
    "northeurope": "North Europe",
    "eastus": "East US",
    "eastus2": "East US 2",
    "westus2": "West US 2",
    "uksouth": "UK South",
}


def guid(*words: str) -> str:
    """The same GUID for the same words, always."""
    return str(uuid.uuid5(_SPACE, "/".join(words)))


TENANT_ID = guid("tenant", "halden")
PRINCIPAL_ID = guid("principal", "escher")
CALLER = "escher@halden.example"
SUBSCRIPTIONS = {"web-shop": guid("subscription", "web-shop"), "analytics": guid("subscription", "analytics")}
"""The subscriptions by name. The caller owns the first; in the second one resource group is read-only to it."""
READ_ONLY_GROUP = "rg-warehouse-prod"
