"""Where Google's APIs are: their own hosts, or a demo's. Pure."""

from __future__ import annotations

from urllib.parse import urlsplit

from escher.contract.estate import Account
from escher.errors import CredentialError

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def url_of(account: Account, service: str, path: str) -> str:
    """The address of a path of an API. A token goes over https only, or to this machine. Raises CredentialError."""
    if not account.endpoint_url:
        return f"https://{service}.googleapis.com/{path}"
    base = urlsplit(account.endpoint_url)
    if base.scheme != "https" and not (base.scheme == "http" and base.hostname in _LOOPBACK):
        raise CredentialError(
            f"the endpoint of project {account.account_id} is neither https nor on this machine.",
            hint="Correct its endpoint_url with `escher accounts add`.",
        )
    return f"{account.endpoint_url.rstrip('/')}/{service}/{path}"
