"""What the scan engine asks of a cloud, whichever it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from escher.contract.estate import Account, Resource
from escher.contract.vocabulary import Provider
from escher.errors import ScanError
from escher.providers.declarations import ResourceType

Record = Mapping[str, Any]


class ReadFailed(ScanError):
    """A call for a scope failed. `native_code` is the provider's; `permission` what is missing, if that is the cause."""

    def __init__(self, message: str, *, native_code: str, permission: str = "") -> None:
        super().__init__(message, hint=f"Grant {permission}." if permission else "")
        self.native_code = native_code
        self.permission = permission


@dataclass(frozen=True, slots=True)
class Sighting:
    """One listed thing, with what could not be read of it. `resource` is None when it is gone or cannot be placed."""

    resource: Resource | None
    failures: tuple[ReadFailed, ...] = ()


class Source(Protocol):
    """A cloud that can be read. Safe to use from many threads."""

    provider: Provider

    def check(self, account: Account) -> None:
        """Make sure that the credentials are those of this account. Raises CredentialError."""
        ...

    def regions(self, account: Account) -> tuple[str, ...]:
        """The regions to read: the account's own choice, else those enabled. Raises CredentialError, ReadFailed."""
        ...

    def home_region(self, account: Account) -> str:
        """The region of an account's partition that is always there; asks nobody."""
        ...

    def pages(self, account: Account, region: str, declared: ResourceType) -> Iterator[list[Record]]:
        """The raw records of a scope, page by page. Raises CredentialError, ReadFailed at the page that fails."""
        ...

    def look(self, account: Account, region: str, declared: ResourceType, record: Record) -> Sighting:
        """One record with its details, as a resource; a detail that cannot be read is a failure of the sighting."""
        ...
