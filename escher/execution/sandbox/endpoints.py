"""Which endpoints a call needs: its account's own, or those of the provider's APIs that its operations are of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from escher.contract.plan import Call, Operation
from escher.contract.vocabulary import Provider
from escher.execution.sandbox.addresses import Address, of_url

_AZURE = "https://management.azure.com"
_OVERRIDES = "CLOUDSDK_API_ENDPOINT_OVERRIDES_"
# gcloud's groups that are not called as their API is.
_GOOGLE_APIS = {
    "artifacts": "artifactregistry",
    "builds": "cloudbuild",
    "functions": "cloudfunctions",
    "kms": "cloudkms",
    "projects": "cloudresourcemanager",
    "resource-manager": "cloudresourcemanager",
    "scheduler": "cloudscheduler",
    "secrets": "secretmanager",
    "services": "serviceusage",
    "sql": "sqladmin",
    "tasks": "cloudtasks",
}
_REGIONAL = frozenset({"aiplatform", "run"})
_API = re.compile(r"[a-z][a-z0-9-]{1,40}")


def endpoints(provider: Provider, region: str, call: Call) -> tuple[Address, ...]:
    """What the call may reach, in order. An endpoint that the plan pins is the only one."""
    pinned = {address for url in _pinned(provider, call.environment) if (address := of_url(url))}
    if pinned:
        return tuple(sorted(pinned))
    return tuple(sorted(Address(host, 443) for host in _hosts(provider, region, call)))


def _pinned(provider: Provider, environment: Mapping[str, str]) -> Iterable[str]:
    named = {"aws": "AWS_ENDPOINT_URL", "azure": "AZURE_RESOURCE_MANAGER_URL"}
    if provider in named:
        return [environment[named[provider]]] if named[provider] in environment else []
    return [value for name, value in environment.items() if name.startswith(_OVERRIDES)]


def _hosts(provider: Provider, region: str, call: Call) -> set[str]:
    if provider == "azure":
        # Log-in is answered by Escher itself, so no other host of Azure is needed.
        return {address.host for address in [of_url(_AZURE)] if address}
    if provider == "gcp":
        return {host for operation in call.operations for host in _google_hosts(operation, region)}
    from escher.providers.aws.hosts import hosts

    return set(hosts(call.operations, call.environment.get("AWS_REGION", region)))


def _google_hosts(operation: Operation, region: str) -> Iterator[str]:
    api = _google_api(operation)
    yield f"{api}.googleapis.com"
    if api in _REGIONAL and _API.fullmatch(region):
        yield f"{region}-{api}.googleapis.com"


def _google_api(operation: Operation) -> str:
    api = _GOOGLE_APIS.get(operation.service, operation.service)
    return api if _API.fullmatch(api) else "compute"
