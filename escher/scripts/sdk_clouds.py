"""What a Python script may do with azure-mgmt's clients and with Google's API client. Pure; fails closed.

Log-ins are the ones that the script is given, and addresses come from its environment or are the clouds' own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, cast

from escher.apis import catalogue
from escher.apis.validate import UNKNOWN, Unknown
from escher.contract.vocabulary import Provider
from escher.scripts.cli_values import elsewhere
from escher.scripts.findings import Findings
from escher.scripts.places import ACCOUNT_WORDS, Environment, account_of
from escher.scripts.python_errors import NotOffered, NotUnderstood
from escher.scripts.special import CloudClient, Factory, Login, Request, Token

ARM_VARIABLE = "AZURE_RESOURCE_MANAGER_URL"
ARM = "https://management.azure.com"
TOKEN_VARIABLE = "CLOUDSDK_AUTH_ACCESS_TOKEN"  # noqa: S105 - the name of a variable, not a token
OVERRIDE = re.compile(r"CLOUDSDK_API_ENDPOINT_OVERRIDES_[A-Z0-9]+\Z")
_OVERRIDE = "CLOUDSDK_API_ENDPOINT_OVERRIDES_{}"
_GCLOUD_NAMES = {"sqladmin": "sql"}
_LOGINS = {
    ("azure.identity", "DefaultAzureCredential"): "azure",
    ("google.oauth2.credentials", "Credentials"): "gcp",
}
_BUILD = ("googleapiclient.discovery", "build")
_BUILD_SETTINGS = frozenset({"credentials", "client_options", "cache_discovery", "static_discovery"})
_CLIENT_SETTINGS = frozenset({"credential", "subscription_id", "base_url", "credential_scopes"})


def is_known(module: str, name: str) -> bool:
    """Whether this name of this module is one that a script may import."""
    return (module, name) in _LOGINS or (module, name) == _BUILD or f"{module} {name}" in catalogue.clients("azure")


class CloudSdk:
    """Clients of Azure and Google, with what the script was given."""

    def __init__(self, environment: Environment, findings: Findings) -> None:
        self._environment = environment
        self._findings = findings

    def make(self, factory: Factory, arguments: list[Any], named: Mapping[str, Any], line: int) -> Any:
        """Call what was imported by name: a log-in, or a client."""
        key = (factory.module, factory.name)
        if key in _LOGINS:
            return _login(_LOGINS[key], arguments, named)
        if key == _BUILD:
            return self._google(arguments, named, line)
        return self._azure(f"{factory.module} {factory.name}", arguments, named, line)

    def attribute(self, client: CloudClient, name: str) -> CloudClient | None:
        """A group of an Azure client's operations; None when the name is a method's."""
        if client.provider != "azure" or client.path:
            return None
        if not _has(client, f"{name}."):
            raise NotOffered(f"{_called(client)} has no {name}")
        return CloudClient("azure", client.name, name)

    def call(self, client: CloudClient, name: str, arguments: list[Any], named: Mapping[str, Any], line: int) -> Any:
        """Call an operation, or go one resource further into a Google API."""
        path = f"{client.path}.{name}" if client.path else name
        if client.provider == "gcp" and not arguments and not named and _has(client, f"{path}."):
            return CloudClient("gcp", client.name, path)
        provider = cast(Provider, client.provider)
        spec = catalogue.sdk_operation(provider, client.name, path)
        if spec is None:
            raise NotOffered(f"{_called(client)} has no {name}")
        parameters = dict(zip(spec.required, arguments, strict=False)) if provider == "azure" else {}
        if len(parameters) != len(arguments) or not parameters.keys().isdisjoint(named):
            raise NotOffered(f"{_called(client)}.{name} is called with other parameters than it has")
        parameters |= named
        self._confine(provider, parameters, line)
        self._findings.call(line, spec, parameters)
        return Request() if provider == "gcp" else UNKNOWN

    # -- clients

    def _azure(self, name: str, arguments: list[Any], named: Mapping[str, Any], line: int) -> CloudClient:
        given = {**dict(zip(("credential", "subscription_id"), arguments, strict=False)), **named}
        if set(given) - _CLIENT_SETTINGS or len(arguments) > 2:
            raise NotUnderstood("a client takes a log-in, a subscription, base_url and credential_scopes")
        if given.get("credential") != Login("azure") or "subscription_id" not in given:
            raise NotUnderstood("a client needs DefaultAzureCredential() and a subscription")
        self._same_account("azure", given["subscription_id"], line)
        base = given.get("base_url")
        self._address(base, ARM_VARIABLE, line, (None, ARM))
        scopes = given.get("credential_scopes")
        own = [f"{base or ARM}/.default"]
        if scopes is not None and scopes != own and not (isinstance(base, Unknown) and scopes == [UNKNOWN]):
            raise NotUnderstood("credential_scopes must be base_url with /.default after it")
        return CloudClient("azure", name)

    def _google(self, arguments: list[Any], named: Mapping[str, Any], line: int) -> CloudClient:
        api = dict(zip(("serviceName", "version"), arguments, strict=False))
        if len(arguments) != 2 or set(named) - _BUILD_SETTINGS or not all(_is_text(part) for part in api.values()):
            raise NotUnderstood("build takes the name and the version of an API, credentials and client_options")
        if named.get("credentials") not in (None, Login("gcp")):
            raise NotUnderstood("credentials must be the ones that the script was given")
        options = named.get("client_options") or {}
        if not isinstance(options, dict) or set(options) - {"api_endpoint"}:
            raise NotUnderstood("of client_options only api_endpoint is understood")
        name = str(api["serviceName"])
        variable = _OVERRIDE.format(_GCLOUD_NAMES.get(name, name).upper())
        self._address(options.get("api_endpoint"), variable, line, (None,))
        key = f"{name} {api['version']}"
        if key not in catalogue.clients("gcp"):
            raise NotOffered(f"there is no API {key}")
        return CloudClient("gcp", key)

    def _address(self, address: Any, variable: str, line: int, usual: tuple[Any, ...]) -> None:
        """An address must be what this variable holds, or the cloud's own where the variable is not set."""
        if self._environment is None:
            read = isinstance(address, Unknown) and str(address) == f"${variable}"
            right = read or (address in usual and not isinstance(address, Unknown))
        elif variable in self._environment:
            right = address == self._environment[variable]
        else:
            right = address in usual
        if not right:
            self._findings.refuse(line, f"the address of the API must be what {variable} holds")

    # -- what they may name

    def _same_account(self, provider: Provider, name: Any, line: int) -> None:
        account = account_of(provider, self._environment)
        what = ACCOUNT_WORDS[provider]
        if not isinstance(name, str):
            raise NotUnderstood(f"the {what} is not a text")
        if account is not None and name.lower() != account.lower():
            self._findings.refuse(line, f"the {what} {str(name)[:60]!r} is not the one that this runs in")

    def _confine(self, provider: Provider, parameters: Mapping[str, Any], line: int) -> None:
        account = account_of(provider, self._environment)
        if provider == "gcp" and account is not None:
            for name in ("project", "projectId"):
                if name in parameters and not isinstance(parameters[name], Unknown):
                    self._same_account("gcp", parameters[name], line)
        for text in _texts(parameters):
            if reason := elsewhere(provider, text, account):
                self._findings.refuse(line, reason)


def _login(provider: str, arguments: list[Any], named: Mapping[str, Any]) -> Login:
    """`DefaultAzureCredential()`, or Google's `Credentials(token)` of the token that the script was given."""
    given = [*arguments, *named.values()]
    wanted: list[Any] = [Token()] if provider == "gcp" else []
    if given != wanted or set(named) - {"token"}:
        raise NotUnderstood("a log-in may only be the one that the script was given")
    return Login(provider)


def _has(client: CloudClient, beginning: str) -> bool:
    provider = cast(Provider, client.provider)
    return any(method.startswith(beginning) for method in catalogue.sdk_methods(provider, client.name))


def _called(client: CloudClient) -> str:
    name = client.name.rpartition(" ")[2] if client.provider == "azure" else client.name
    return f"{name}.{client.path}".rstrip(".")


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and not isinstance(value, Unknown)


def _texts(node: object) -> Iterator[str]:
    if isinstance(node, Mapping):
        for value in cast("Mapping[Any, Any]", node).values():
            yield from _texts(value)
    elif isinstance(node, list | tuple):
        for value in cast("list[Any]", node):
            yield from _texts(value)
    elif isinstance(node, str) and not isinstance(node, Unknown):
        yield node


FUNCTIONS: Mapping[tuple[str, str], Callable[..., Any]] = {
    ("google.auth", "default"): lambda: [Login("gcp"), UNKNOWN],
}
