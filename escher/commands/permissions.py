"""`escher permissions`: what scanning may read, what it was refused, and the policy that would grant just that."""

from __future__ import annotations

import argparse
import json
from typing import Any

from escher.commands.command import Command, Invocation, Outcome
from escher.commands.tables import Column, Rows

PROVIDERS = ("aws", "azure", "gcp")


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--policy", action="store_true", help="print the least-privilege policy for scanning")
    parser.add_argument("--provider", choices=PROVIDERS, help="of this cloud (with --policy: aws unless you say)")


def _run(call: Invocation) -> Outcome:
    if call.options.policy:
        return _policy(call.options.provider or "aws")
    rows = _refused(call)
    return Outcome(rows, _table(call, rows) if rows else "No scan was refused anything that it needs.")


def _policy(provider: Any) -> Outcome:
    from escher.providers.registry import resource_types
    from escher.providers.scanning_rights import policy

    document = policy(resource_types().values(), provider)
    return Outcome(document, json.dumps(document, indent=2))


def _refused(call: Invocation) -> list[dict[str, Any]]:
    """Each missing permission once for an account, with the scopes that lack it."""
    found: dict[tuple[str, str, str], list[str]] = {}
    for scope in call.session.exploring.coverage():
        for permission in filter(None, scope["missing_permission"].split(", ")):
            place = (scope["provider"], scope["account_id"], permission)
            found.setdefault(place, []).append(f"{scope['resource_type']} in {scope['region']}")
    return [
        {"provider": provider, "account_id": account_id, "permission": permission, "scopes": scopes}
        for (provider, account_id, permission), scopes in sorted(found.items())
        if call.options.provider in (None, provider)
    ]


def _table(call: Invocation, rows: list[dict[str, Any]]) -> Rows:
    names = {account.account_id: account.name for account in call.session.accounts.all()}
    shown = [
        row | {"account": names.get(row["account_id"]) or row["account_id"], "scopes": ", ".join(row["scopes"])}
        for row in rows
    ]
    columns = (
        Column("provider", "cloud", leaves=1), Column("account"), Column("permission", "missing permission"),
        Column("scopes", "not seen", leaves=2),
    )  # fmt: skip
    return Rows(shown, columns, note=_note(rows))


def _note(rows: list[dict[str, Any]]) -> str:
    """How to get what is missing."""
    reader = "; */read is in no policy but the role Reader" if any("*" in row["permission"] for row in rows) else ""
    return f"escher permissions --policy prints a policy that grants what scanning reads{reader}"


COMMAND = Command(
    "permissions",
    "What scanning may read, and the least-privilege policy for it.",
    _run,
    _configure,
    examples=("escher permissions", "escher permissions --policy --provider azure"),
)
