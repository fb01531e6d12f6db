"""Functions, and the roles that they and people act under."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from escher.demo.blueprint.company import ACCOUNTS, ROLE, Thing, role_arn, tags


@dataclass(frozen=True, slots=True)
class Function(Thing):
    """A function that runs on demand, under the account's function role."""

    runtime: str
    memory_mib: int


@dataclass(frozen=True, slots=True)
class Role(Thing):
    """A role; `trusted` is the service or account that may take it."""

    trusted: str


_FUNCTIONS = (
    ("web-shop", "us-east-1", "checkout", ("charge-card", "send-receipt", "fraud-check")),
    ("web-shop", "us-east-1", "catalog", ("resize-image", "sync-prices")),
    ("web-shop", "eu-west-1", "orders", ("print-label", "notify-customer", "cancel-stale")),
    ("web-shop", "us-west-2", "search", ("reindex",)),
    ("analytics", "us-east-1", "ingest", ("parse-clicks", "quarantine", "dedupe")),
    ("analytics", "eu-west-1", "reports", ("render-weekly", "mail-weekly")),
    ("analytics", "us-west-2", "forecast", ("score-batch",)),
    ("sandbox", "us-east-1", "playground", ("hello-world",)),
)
_OLD_RUNTIMES = frozenset({"resize-image", "quarantine", "hello-world"})
FUNCTION_ROLE = "FunctionRuntime"
_ROLES = (
    (FUNCTION_ROLE, "lambda.amazonaws.com"),
    ("InstanceRuntime", "ec2.amazonaws.com"),
    ("DatabaseMonitoring", "monitoring.rds.amazonaws.com"),
    ("BackupOperator", "backup.amazonaws.com"),
    ("Deployment", "codebuild.amazonaws.com"),
    ("ReadOnlyAudit", "ec2.amazonaws.com"),
    ("BreakGlassAdmin", "ec2.amazonaws.com"),
)


def functions() -> Iterator[Function]:
    """Three environments of each function."""
    for account, region, app, names in _FUNCTIONS:
        for number, function in enumerate(names):
            for env in ("prod", "staging", "dev"):
                name = f"{app}-{function}-{env}"
                runtime = "python3.8" if function in _OLD_RUNTIMES else "python3.12"
                yield Function(account, region, name, tags(name, app, env), runtime, 128 << (number % 4))


def roles() -> Iterator[Role]:
    """The same seven in every account, and the one through which Escher comes in."""
    for account, account_id in ACCOUNTS.items():
        yield Role(account, "us-east-1", ROLE, {"Name": ROLE, "owner": "platform"}, f"arn:aws:iam::{account_id}:root")
        for name, service in _ROLES:
            yield Role(account, "us-east-1", name, {"Name": name, "owner": "platform"}, service)


def function_role_arn(account: str) -> str:
    """The role that this account's functions run under."""
    return role_arn(account).replace(ROLE, FUNCTION_ROLE)
