"""The accounts of AWS as sessions: who is there, clients to read with, and credentials for a child process.

Objects here hold credentials in memory; none shows them in its repr.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from threading import Lock
from typing import Any

from botocore.credentials import ReadOnlyCredentials
from botocore.exceptions import NoCredentialsError

from escher.contract.estate import Account
from escher.contract.plan import Operation
from escher.contract.ports import Keys
from escher.errors import CredentialError
from escher.providers.aws.credentials import (
    SESSION_NAME,
    Identity,
    Prompt,
    account_session,
    client_settings,
    entering_client,
    home_region,
)
from escher.providers.aws.discovery import profiles, proposals
from escher.providers.aws.failures import CALL_FAILURES, credential_error
from escher.providers.aws.narrowing import session_policy

TRIES = 5
"""Attempts a read makes. Three, as is usual, lose one call in forty when a third of them is throttled."""


class AwsAccess:
    """`ports.CloudAccess` for AWS. Sessions are made on first use and kept; safe to use from many threads.

    `prompt` asks a person for an MFA code; without it, accounts that need one raise CredentialError.
    """

    def __init__(self, prompt: Prompt | None = None) -> None:
        self._prompt = prompt
        self._sessions: dict[Account, _AccountSession] = {}
        self._lock = Lock()

    def identity(self, account: Account) -> str:
        """`account_id principal` as AWS reports it. Raises CredentialError, also when it is another account."""
        found = self.describe(account)
        return f"{found.account_id} {found.principal}"

    def describe(self, account: Account) -> Identity:
        """Who is asking, from where the credentials come and until when they are good. Raises CredentialError.

        An account without an id yet is whatever its credentials are.
        """
        known = account in self._sessions
        try:
            return self._session(account).identify()
        except CredentialError:
            # The user may have logged in again since; botocore reads its files once.
            self._sessions.pop(account, None)
            if not known:
                raise
            return self._session(account).identify()

    def environment(self, account: Account, region: str) -> dict[str, str]:
        """This account's credentials, frozen now, and its way to AWS, as variables for a child process.

        Raises CredentialError, also when the credentials are those of another account.
        """
        return _variables(account, region, self._session(account).frozen())

    def keys(self, account: Account, region: str, operations: Sequence[Operation], targets: Sequence[str]) -> Keys:
        """The same, as a session of the account's last role that may do these operations only, where it has a role.

        Raises CredentialError.
        """
        policy = session_policy(operations, targets)
        if because := _not_narrowed(account, policy):
            return Keys(self.environment(account, region), f"Credentials: not narrowed; {because}.")
        keys = self._session(account).narrowed(policy)
        actions = ", ".join(sorted({action for one in json.loads(policy)["Statement"] for action in one["Action"]}))
        return Keys(_variables(account, region, keys), f"Credentials: a session that may do this only: {actions}.")

    def client(self, account: Account, region: str, service: str, timeout_s: int = 120) -> Any:
        """A botocore client, made once for each set of arguments. Raises CredentialError."""
        return self._session(account).client(region, service, timeout_s)

    def credentials(self, account: Account) -> Any:
        """The credentials of an account as botocore holds and renews them. Raises CredentialError."""
        return self._session(account).credentials()

    def renewed(self, account: Account) -> Any:
        """The credentials of a new log-in, for when AWS says that the old ones have expired. Raises CredentialError.

        Whoever logs in anew may be another account by now, so that is checked.
        """
        self._sessions.pop(account, None)
        self.describe(account)
        return self.credentials(account)

    def profiles(self) -> list[str]:
        """The profiles of the user's AWS configuration. Raises ConfigurationError."""
        return profiles()

    def discover(self) -> list[Account]:
        """The accounts that the environment and the profiles reach now, to be offered to the user."""
        return [proposal.account for proposal in proposals(self.describe) if proposal.account]

    def _session(self, account: Account) -> _AccountSession:
        with self._lock:
            if account not in self._sessions:
                self._sessions[account] = _AccountSession(account, self._prompt)
            return self._sessions[account]

    def __repr__(self) -> str:
        return f"AwsAccess({len(self._sessions)} sessions)"


class _AccountSession:
    """One account's botocore session and its clients."""

    def __init__(self, account: Account, prompt: Prompt | None) -> None:
        self._account = account
        self._prompt = prompt
        self._session: Any = None
        self._identified = False
        self._clients: dict[tuple[str, str, int, int], Any] = {}
        # botocore's sessions are not made for threads; its clients are.
        self._lock = Lock()

    def client(self, region: str, service: str, timeout_s: int, tries: int = TRIES) -> Any:
        key = (region, service, timeout_s, tries)
        with self._lock:
            if key not in self._clients:
                self._clients[key] = self._new_client(*key)
            return self._clients[key]

    def credentials(self) -> Any:
        with self._lock:
            return self._credentials()

    def identify(self) -> Identity:
        client = self.client(home_region(self._account), "sts", timeout_s=20, tries=3)
        try:
            answer = client.get_caller_identity()
        except CALL_FAILURES as cause:
            raise credential_error(cause, self._account) from cause
        if self._account.account_id and answer["Account"] != self._account.account_id:
            raise CredentialError(
                f"the credentials for account {self._account.account_id} belong to account {answer['Account']}.",
                hint="Correct the account's profile or roles with `escher accounts add`.",
            )
        self._identified = True
        return Identity(answer["Account"], answer["Arn"], self._source(), self._expires_at())

    def frozen(self) -> Any:
        if not self._identified:
            # What belongs to another account is never handed out under this one's name.
            self.identify()
        with self._lock:
            credentials = self._credentials()
        try:
            return credentials.get_frozen_credentials()
        except CALL_FAILURES as cause:
            raise credential_error(cause, self._account) from cause

    def _source(self) -> str:
        with self._lock:
            method = self._credentials().method
        start = f"profile {self._account.profile}" if self._account.profile else "default credentials"
        return " → ".join([start, *self._account.role_arns]) if self._account.role_arns else f"{start} ({method})"

    def _expires_at(self) -> str:
        with self._lock:
            # botocore keeps the expiry of refreshable credentials to itself.
            expiry: datetime | None = getattr(self._credentials(), "_expiry_time", None)
        return expiry.astimezone(UTC).isoformat(timespec="seconds") if expiry else ""

    def _new_client(self, region: str, service: str, timeout_s: int, tries: int) -> Any:
        self._credentials()
        settings = client_settings(self._account, timeout_s=timeout_s, tries=tries)
        try:
            return self._session.create_client(service, region_name=region, **settings)
        except CALL_FAILURES as cause:
            raise credential_error(cause, self._account) from cause

    def _credentials(self) -> Any:
        try:
            if self._session is None:
                self._session = account_session(self._account, self._prompt)
            credentials = self._session.get_credentials()
        except CALL_FAILURES as cause:
            raise credential_error(cause, self._account) from cause
        if credentials is None:
            raise credential_error(NoCredentialsError(), self._account)
        return credentials

    def narrowed(self, policy: str) -> Any:
        """The keys of another session of the last role, under a session policy. Raises CredentialError."""
        self.frozen()
        try:
            answer = self._entering().assume_role(
                RoleArn=self._account.role_arns[-1], RoleSessionName=SESSION_NAME, Policy=policy
            )
        except CALL_FAILURES as cause:
            raise credential_error(cause, self._account) from cause
        given = answer["Credentials"]
        return ReadOnlyCredentials(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"])

    def _entering(self) -> Any:
        """A client of STS with the credentials from which the account's last role is entered."""
        with self._lock:
            self._credentials()
            return entering_client(self._session, self._account)

    def __repr__(self) -> str:
        return f"_AccountSession({self._account.account_id})"


def _not_narrowed(account: Account, policy: str) -> str:
    """Why an account's credentials cannot be narrowed; empty when they can."""
    if not account.role_arns:
        return "they come from no role"
    if account.mfa_serial and len(account.role_arns) == 1:
        return "the role would ask for another code of the MFA device"
    return "" if policy else "an operation is not known to IAM"


def _variables(account: Account, region: str, keys: Any) -> dict[str, str]:
    values = {
        "AWS_ACCESS_KEY_ID": keys.access_key,
        "AWS_SECRET_ACCESS_KEY": keys.secret_key,
        "AWS_SESSION_TOKEN": keys.token,
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
        "AWS_ENDPOINT_URL": account.endpoint_url,
        "AWS_CA_BUNDLE": account.ca_bundle,
        "HTTPS_PROXY": account.proxy,
    }
    return {name: value for name, value in values.items() if value}
