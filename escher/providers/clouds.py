"""The three clouds behind one door: access to an account, and a reader of it, by its provider.

A cloud's SDK is loaded when the first of its accounts is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING, Protocol, get_args

from escher.contract.estate import Account
from escher.contract.plan import Operation
from escher.contract.ports import Keys
from escher.contract.vocabulary import Provider
from escher.errors import CredentialError
from escher.providers.pacing import Pacer
from escher.providers.source import Source

if TYPE_CHECKING:
    from escher.providers.aws.session import AwsAccess
    from escher.providers.azure.access import AzureAccess
    from escher.providers.gcp.access import GcpAccess

Prompt = Callable[[str], str]


class Identity(Protocol):
    """Who a provider says is asking. `expires_at` is UTC, ISO 8601; empty when that is not known."""

    @property
    def account_id(self) -> str:
        """The account that the credentials lead into."""
        ...

    @property
    def principal(self) -> str:
        """Who that is: an ARN, an object or client id, an e-mail address."""
        ...

    @property
    def expires_at(self) -> str:
        """Until when the credentials are good."""
        ...


class Access(Protocol):
    """Credentials of one cloud."""

    def identity(self, account: Account) -> str:
        """`account_id principal`, as the provider reports them. Raises CredentialError."""
        ...

    def describe(self, account: Account) -> Identity:
        """Who is asking. Raises CredentialError, also when it is another account."""
        ...

    def environment(self, account: Account, region: str) -> dict[str, str]:
        """Credentials of this one account as variables for a child process. Raises CredentialError."""
        ...

    def keys(self, account: Account, region: str, operations: Sequence[Operation], targets: Sequence[str]) -> Keys:
        """The same, narrowed where the provider can do that, with a sentence on it. Raises CredentialError."""
        ...

    def discover(self) -> list[Account]:
        """The accounts that this machine's own configuration reaches."""
        ...


class Clouds:
    """`ports.CloudAccess` for all clouds. `prompt` asks a person for the code of an MFA device."""

    def __init__(self, prompt: Prompt | None = None) -> None:
        self._prompt = prompt

    @cached_property
    def aws(self) -> AwsAccess:
        """Access to AWS."""
        from escher.providers.aws.session import AwsAccess

        return AwsAccess(self._prompt)

    @cached_property
    def azure(self) -> AzureAccess:
        """Access to Azure."""
        from escher.providers.azure.access import AzureAccess

        return AzureAccess()

    @cached_property
    def gcp(self) -> GcpAccess:
        """Access to GCP."""
        from escher.providers.gcp.access import GcpAccess

        return GcpAccess()

    def identity(self, account: Account) -> str:
        """`account_id principal`, as the provider reports them. Raises CredentialError."""
        return self._of(account.provider).identity(account)

    def describe(self, account: Account) -> Identity:
        """Who is asking. Raises CredentialError, also when it is another account."""
        return self._of(account.provider).describe(account)

    def environment(self, account: Account, region: str) -> dict[str, str]:
        """Credentials of this one account as variables for a child process. Raises CredentialError."""
        return self._of(account.provider).environment(account, region)

    def keys(self, account: Account, region: str, operations: Sequence[Operation], targets: Sequence[str]) -> Keys:
        """The same, narrowed where the provider can do that, with a sentence on it. Raises CredentialError."""
        return self._of(account.provider).keys(account, region, operations, targets)

    def discover(self) -> list[Account]:
        """The accounts that this machine's own configuration reaches, of those clouds whose SDK is installed."""
        found: list[Account] = []
        for provider in get_args(Provider):
            with suppress(CredentialError):  # who is not logged in to a cloud has no accounts there
                found += self._of(provider).discover()
        return found

    def organization(self, management: Account, role: str) -> list[Account]:
        """The other accounts of an AWS organization, entered by a role. Raises CredentialError, ReadFailed."""
        from escher.providers.aws.organization import members

        return members(self.aws, management, role)

    def source(self, provider: Provider, pacer: Pacer, clock: Callable[[], float]) -> Source:
        """A reader of a cloud, for one event loop."""
        if provider == "aws":
            from escher.providers.aws.reader import AwsReader

            return AwsReader(self.aws, pacer, clock)
        if provider == "azure":
            from escher.providers.azure.reader import AzureReader

            return AzureReader(self.azure, pacer, clock)
        from escher.providers.gcp.reader import GcpReader

        return GcpReader(self.gcp, pacer, clock)

    def _of(self, provider: Provider) -> Access:
        return {"aws": self._aws, "azure": self._azure, "gcp": self._gcp}[provider]()

    def _aws(self) -> Access:
        return self.aws

    def _azure(self) -> Access:
        return self.azure

    def _gcp(self) -> Access:
        return self.gcp
