"""From an account to the credentials that reach it: its profile, then MFA, then each role of its chain in turn.

Everything is botocore's own and refreshes itself; nothing is written to disk, and no code or secret is kept.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from botocore.config import Config
from botocore.credentials import (
    AssumeRoleCredentialFetcher,
    CredentialProvider,
    CredentialResolver,
    DeferredRefreshableCredentials,
    create_credential_resolver,
)

from escher.contract.estate import Account
from escher.errors import CredentialError
from escher.providers.aws.models import default_region, new_session

Prompt = Callable[[str], str]
"""Asks a person for the code of an MFA device, given its question; called in whichever thread needs the code."""

SESSION_NAME = "escher"


@dataclass(frozen=True, slots=True)
class Identity:
    """Who AWS says is asking: `principal` is an ARN. `expires_at` is UTC, ISO 8601; empty when that is not known."""

    account_id: str
    principal: str
    source: str
    expires_at: str


def account_session(account: Account, prompt: Prompt | None) -> Any:
    """A botocore session with the credentials of one account. Asks nobody until the first credentials are needed."""
    source = _profile_session(account, prompt or _nobody_to_ask)
    if not account.role_arns and not account.mfa_serial:
        return source
    session = _pinned(new_session(), account)
    provider = _ChainProvider(source, account, prompt or _nobody_to_ask)
    session.register_component("credential_provider", CredentialResolver([provider]))
    return session


def entering_client(session: Any, account: Account) -> Any:
    """A client of STS with the credentials that the last role of an account's chain is assumed with.

    The session is one of `account_session`, and its credentials have been asked for.
    """
    chain: _ChainProvider = session.get_component("credential_provider").providers[0]
    return chain.sts(chain.entering)


def home_region(account: Account) -> str:
    """Where an account's own calls go: its first region, else the default one of its partition."""
    return account.regions[0] if account.regions else default_region(account.partition)


def client_settings(account: Account, *, timeout_s: int, tries: int) -> dict[str, Any]:
    """What every client of an account is made with: endpoint, certificate authority, proxy, time-outs, retries."""
    config = Config(
        connect_timeout=10,
        read_timeout=timeout_s,
        max_pool_connections=100,
        # The mode `adaptive` was tried: when a third of the calls is throttled, a scan takes twenty times as long.
        retries={"mode": "standard", "total_max_attempts": tries},
        proxies={"http": account.proxy, "https": account.proxy} if account.proxy else None,
        user_agent_extra="escher",
    )
    return {"endpoint_url": account.endpoint_url or None, "verify": account.ca_bundle or None, "config": config}


def _profile_session(account: Account, prompt: Prompt) -> Any:
    session = _pinned(new_session(account.profile), account)
    resolver = create_credential_resolver(session, region_name=home_region(account))
    roles = resolver.get_provider("assume-role")
    # botocore has no public way to hand these to the roles that a profile itself names.
    roles._prompter = prompt
    roles._client_creator = _client_creator(session, account)
    session.register_component("credential_provider", resolver)
    return session


def _pinned(session: Any, account: Account) -> Any:
    # An endpoint in the environment could otherwise answer in the provider's place; ours is the account's own or none.
    session.set_config_variable("ignore_configured_endpoint_urls", True)
    session.set_config_variable("region", home_region(account))
    return session


def _client_creator(session: Any, account: Account) -> Callable[..., Any]:
    settings = client_settings(account, timeout_s=20, tries=3) | {"region_name": home_region(account)}

    def create(service: str, **chosen: Any) -> Any:
        return session.create_client(service, **settings | chosen)

    return create


class _ChainProvider(CredentialProvider):
    """Yields the credentials at the end of an account's chain."""

    METHOD = "escher-chain"

    def __init__(self, source: Any, account: Account, prompt: Prompt) -> None:
        super().__init__()
        self._source, self._account, self._prompt = source, account, prompt
        self.entering: Any = None

    def load(self) -> Any:
        credentials = self._source.get_credentials()
        if credentials is None:
            return None
        if not self._account.role_arns:
            return self._with_mfa(credentials)
        for number, role_arn in enumerate(self._account.role_arns):
            self.entering = credentials
            credentials = self._assume(
                role_arn, credentials, mfa_serial=self._account.mfa_serial if number == 0 else ""
            )
        return credentials

    def _assume(self, role_arn: str, source: Any, mfa_serial: str) -> Any:
        mfa = {"SerialNumber": mfa_serial} if mfa_serial else {}
        fetcher = AssumeRoleCredentialFetcher(
            client_creator=_client_creator(self._source, self._account),
            source_credentials=source,
            role_arn=role_arn,
            extra_args={"RoleSessionName": SESSION_NAME, **mfa},
            mfa_prompter=self._prompt,
        )
        return DeferredRefreshableCredentials(refresh_using=fetcher.fetch_credentials, method="assume-role")

    def sts(self, source: Any) -> Any:
        """A client of STS with these credentials."""
        keys = source.get_frozen_credentials()
        return _client_creator(self._source, self._account)(
            "sts",
            aws_access_key_id=keys.access_key,
            aws_secret_access_key=keys.secret_key,
            aws_session_token=keys.token,
        )

    def _with_mfa(self, source: Any) -> Any:
        def log_in() -> dict[str, str]:
            sts = self.sts(source)
            serial = self._account.mfa_serial
            code = self._prompt(f"Enter MFA code for {serial}: ")
            given = sts.get_session_token(SerialNumber=serial, TokenCode=code)["Credentials"]
            return {
                "access_key": given["AccessKeyId"],
                "secret_key": given["SecretAccessKey"],
                "token": given["SessionToken"],
                "expiry_time": given["Expiration"].isoformat(),
            }

        return DeferredRefreshableCredentials(refresh_using=log_in, method="mfa")


def _nobody_to_ask(question: str) -> str:
    raise CredentialError(
        "these credentials need the code of an MFA device, and nobody can be asked here.",
        hint="Run `escher accounts check` in a terminal.",
    )
