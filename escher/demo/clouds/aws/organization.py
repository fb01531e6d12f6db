"""The company's organisation, of which all accounts are members. Moto draws ids for accounts; these have theirs."""

from __future__ import annotations

from typing import Any

from moto.backends import get_backend

from escher.demo.blueprint.company import ACCOUNTS
from escher.demo.clouds.aws.answer import Refused
from escher.demo.clouds.aws.call import Call

MANAGEMENT = "web-shop"


def make_organization() -> None:
    """Make it, managed by the shop's account."""
    backends: Any = get_backend("organizations")
    organization = backends[ACCOUNTS[MANAGEMENT]]["aws"]
    organization.create_organization("us-east-1", FeatureSet="ALL")
    managing = organization.accounts[0]
    managing.name, managing.email = MANAGEMENT, f"{MANAGEMENT}@halden.example"
    for name, account_id in ACCOUNTS.items():
        if name != MANAGEMENT:
            organization.create_account(AccountName=name, Email=f"{name}@halden.example")
            member = organization.accounts[-1]
            del backends.master_accounts[member.id]
            member.id = account_id
            backends.master_accounts[account_id] = (ACCOUNTS[MANAGEMENT], "aws")


def refuse_members(call: Call) -> None:
    """Raises Refused as AWS does when another account than the managing one asks for the organisation's accounts."""
    managing = ACCOUNTS[MANAGEMENT]
    if call.service == "organizations" and call.operation.startswith("List") and call.account_id != managing:
        message = "You don't have permissions to access this resource."
        raise Refused("AccessDeniedException", message)
