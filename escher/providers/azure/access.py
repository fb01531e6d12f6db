"""The subscriptions of Azure: who is there, tokens to read with, and what a child process needs.

Objects here hold tokens in memory; none shows them in its repr.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Lock
from typing import Any, cast

import httpx

from escher.contract.estate import GLOBAL, Account
from escher.contract.plan import Operation
from escher.contract.ports import Keys
from escher.errors import CredentialError
from escher.providers.azure.credentials import CLI, Login, Token, TokenKeeper, who
from escher.providers.azure.endpoints import of_the_cli, resource_manager, same_host
from escher.providers.azure.failures import CALL_FAILURES, ArmError, Malformed, not_reached
from escher.providers.azure.transport import answered, trusted

SUBSCRIPTION_API = "2022-12-01"
_TIMEOUT_S = 20
_MOST_PAGES = 1_000
# A disabled subscription still answers, but Resource Graph leaves its things out: to read it would delete what is known.
_OPEN_STATES = frozenset({"Enabled", "Warned", "PastDue"})


@dataclass(frozen=True, slots=True)
class Identity:
    """Who Azure says is asking. `account_id` is the subscription; `principal` a user's name, or an object or client id.

    `object_id` is Entra's id of the principal, empty when the token does not tell. `expires_at` is UTC, ISO 8601.
    """

    account_id: str
    principal: str
    source: str
    expires_at: str
    tenant_id: str = ""
    object_id: str = ""
    name: str = ""


class AzureAccess:
    """`clouds.Access` for Azure. Log-ins are made on first use and kept; safe to use from many threads."""

    def __init__(self) -> None:
        self._keepers: dict[Login, TokenKeeper] = {}
        self._lock = Lock()

    def identity(self, account: Account) -> str:
        """`account_id principal`, once the subscription has answered. Raises CredentialError."""
        found = self.describe(account)
        return f"{found.account_id} {found.principal}"

    def describe(self, account: Account) -> Identity:
        """Who is asking, and that the subscription is there and open. Raises CredentialError.

        An account without an id is any: then only the log-in is looked at.
        """
        trusted(account)  # before a log-in fails for want of the same certificates, and says less
        token = self._keeper(account).token()
        about = self._subscription(account) if account.account_id else {}
        state = about.get("state", "Enabled")
        if state not in _OPEN_STATES:
            raise CredentialError(
                f"{who(account)} is not open: its state is {state}.", hint="Enable it again, or remove the account."
            )
        claims = token.claims()
        return Identity(
            account_id=account.account_id,
            principal=_principal(claims),
            source=_source(account),
            expires_at=datetime.fromtimestamp(token.expires_on, UTC).isoformat(timespec="seconds"),
            tenant_id=str(about.get("tenantId") or claims.get("tid", "")),
            object_id=str(claims.get("oid", "")),
            name=str(about.get("displayName", "")),
        )

    def environment(self, account: Account, region: str) -> dict[str, str]:
        """The subscription, its tenant, a token for it, and the way to Azure, as variables. Raises CredentialError.

        Nothing of Azure reads the token from there: who starts the child answers it as a managed identity does.
        """
        found = self.describe(account)
        token = self._keeper(account).token()
        values = {
            "AZURE_ACCESS_TOKEN": token.value,
            "AZURE_ACCESS_TOKEN_EXPIRES_ON": str(token.expires_on),
            "AZURE_SUBSCRIPTION_ID": account.account_id,
            "AZURE_TENANT_ID": found.tenant_id,
            "AZURE_DEFAULTS_LOCATION": "" if region == GLOBAL else region,
            "REQUESTS_CA_BUNDLE": account.ca_bundle,
            "HTTPS_PROXY": account.proxy,
        }
        return {name: value for name, value in values.items() if value}

    def keys(self, account: Account, region: str, operations: Sequence[Operation], targets: Sequence[str]) -> Keys:
        """The same; Azure has no narrower tokens. Raises CredentialError."""
        note = "Credentials: a token of your own log-in for the Resource Manager; Azure cannot narrow it to the plan."
        return Keys(self.environment(account, region), note)

    def discover(self) -> list[Account]:
        """The open subscriptions that the log-in sees, in the cloud that `az` is set to. Raises CredentialError."""
        endpoint_url, ca_bundle = of_the_cli()
        probe = Account("azure", "", "", endpoint_url=endpoint_url, ca_bundle=ca_bundle)
        found = self._all(probe, f"/subscriptions?api-version={SUBSCRIPTION_API}")
        return [
            Account(
                "azure", str(one["subscriptionId"]), str(one.get("displayName") or one["subscriptionId"]),
                endpoint_url=endpoint_url, ca_bundle=ca_bundle,
            )
            for one in found
            if one.get("state", "Enabled") in _OPEN_STATES
        ]  # fmt: skip

    async def token(self, account: Account) -> Token:
        """A good token; one that has to be fetched is fetched in a thread. Raises CredentialError."""
        keeper = self._keeper(account)
        return keeper.held() or await asyncio.to_thread(keeper.token)

    async def renewed(self, account: Account, spent: Token) -> Token:
        """Another token in place of one that was refused. Raises CredentialError."""
        return await asyncio.to_thread(self._keeper(account).renewed, spent)

    def _keeper(self, account: Account) -> TokenKeeper:
        login = Login.of(account)
        with self._lock:
            if login not in self._keepers:
                self._keepers[login] = TokenKeeper(account)
            return self._keepers[login]

    def _subscription(self, account: Account) -> Mapping[str, Any]:
        return self._ask(account, f"/subscriptions/{account.account_id}?api-version={SUBSCRIPTION_API}")

    def _all(self, account: Account, path: str) -> list[Mapping[str, Any]]:
        found: list[Mapping[str, Any]] = []
        for _ in range(_MOST_PAGES):
            answer = self._ask(account, path)
            found += [one for one in answer.get("value", []) if "subscriptionId" in one]
            link = str(answer.get("nextLink") or "")
            if not link:
                break
            if not same_host(link, account):
                raise not_reached(Malformed("a link leads elsewhere"), account)
            path = link.removeprefix(resource_manager(account))
        return found

    def _ask(self, account: Account, path: str) -> Mapping[str, Any]:
        """One answer, asked for outside an event loop; a refused token is renewed once."""
        keeper = self._keeper(account)
        token = keeper.token()
        try:
            with httpx.Client(
                base_url=resource_manager(account),
                verify=trusted(account),
                proxy=account.proxy or None,
                timeout=_TIMEOUT_S,
            ) as client:
                response = client.get(path, headers=_bearer(token))
                if response.status_code == 401:
                    response = client.get(path, headers=_bearer(keeper.renewed(token)))
            return cast("Mapping[str, Any]", answered(response))
        except (*CALL_FAILURES, OSError, ssl.SSLError) as cause:
            raise not_reached(cause, account) from _without_request(cause)

    def __repr__(self) -> str:
        return f"AzureAccess({len(self._keepers)} log-ins)"


def _bearer(token: Token) -> dict[str, str]:
    return {"Authorization": f"Bearer {token.value}"}


def _without_request(cause: Exception) -> Exception | None:
    """The cause, unless it carries the request, whose headers hold the token."""
    return cause if isinstance(cause, ArmError | Malformed) else None


def _principal(claims: Mapping[str, Any]) -> str:
    names = (claims.get(name) for name in ("upn", "unique_name", "preferred_username", "appid", "oid"))
    return next((str(name) for name in names if name), "unknown")


def _source(account: Account) -> str:
    if account.profile == CLI:
        return "az login"
    return f"default credentials (tenant {account.profile})" if account.profile else "default credentials"
