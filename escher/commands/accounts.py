"""`escher accounts`: which accounts are scanned and acted in, and with whose credentials."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from rich.table import Table

from escher.commands.command import Command, Invocation, Outcome


def _configure(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    add = actions.add_parser("add", help="add an account, after its provider confirmed who the credentials are")
    add.add_argument("name", help="what you call it")
    add.add_argument("--provider", choices=("aws", "azure", "gcp"), default="aws", help="which cloud (default aws)")
    add.add_argument(
        "--account-id",
        default="",
        help="AWS account (asked of AWS when left out), Azure subscription or GCP project",
    )
    add.add_argument(
        "--profile",
        default="",
        help="AWS: a profile of your configuration, SSO included; Azure: `cli` or a tenant; GCP: a file of credentials",
    )
    add.add_argument(
        "--role-arn",
        action="append",
        default=[],
        help="AWS: role to assume; GCP: service account to impersonate; several make a chain",
    )
    add.add_argument("--region", action="append", default=[], help="only these regions (repeatable)")
    add.add_argument("--partition", default="aws", choices=("aws", "aws-us-gov", "aws-cn"))
    add.add_argument("--mfa-serial", default="", help="device that is asked for a code when the role is assumed")
    add.add_argument("--proxy", default="", help="HTTPS proxy for this account")
    add.add_argument("--ca-bundle", default="", help="file of certificate authorities")
    add.add_argument("--endpoint-url", default="", help="one endpoint for every call (demo cloud, private gateway)")
    organization = actions.add_parser("organization", help="take in all accounts of an AWS organization")
    organization.add_argument("account", help="its management account, by name or id, added before")
    organization.add_argument(
        "--role", default="OrganizationAccountAccessRole", help="the role that leads into each (default: %(default)s)"
    )
    actions.add_parser("list", help="list the accounts").add_argument(
        "--check", action="store_true", help="and ask each provider whose credentials they are"
    )
    check = actions.add_parser("check", help="ask the provider whose credentials these are, and until when")
    check.add_argument("account", nargs="*", help="names or ids; all when left out")
    remove = actions.add_parser("remove", help="forget an account; its resources stay until a purge")
    remove.add_argument("account", help="name or id")


def _run(call: Invocation) -> Outcome:
    actions = {"add": _add, "organization": _organization, "list": _list, "check": _check, "remove": _remove}
    return actions[call.options.action](call)


def _add(call: Invocation) -> Outcome:
    options = call.options
    account = call.session.accounts.add(
        name=options.name,
        account_id=options.account_id,
        provider=options.provider,
        profile=options.profile,
        role_arns=tuple(options.role_arn),
        regions=tuple(options.region),
        partition=options.partition,
        mfa_serial=options.mfa_serial,
        proxy=options.proxy,
        ca_bundle=options.ca_bundle,
        endpoint_url=options.endpoint_url,
    )
    return Outcome(asdict(account), f"Added {account.name} ({account.account_id}). Next: escher scan")


def _organization(call: Invocation) -> Outcome:
    added = call.session.accounts.add_organization(call.options.account, call.options.role)
    names = ", ".join(account.name for account in added)
    text = f"Added {len(added)} accounts: {names}. Next: escher accounts check" if added else "All are known already."
    return Outcome([asdict(account) for account in added], text)


def _list(call: Invocation) -> Outcome:
    if call.options.check:
        return _checked(call, [])
    accounts = call.session.accounts.all()
    table = Table("name", "cloud", "account", "profile", "roles", "regions", box=None)
    for account in accounts:
        table.add_row(
            account.name,
            account.provider,
            account.account_id,
            account.profile,
            " → ".join(account.role_arns),
            ", ".join(account.regions),
        )
    return Outcome([asdict(account) for account in accounts], table if accounts else "No accounts yet: escher init")


def _check(call: Invocation) -> Outcome:
    return _checked(call, call.options.account)


def _checked(call: Invocation, wanted: list[str]) -> Outcome:
    checks = call.session.accounts.check(wanted)
    table = Table("name", "account", "who", "expires", "problem", box=None)
    for check in checks:
        table.add_row(
            check["name"], check["account_id"], check["principal"], check["expires_at"] or "never", check["error"]
        )
    return Outcome(checks, table, 1 if any(check["error"] for check in checks) else 0)


def _remove(call: Invocation) -> Outcome:
    account = call.session.accounts.remove(call.options.account)
    return Outcome(asdict(account), f"Removed {account.name} ({account.account_id}).")


COMMAND = Command("accounts", "Add, list and check the accounts Escher works in.", _run, _configure)
