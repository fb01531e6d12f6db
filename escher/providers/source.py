"""What the scan engine asks of a cloud, whichever it is."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from escher.contract.estate import Account, Resource, Scope
from escher.contract.vocabulary import Provider
from escher.errors import ScanError
from escher.providers.declarations import ResourceType

Record = Mapping[str, Any]


class ReadFailed(ScanError):
    """A call for a scope failed. `native_code` is the provider's; `permission` what is missing, if that is the cause.

    `hint` is the next move where it is another one than to grant that.
    """

    def __init__(self, message: str, *, native_code: str, permission: str = "", hint: str = "") -> None:
        super().__init__(message, hint=f"Grant {permission}." if permission else hint)
        self.native_code = native_code
        self.permission = permission


@dataclass(frozen=True, slots=True)
class Unit:
    """One scope to be read: account × region × resource type. `region` is `GLOBAL` for a type that is listed once."""

    account: Account
    region: str
    declared: ResourceType

    @property
    def key(self) -> str:
        """The natural key of the scope."""
        return Scope(self.declared.provider, self.account.account_id, self.region, self.declared.name, "never").key


@dataclass(frozen=True, slots=True)
class Page:
    """The records of one answer, those of each scope of a batch together.

    `failures` are scopes of the batch that cannot be seen whole, though the others can: a provider may leave out what one
    may not read, or list them one by one.
    """

    records: Mapping[Unit, Sequence[Record]]
    failures: Mapping[Unit, ReadFailed] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sighting:
    """One listed thing, with what could not be read of it. `resource` is None when it is gone or cannot be placed."""

    resource: Resource | None
    failures: tuple[ReadFailed, ...] = ()


@dataclass(frozen=True, slots=True)
class Changes:
    """What a provider's own records say was changed in an account since a moment.

    `touched` leads from (region, resource type) to the identifiers, names or resource ids that were changed; an empty
    set means that something of the type was, but not what. Region `GLOBAL` is any. Of the regions in `blind` nothing is
    known, nor of any when `GLOBAL` is in it: they are listed anew. `notices` tell the user why.
    """

    touched: Mapping[tuple[str, str], frozenset[str]] = field(default_factory=dict)
    blind: frozenset[str] = frozenset()
    notices: tuple[str, ...] = ()


Verdicts = Mapping[str, Mapping[str, bool]]
"""Resource id → provider's permission → allowed. What is not in it is unknown."""


class Source(Protocol):
    """A cloud that can be read. All calls of a scan come from one event loop; every method ends soon when cancelled."""

    provider: Provider

    async def check(self, account: Account) -> None:
        """Make sure that the credentials are those of this account. Raises CredentialError."""
        ...

    async def regions(self, account: Account) -> tuple[str, ...]:
        """The regions to read: the account's own choice, else those enabled. Raises CredentialError, ReadFailed."""
        ...

    def home_region(self, account: Account) -> str:
        """The region of an account's partition that is always there; asks nobody."""
        ...

    def batches(self, units: Sequence[Unit]) -> list[tuple[Unit, ...]]:
        """The scopes of one account, grouped by those that are read with the same calls."""
        ...

    def pages(self, batch: tuple[Unit, ...]) -> AsyncIterator[Page]:
        """The raw records of a batch, page by page. Raises CredentialError, ReadFailed at the page that fails."""
        ...

    async def look(self, unit: Unit, record: Record, *, details: bool = True) -> Sighting:
        """One record with its details, as a resource; a detail that cannot be read is a failure of the sighting."""
        ...

    async def changes(self, account: Account, regions: Sequence[str], since: int) -> Changes:
        """What was changed since a moment (Unix seconds). What cannot be told is in `blind`; raises CredentialError."""
        ...

    async def allowed(self, account: Account, resources: Sequence[Resource]) -> Verdicts:
        """What the account's credentials may do with resources, of the permissions in their types' `acts`.

        Raises CredentialError, ReadFailed when nothing can be told, with the permission that is missing.
        """
        ...

    async def close(self) -> None:
        """Give connections back."""
        ...
