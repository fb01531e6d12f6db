"""From an account to a token of Google: application default credentials, or a file of its own, then each service account.

Everything is google-auth's own and refreshes itself. Nothing is written to disk; no token is in a repr, a log or an error.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from types import ModuleType
from typing import Any

from escher.contract.estate import Account
from escher.errors import CredentialError

SCOPE = "https://www.googleapis.com/auth/cloud-platform"
LOGIN = "Run `gcloud auth application-default login`."
LIFETIME_S = 3_600


@dataclass(frozen=True, slots=True)
class Way:
    """How credentials are reached: all projects with the same way share them."""

    profile: str
    chain: tuple[str, ...]
    endpoint_url: str
    proxy: str
    ca_bundle: str


def way_of(account: Account) -> Way:
    """The way of an account."""
    return Way(account.profile, account.role_arns, account.endpoint_url, account.proxy, account.ca_bundle)


class Login:
    """One set of credentials; safe to use from many threads. Asks nobody until the first token is needed."""

    def __init__(self, way: Way) -> None:
        self._way = way
        self._credentials: Any = None
        self._project = ""
        self._lock = Lock()

    def ready(self) -> dict[str, str] | None:
        """The headers of a call, if the token at hand is still good; asks nobody."""
        credentials = self._credentials
        return _headers(credentials) if credentials is not None and credentials.valid else None

    def headers(self, refused: str = "") -> dict[str, str]:
        """The headers of a call, with a token newer than the `refused` one. May wait for Google. Raises CredentialError."""
        with self._lock:
            credentials = self._loaded()
            if not credentials.valid or (refused and credentials.token == refused):
                self._refresh(credentials)
            return _headers(credentials)

    def token(self) -> str:
        """A token that is good now. Raises CredentialError."""
        return self.headers()["authorization"].removeprefix("Bearer ")

    def project(self) -> str:
        """The project that the credentials name as theirs, or the empty string. Raises CredentialError."""
        with self._lock:
            self._loaded()
            return self._project

    def principal(self) -> str:
        """The e-mail address of who asks, where the credentials know it. Raises CredentialError."""
        with self._lock:
            credentials = self._loaded()
        if self._way.chain:
            return self._way.chain[-1]
        email = getattr(credentials, "service_account_email", "") or getattr(credentials, "account", "")
        return email if "@" in str(email) else ""

    def source(self) -> str:
        """From where the credentials come, in words."""
        start = f"credentials file {self._way.profile}" if self._way.profile else "application default credentials"
        return " → ".join([start, *self._way.chain])

    def expires_at(self) -> str:
        """Until when the token is good: UTC, ISO 8601; empty when that is not known."""
        expiry = getattr(self._credentials, "expiry", None)
        return f"{expiry.isoformat(timespec='seconds')}+00:00" if expiry else ""

    def _loaded(self) -> Any:
        if self._credentials is None:
            self._credentials, self._project = self._load()
        return self._credentials

    def _load(self) -> tuple[Any, str]:
        auth = google_auth()
        try:
            if self._way.profile:
                found, project = _from_file(auth, self._way.profile, self._request())
            else:
                found, project = auth.default(scopes=[SCOPE], request=self._request())
            return self._impersonated(found), project or ""
        except google_failures() as cause:
            raise _unusable(self._way, cause) from None

    def _impersonated(self, source: Any) -> Any:
        if not self._way.chain:
            return source
        from google.auth import impersonated_credentials

        *delegates, target = self._way.chain
        override = f"{self._way.endpoint_url}/iamcredentials/v1/projects/-/serviceAccounts/{target}:generateAccessToken"
        return impersonated_credentials.Credentials(
            source_credentials=source,
            target_principal=target,
            target_scopes=[SCOPE],
            delegates=delegates,
            lifetime=LIFETIME_S,
            iam_endpoint_override=override if self._way.endpoint_url else None,
        )

    def _refresh(self, credentials: Any) -> None:
        try:
            credentials.refresh(self._request())
        except google_failures() as cause:
            raise _refused(self._way, cause) from None

    def _request(self) -> Any:
        import requests
        from google.auth.transport.requests import Request

        session = requests.Session()
        if self._way.proxy:
            session.proxies = {"http": self._way.proxy, "https": self._way.proxy}
        if self._way.ca_bundle:
            session.verify = self._way.ca_bundle
        return Request(session)

    def __repr__(self) -> str:
        return f"Login({self.source()})"


def _from_file(auth: ModuleType, path: str, request: Any) -> tuple[Any, str]:
    """The credentials of a file, by what the file says they are; and the project it names."""
    info = json.loads(Path(path).read_text("utf-8"))
    kind = info.get("type")
    if kind == "service_account":
        service_account = import_module("google.oauth2.service_account")
        return service_account.Credentials.from_service_account_info(info, scopes=[SCOPE]), info.get("project_id", "")
    if kind == "authorized_user":
        users = import_module("google.oauth2.credentials")
        return users.Credentials.from_authorized_user_info(info, scopes=[SCOPE]), ""
    return auth.load_credentials_from_file(path, scopes=[SCOPE], request=request)


def google_auth() -> ModuleType:
    """google-auth, with its exceptions loaded. Raises CredentialError when it is not installed."""
    if not _installed("google.auth") or not _installed("requests"):
        raise CredentialError("google-auth is not installed.", hint="Run `pip install 'escher[gcp]'`.")
    return import_module("google.auth")


def google_failures() -> tuple[type[Exception], ...]:
    """What google-auth raises for a log-in that is missing, refused or out of reach."""
    return (import_module("google.auth.exceptions").GoogleAuthError, OSError, ValueError, AttributeError)


def _installed(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False


def _headers(credentials: Any) -> dict[str, str]:
    headers: dict[str, str] = {}
    credentials.apply(headers)
    return headers


def _unusable(way: Way, cause: Exception) -> CredentialError:
    """Why credentials cannot be found or read. What Google's library says of it may quote the file, so it is left out."""
    if way.profile:
        return CredentialError(
            f"the credentials file {way.profile} cannot be used ({type(cause).__name__}).",
            hint=f"Correct the account's profile, or leave it empty. {LOGIN}",
        )
    return CredentialError("there is no log-in for Google Cloud.", hint=LOGIN)


def _refused(way: Way, cause: Exception) -> CredentialError:
    kind = type(cause).__name__
    if kind == "TransportError":
        return CredentialError(
            "the log-in service of Google cannot be reached (TransportError).",
            hint="Check the network, and the account's proxy, ca_bundle and endpoint_url.",
        )
    if way.chain:
        chain = " then ".join(way.chain)
        return CredentialError(
            f"no token can be had for {chain} ({kind}).",
            hint="Grant roles/iam.serviceAccountTokenCreator on each to the one before it.",
        )
    return CredentialError(f"the log-in for Google Cloud has expired or was refused ({kind}).", hint=LOGIN)
