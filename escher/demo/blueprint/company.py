"""The company: its accounts, its applications with their owners, and how it tags what it owns."""

from __future__ import annotations

from dataclasses import dataclass

from escher.contract.estate import Account

REGIONS = ("us-east-1", "eu-west-1", "us-west-2")
ACCOUNTS = {"web-shop": "471208365914", "analytics": "602937184453", "sandbox": "815530276149"}
ROLE = "EscherDemoAccess"


def role_arn(account: str) -> str:
    """The role through which the account of this name is reached."""
    return f"arn:aws:iam::{ACCOUNTS[account]}:role/{ROLE}"


def demo_accounts(endpoint: str) -> list[Account]:
    """The accounts as Escher's store keeps them, each reached by its role at this endpoint."""
    return [
        Account(
            provider="aws",
            account_id=account_id,
            name=name,
            role_arns=(role_arn(name),),
            regions=REGIONS,
            endpoint_url=endpoint,
        )
        for name, account_id in ACCOUNTS.items()
    ]


@dataclass(frozen=True, slots=True)
class Application:
    """Who runs an application and who pays."""

    owner: str
    cost_center: str


APPLICATIONS = {
    "checkout": Application("payments", "CC-1001"),
    "orders": Application("payments", "CC-1001"),
    "catalog": Application("storefront", "CC-1002"),
    "search": Application("storefront", "CC-1002"),
    "api": Application("platform", "CC-1003"),
    "ingest": Application("data", "CC-2001"),
    "warehouse": Application("data", "CC-2001"),
    "reports": Application("insight", "CC-2002"),
    "forecast": Application("science", "CC-2003"),
    "playground": Application("maria", "CC-9001"),
    "loadtest": Application("tomas", "CC-9001"),
    "prototype": Application("aisha", "CC-9002"),
}


def tags(name: str, app: str = "", env: str = "") -> dict[str, str]:
    """The tags of a thing; without an application it is waste that nobody labelled."""
    if not app:
        return {"Name": name} if name else {}
    owner = APPLICATIONS[app]
    return {"Name": name, "env": env, "owner": owner.owner, "app": app, "cost-center": owner.cost_center}


@dataclass(frozen=True, slots=True)
class Thing:
    """Anything owned: where it is, what it is called, how it is tagged."""

    account: str
    region: str
    name: str
    tags: dict[str, str]
