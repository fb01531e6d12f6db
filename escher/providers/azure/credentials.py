"""From an account to tokens: azure-identity's credentials, their tokens kept in memory and fetched off the event loop.

`Account.profile` may say `cli` (only the log-in of `az`), or name a tenant; empty is all that azure-identity tries.
No token is in a repr, a message or a log.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from logging import ERROR, getLogger
from threading import Lock
from typing import Any, Protocol, cast

from escher.contract.estate import Account
from escher.errors import CredentialError
from escher.providers.azure.endpoints import authority, resource_manager, scope

CLI = "cli"
REFRESH_S = 300
"""A token is renewed this long before its end, so that none runs out on its way."""

_INSTALL = "Install it: pip install 'escher[azure]'"
_ENTRA_CODE = re.compile(r"AADSTS(\d+)")
_EXPIRED = frozenset({"50076", "50078", "50079", "50173", "70008", "70043", "700081", "700082", "700084"})


@dataclass(frozen=True, slots=True)
class Token:
    """A bearer token until `expires_on` (Unix seconds)."""

    value: str = field(repr=False)
    expires_on: int

    def claims(self) -> Mapping[str, Any]:
        """What the token says of its bearer; nothing is verified, as only the provider can. Empty for an opaque one."""
        parts = self.value.split(".")
        if len(parts) != 3:
            return {}
        try:
            found = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
        except (binascii.Error, ValueError):
            return {}
        return cast("dict[str, Any]", found) if isinstance(found, dict) else {}


class Credential(Protocol):
    """What azure-identity's credentials have in common."""

    def get_token(self, *scopes: str, **options: Any) -> Any:
        """A token with `token` and `expires_on`."""
        ...


@dataclass(frozen=True, slots=True)
class Login:
    """What makes one log-in another's equal: accounts that share it share its tokens."""

    profile: str
    endpoint: str
    ca_bundle: str
    proxy: str

    @classmethod
    def of(cls, account: Account) -> Login:
        """The log-in of an account. Raises CredentialError for an endpoint that is not https."""
        return cls(account.profile, resource_manager(account), account.ca_bundle, account.proxy)


class TokenKeeper:
    """The tokens of one log-in. Safe to use from many threads; only one asks at a time."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._credential: Credential | None = None
        self._token: Token | None = None
        self._lock = Lock()

    def held(self) -> Token | None:
        """The token that is here and good; None: one has to be fetched."""
        token = self._token
        return token if token and token.expires_on - REFRESH_S > time.time() else None

    def token(self) -> Token:
        """A good token, fetched when there is none. Raises CredentialError."""
        with self._lock:
            return self.held() or self._fetch()

    def renewed(self, spent: Token) -> Token:
        """Another token than one that was refused, unless somebody has fetched it already. Raises CredentialError."""
        with self._lock:
            if self._token is not None and self._token is not spent:
                return self._token
            # A credential keeps its tokens in memory and would give the same one again.
            self._credential = None
            return self._fetch()

    def _fetch(self) -> Token:
        self._token = None
        options = {"tenant_id": self._account.profile} if _tenant(self._account) else {}
        found = _asked(self._account, self._made, options)
        self._token = Token(str(found.token), int(found.expires_on))
        return self._token

    def _made(self) -> Credential:
        if self._credential is None:
            self._credential = new_credential(self._account)
        return self._credential

    def __repr__(self) -> str:
        return f"TokenKeeper({self._account.account_id})"


def new_credential(account: Account) -> Credential:
    """The credential of an account; asks nobody yet. Raises CredentialError without azure-identity."""
    try:
        from azure.identity import (
            AzureCliCredential,
            AzureDeveloperCliCredential,
            AzurePowerShellCredential,
            ChainedTokenCredential,
            DefaultAzureCredential,
        )
    except ImportError as cause:
        raise CredentialError(
            "the package azure-identity is missing, which log-ins to Azure need.", hint=_INSTALL
        ) from cause
    # Its warnings say at length what our own error says in a sentence.
    getLogger("azure.identity").setLevel(ERROR)
    tenant = _tenant(account)
    az = AzureCliCredential(tenant_id=tenant, process_timeout=30)
    if account.profile == CLI:
        return az
    options: dict[str, Any] = {"additionally_allowed_tenants": ["*"]}
    if host := authority(account):
        options["authority"] = host
    if account.ca_bundle:
        options["connection_verify"] = account.ca_bundle
    if account.proxy:
        options["proxies"] = {"http": account.proxy, "https": account.proxy}
    # The tools of a developer can be told a tenant only one by one; nothing that would ask a person is tried.
    silent = DefaultAzureCredential(
        exclude_broker_credential=True,
        exclude_cli_credential=True,
        exclude_developer_cli_credential=True,
        exclude_powershell_credential=True,
        exclude_visual_studio_code_credential=True,
        **options,
    )
    return ChainedTokenCredential(
        silent, az, AzurePowerShellCredential(tenant_id=tenant), AzureDeveloperCliCredential(tenant_id=tenant)
    )


def _tenant(account: Account) -> str:
    return "" if account.profile == CLI else account.profile


def _asked(account: Account, credential: Callable[[], Credential], options: dict[str, str]) -> Any:
    """Ask for a token, in azure-identity's words; its failures in ours, without what they quote."""
    try:
        made = credential()
    except ValueError:
        raise CredentialError(
            f"the log-in of {who(account)} cannot be set up.", hint="Check its profile, and AZURE_… in the environment."
        ) from None
    from azure.core.exceptions import AzureError, ClientAuthenticationError

    try:
        return made.get_token(scope(account), **options)
    except ClientAuthenticationError as cause:
        raise _refused(account, str(cause)) from None
    except (AzureError, OSError, ValueError) as cause:
        raise CredentialError(
            f"the log-in service of {who(account)} cannot be reached ({type(cause).__name__}).",
            hint="Check the network, and the account's proxy, ca_bundle and endpoint_url.",
        ) from None


def _refused(account: Account, said: str) -> CredentialError:
    codes = _ENTRA_CODE.findall(said)
    log_in = f"Run `az login --tenant {_tenant(account)}`." if _tenant(account) else "Run `az login`."
    if set(codes) & _EXPIRED or "expired" in said.lower():
        return CredentialError(f"the log-in of {who(account)} has expired.", hint=log_in)
    if codes:
        return CredentialError(f"the log-in of {who(account)} was refused (AADSTS{codes[0]}).", hint=log_in)
    return CredentialError(f"there is no log-in to Azure for {who(account)}.", hint=log_in)


def who(account: Account) -> str:
    """An account in a sentence."""
    name = account.name or account.account_id
    return f"subscription {name}" if name else "any subscription"
