"""The projects of GCP: who is there, tokens to read with, and what a child process needs.

Objects here hold credentials in memory; none shows them in its repr.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any

import httpx

from escher.contract.estate import Account
from escher.contract.plan import Operation
from escher.contract.ports import Keys
from escher.errors import CredentialError
from escher.providers.gcp.addresses import url_of
from escher.providers.gcp.credentials import LOGIN, Login, Way, way_of
from escher.providers.gcp.failures import ApiError, error_of, trouble_of
from escher.providers.registry import resource_types

TRIES = 4
TIMEOUT_S = 20
_SYSTEM = "sys-"
"""What Apps Script calls the projects that it makes for each script."""

_GCLOUD_NAMES = {"sqladmin": "sql"}
_GCLOUD_PATHS = {
    "bigquery": "bigquery/v2/",
    "compute": "compute/v1/",
    "dns": "dns/v1/",
    "storage": "storage/v1/",
}


@dataclass(frozen=True, slots=True)
class GcpIdentity:
    """Who Google says is asking, and of which project. `number` is the project's; `expires_at` UTC, ISO 8601, or empty."""

    account_id: str
    principal: str
    source: str
    expires_at: str
    number: str = ""
    display_name: str = ""


class GcpAccess:
    """`ports.CloudAccess` for GCP. Log-ins are made on first use and kept; safe to use from many threads.

    An account's `profile` is the path of a credentials file (a service account's key, workload identity, …); without
    one, the application default credentials are used. Its `role_arns` are service accounts to be impersonated in turn.
    """

    def __init__(self, pause: Callable[[float], None] = time.sleep) -> None:
        self._logins: dict[Way, Login] = {}
        self._lock = Lock()
        self._pause = pause

    def identity(self, account: Account) -> str:
        """`account_id principal` as Google reports them. Raises CredentialError, also when there is no such project."""
        found = self.describe(account)
        return f"{found.account_id} {found.principal}"

    def describe(self, account: Account) -> GcpIdentity:
        """Who is asking, and whether the project is there and active. Raises CredentialError.

        An account without an id yet is the project that its credentials name as theirs.
        """
        login = self.login(account)
        project_id = account.account_id or login.project()
        if not project_id:
            raise CredentialError("the log-in for Google Cloud names no project.", hint="Give the project's id.")
        project = self._get(account, "cloudresourcemanager", f"v3/projects/{project_id}", project_id)
        must_be_active(project, project_id)
        return GcpIdentity(
            account_id=project_id,
            principal=login.principal() or self._asked_principal(account),
            source=login.source(),
            expires_at=login.expires_at(),
            number=str(project.get("name", "")).removeprefix("projects/"),
            display_name=str(project.get("displayName") or project_id),
        )

    def environment(self, account: Account, region: str) -> dict[str, str]:
        """A token of this account and its way to Google, as variables for a child process. Raises CredentialError."""
        self.describe(account)
        values = {
            "CLOUDSDK_AUTH_ACCESS_TOKEN": self.login(account).token(),
            "CLOUDSDK_CORE_PROJECT": account.account_id,
            "GOOGLE_CLOUD_PROJECT": account.account_id,
            "CLOUDSDK_COMPUTE_REGION": "" if region == "global" else region,
            "CLOUDSDK_CORE_DISABLE_PROMPTS": "1",
            "CLOUDSDK_CORE_CUSTOM_CA_CERTS_FILE": account.ca_bundle,
            # What Google's client for Python reads instead.
            "HTTPLIB2_CA_CERTS": account.ca_bundle,
            "HTTPS_PROXY": account.proxy,
            **overrides(account),
        }
        return {name: value for name, value in values.items() if value}

    def keys(self, account: Account, region: str, operations: Sequence[Operation], targets: Sequence[str]) -> Keys:
        """The same; an access token of Google cannot be narrowed to operations. Raises CredentialError."""
        note = "Credentials: a token of your own log-in, good for an hour; Google cannot narrow it to the plan."
        return Keys(self.environment(account, region), note)

    def discover(self) -> list[Account]:
        """The active projects that the application default credentials see. Raises CredentialError."""
        asked = Account("gcp", "", "")
        found: list[Account] = []
        path, token = "v3/projects:search?query=state:ACTIVE&pageSize=500", ""
        seen: set[str] = set()
        while token not in seen:
            seen.add(token)
            answer = self._get(asked, "cloudresourcemanager", f"{path}&pageToken={token}" if token else path, "")
            found += [_account(project) for project in answer.get("projects", []) if _is_shown(project)]
            token = answer.get("nextPageToken", "")
            if not token:
                break
        return sorted(found, key=lambda account: account.account_id)

    def login(self, account: Account) -> Login:
        """The log-in of an account, made once."""
        way = way_of(account)
        with self._lock:
            if way not in self._logins:
                self._logins[way] = Login(way)
            return self._logins[way]

    def _asked_principal(self, account: Account) -> str:
        """The e-mail address that Google knows the token's owner by; a user's own file often does not tell."""
        with _client(account) as client:
            try:
                answer = client.post(
                    url_of(account, "oauth2", "tokeninfo"), data={"access_token": self.login(account).token()}
                )
                return str(answer.json().get("email") or "unknown")
            except (httpx.HTTPError, ValueError):
                return "unknown"

    def _get(self, account: Account, service: str, path: str, project_id: str) -> dict[str, Any]:
        login, refused, attempt = self.login(account), "", 0
        while True:
            attempt += 1
            headers = login.headers(refused)
            try:
                return _answer(account, url_of(account, service, path), headers)
            except (ApiError, httpx.HTTPError) as cause:
                expired = isinstance(cause, ApiError) and cause.status == 401 and not refused
                if attempt >= TRIES or not (expired or trouble_of(cause) != "final"):
                    raise _credential_error(cause, project_id, login) from None
                refused = headers["authorization"].removeprefix("Bearer ") if expired else refused
                self._pause(0 if expired else 0.3 * 2**attempt)

    def __repr__(self) -> str:
        return f"GcpAccess({len(self._logins)} log-ins)"


def overrides(account: Account) -> dict[str, str]:
    """Where gcloud finds each API of an account with an endpoint of its own, as variables; none for Google itself."""
    services = {declared.service for declared in resource_types().values() if declared.provider == "gcp"}
    return {
        f"CLOUDSDK_API_ENDPOINT_OVERRIDES_{_GCLOUD_NAMES.get(service, service).upper()}": url_of(
            account, service, _GCLOUD_PATHS.get(service, "")
        )
        for service in sorted(services if account.endpoint_url else ())
    }


def _client(account: Account) -> httpx.Client:
    verify = ssl.create_default_context(cafile=account.ca_bundle) if account.ca_bundle else True
    return httpx.Client(proxy=account.proxy or None, verify=verify, timeout=TIMEOUT_S)


def _answer(account: Account, url: str, headers: dict[str, str]) -> dict[str, Any]:
    with _client(account) as client:
        response = client.get(url, headers=headers)
    if response.status_code != 200:
        raise error_of(response)
    try:
        answer = response.json()
    except ValueError:
        answer = None
    if not isinstance(answer, dict):
        raise ApiError(response.status_code, "MalformedAnswer")
    return answer


def must_be_active(project: dict[str, Any], project_id: str) -> None:
    """Make sure that an answer is about this project, and that the project is active. Raises CredentialError."""
    if project.get("projectId") not in (None, project_id) and project.get("name") != f"projects/{project_id}":
        raise CredentialError(
            f"Google answered for project {project.get('projectId')} when asked for {project_id}.",
            hint="Check the account's endpoint_url.",
        )
    if project.get("state") != "ACTIVE":
        raise CredentialError(
            f"project {project_id} is not active ({project.get('state', 'no state')}).",
            hint="Restore it (`gcloud projects undelete`), or take it out of the accounts.",
        )


def _credential_error(cause: ApiError | httpx.HTTPError, project_id: str, login: Login) -> CredentialError:
    who = f"project {project_id}" if project_id else "the projects"
    if not isinstance(cause, ApiError):
        return CredentialError(
            f"Google cannot be reached for {who} ({type(cause).__name__}).",
            hint="Check the network, and the account's proxy, ca_bundle and endpoint_url.",
        )
    if cause.status == 401:
        return CredentialError(f"Google does not accept the credentials for {who} ({cause.reason}).", hint=LOGIN)
    if cause.off:
        home = cause.consumer.removeprefix("projects/") or project_id
        hint = f"Run `gcloud services enable cloudresourcemanager.googleapis.com --project {home}`."
        return CredentialError(f"the API that tells of {who} is off.", hint=hint)
    if cause.status in (403, 404):
        return CredentialError(
            f"{who} is not there, or not for the {login.source()} ({cause.reason}).",
            hint="Grant roles/viewer there, or correct the project's id with `escher accounts add`.",
        )
    return CredentialError(f"Google did not answer for {who} ({cause}).", hint="Try again later.")


def _is_shown(project: dict[str, Any]) -> bool:
    project_id = str(project.get("projectId", ""))
    return project.get("state") == "ACTIVE" and bool(project_id) and not project_id.startswith(_SYSTEM)


def _account(project: dict[str, Any]) -> Account:
    return Account("gcp", project["projectId"], str(project.get("displayName") or project["projectId"]))
