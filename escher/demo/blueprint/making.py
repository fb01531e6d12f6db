"""What the company owns beside its machines and data, as the calls that make it: an API's words are the plainest form.

A text `$(name)` in a parameter stands for what an earlier call of the same account and region kept under that name, or
for what is there already: `instance:NAME`, `volume:NAME`, `group:NAME`, `subnet:a` to `subnet:c` and `vpc` of the
default network. `$(name|last)` is what follows its last slash.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from escher.demo.blueprint.company import ACCOUNTS, tags

Tags = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Making:
    """One call that makes something; `keeps` names parts of its answer, each a JMESPath."""

    account: str
    region: str
    service: str
    operation: str
    parameters: Mapping[str, Any]
    keeps: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Site:
    """An account in a region: where things are made."""

    account: str
    region: str

    def make(
        self, service: str, operation: str, keeps: Mapping[str, str] | None = None, /, **parameters: Any
    ) -> Making:
        """A call here."""
        return Making(self.account, self.region, service, operation, parameters, keeps or {})

    def arn(self, service: str, what: str) -> str:
        """The ARN of something here."""
        return f"arn:aws:{service}:{self.region}:{ACCOUNTS[self.account]}:{what}"

    def role(self, name: str) -> str:
        """The ARN of a role of this account."""
        return f"arn:aws:iam::{ACCOUNTS[self.account]}:role/{name}"


def listed(given: Tags) -> list[dict[str, str]]:
    """Tags as most services take them."""
    return [{"Key": key, "Value": value} for key, value in given.items()]


def small(given: Tags) -> list[dict[str, str]]:
    """Tags as ECS takes them."""
    return [{"key": key, "value": value} for key, value in given.items()]


def for_ec2(kind: str, given: Tags) -> list[dict[str, Any]]:
    """Tags as EC2 takes them at creation."""
    return [{"ResourceType": kind, "Tags": listed(given)}]


def by_terraform(name: str, app: str, env: str, workspace: str) -> dict[str, str]:
    """The tags of what Terraform keeps."""
    return tags(name, app, env) | {"terraform": "true", "terraform-workspace": workspace}
