"""Where an account's Resource Manager is, and what the user's own `az` says of it. Pure but for reading az's files."""

from __future__ import annotations

import os
from configparser import ConfigParser
from configparser import Error as ConfigParserError
from pathlib import Path
from urllib.parse import urlsplit

from escher.contract.estate import Account
from escher.errors import CredentialError

PUBLIC = "https://management.azure.com"
_AUTHORITIES = {
    "management.usgovcloudapi.net": "login.microsoftonline.us",
    "management.chinacloudapi.cn": "login.chinacloudapi.cn",
}
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def resource_manager(account: Account) -> str:
    """The Resource Manager of an account, without a slash at the end. Raises CredentialError when it is not https.

    A token sent in plain text would be anybody's; only this machine itself may be spoken to like that.
    """
    endpoint = (account.endpoint_url or PUBLIC).rstrip("/")
    parts = urlsplit(endpoint)
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        return endpoint
    raise CredentialError(
        f"the endpoint of subscription {account.name or account.account_id} is not https.",
        hint="Correct its endpoint_url.",
    )


def scope(account: Account) -> str:
    """What a token is asked for: the Resource Manager, with all that the user may do there."""
    return f"{resource_manager(account)}/.default"


def authority(account: Account) -> str | None:
    """The host of a sovereign cloud's log-in; None: the one of the public cloud, or the environment's choice."""
    return _AUTHORITIES.get(urlsplit(resource_manager(account)).hostname or "")


def same_host(link: str, account: Account) -> bool:
    """Whether a link leads to the account's own Resource Manager: the only one that may see its token."""
    found, own = urlsplit(link), urlsplit(resource_manager(account))
    return (found.scheme, found.hostname, _port(found.scheme, found.port)) == (
        own.scheme,
        own.hostname,
        _port(own.scheme, own.port),
    )


def of_the_cli() -> tuple[str, str]:
    """Endpoint and certificate bundle of the cloud that `az` is set to; both empty for the public cloud."""
    folder = Path(os.environ.get("AZURE_CONFIG_DIR") or Path.home() / ".azure")
    name = _read(folder / "config").get("cloud", "name", fallback="AzureCloud")
    endpoint = _read(folder / "clouds.config").get(name, "endpoint_resource_manager", fallback="")
    endpoint = _KNOWN.get(name, endpoint).rstrip("/")
    return endpoint, os.environ.get("REQUESTS_CA_BUNDLE", "") if endpoint else ""


_KNOWN = {
    "AzureCloud": "",
    "AzureUSGovernment": "https://management.usgovcloudapi.net",
    "AzureChinaCloud": "https://management.chinacloudapi.cn",
}


def _read(file: Path) -> ConfigParser:
    found = ConfigParser(interpolation=None)
    try:
        found.read(file, encoding="utf-8")
    except (ConfigParserError, OSError, UnicodeDecodeError):
        # A damaged file is az's to complain about; the public cloud is what is meant by most.
        return ConfigParser()
    return found


def _port(scheme: str, port: int | None) -> int:
    return port or (443 if scheme == "https" else 80)
