"""What a user owns, as every part of the client sees it. Nothing here crosses the wire to the server."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from escher.contract.vocabulary import Kind, Provider, State
from escher.contract.wire import Wire

# The region of a scope whose listing is the same from everywhere; its resources may lie in any.
GLOBAL = "global"


@dataclass(frozen=True, slots=True)
class Account:
    """An AWS account, Azure subscription or GCP project, and how to reach it. Holds no secret.

    `profile` names a profile of the provider's own configuration; `role_arns` is the chain of roles assumed from it,
    in order. `endpoint_url` replaces every endpoint (demo clouds, private gateways).
    """

    provider: Provider
    account_id: str
    name: str
    profile: str = ""
    role_arns: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    partition: str = "aws"
    mfa_serial: str = ""
    proxy: str = ""
    ca_bundle: str = ""
    endpoint_url: str = ""


@dataclass(frozen=True, slots=True)
class Resource:
    """One thing the user owns.

    `resource_id` is the provider's global id (ARN), `identifier` the short one commands take (`i-…`, a bucket's name).
    `attributes` holds the declared fields of the type: sizes in GiB, times as Unix seconds, `attached`, `public` and
    `encrypted` as booleans where the type knows them. `constraints` says what can be done with it and what hangs on it
    (`can_stop`, `can_start`, `can_delete`, `has_backups`, `has_dependencies` and more of the provider's), `iam` what the
    user may (`allowed_actions`, `denied_actions`, `unknown_actions`, `user_context`, `checked_at`); both are empty where
    no scan has looked. `relations` leads from a verb to others: their resource ids, or `type/identifier` of the same
    account. `managed_by` is who else changes it (`terraform`, `cloudformation:stack`, …), empty when nothing tells.
    `fingerprint` is a hash of what the list call said; empty for a type that has no details.
    """

    provider: Provider
    account_id: str
    region: str
    resource_type: str
    kind: Kind
    resource_id: str
    identifier: str
    name: str
    state: State
    native_state: str = ""
    account_name: str = ""
    service: str = ""
    zone: str = ""
    tags: dict[str, str] = field(default_factory=dict)
    attributes: dict[str, Any] = field(default_factory=dict)
    last_synced: int = 0
    constraints: dict[str, Any] = field(default_factory=dict)
    iam: dict[str, Any] = field(default_factory=dict)
    relations: dict[str, list[str]] = field(default_factory=dict)
    managed_by: str = ""
    fingerprint: str = ""

    @property
    def natural_key(self) -> str:
        """`provider:account:region:type:identifier`, unique in an estate (spec/storage.md section 3)."""
        return f"{self.provider}:{self.account_id}:{self.region}:{self.resource_type}:{self.identifier}"


ScopeStatus = Literal["complete", "partial", "never"]


@dataclass(frozen=True, slots=True)
class Scope:
    """Account × region × resource type: where a scan either saw everything or did not.

    `scan_id` is the scan that read it last, whole or not; `scanned_at` (Unix seconds) when it was seen whole last.
    """

    provider: Provider
    account_id: str
    region: str
    resource_type: str
    status: ScopeStatus
    count: int = 0
    scanned_at: int = 0
    error: str = ""
    missing_permission: str = ""
    scan_id: str = ""

    @property
    def key(self) -> str:
        """The natural key of a scope."""
        return f"{self.provider}:{self.account_id}:{self.region}:{self.resource_type}"


class PartialScope(Wire):
    """A scope of an answer that was not fully seen, and why."""

    account_id: str
    region: str
    resource_type: str
    reason: str


class Completeness(Wire):
    """How complete an answer is: over the scopes it depends on. `oldest_scan` is UTC, ISO 8601."""

    complete: bool
    partial_scopes: tuple[PartialScope, ...] = ()
    oldest_scan: str | None = None
    scopes: int = 0
    complete_scopes: int = 0
