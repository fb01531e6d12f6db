"""What a step's process gets to see: a fixed PATH, a generated HOME, one account's credentials, and nothing else.

Of the user's own configuration of `aws`, `az` and `gcloud` nothing is read: the variables here lead each of them into
the step's home, where only what `files` generates is.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from escher.approval.tools import Tool
from escher.contract.plan import Call
from escher.contract.vocabulary import Provider

TOKENS = ("AZURE_ACCESS_TOKEN", "AZURE_ACCESS_TOKEN_EXPIRES_ON")
"""Of the credentials, what no process is given: Escher answers for it on the step's loopback."""
_GOOGLE_TOKEN = "CLOUDSDK_AUTH_ACCESS_TOKEN"  # noqa: S105 the name of a variable
_PROXIES = ("HTTPS_PROXY", "HTTP_PROXY", "https_proxy", "http_proxy")
_DIRECT = ("NO_PROXY", "no_proxy", "ALL_PROXY", "all_proxy")
_BASE = {"LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "TZ": "UTC", "PYTHONUTF8": "1", "PYTHONNOUSERSITE": "1"}
_CLI: dict[Provider, dict[str, str]] = {
    "aws": {
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_PAGER": "",
        "AWS_CLI_AUTO_PROMPT": "off",
        "AWS_RETRY_MODE": "standard",
    },
    "azure": {
        "AZURE_CORE_COLLECT_TELEMETRY": "false",
        "AZURE_CORE_NO_COLOR": "true",
        "AZURE_CORE_SURVEY_MESSAGE": "false",
        "AZURE_CORE_LOGIN_EXPERIENCE_V2": "off",
        "AZURE_EXTENSION_USE_DYNAMIC_INSTALL": "no",
        "AZURE_LOGGING_ENABLE_LOG_FILE": "no",
    },
    "gcp": {
        "CLOUDSDK_CORE_DISABLE_PROMPTS": "1",
        "CLOUDSDK_CORE_DISABLE_USAGE_REPORTING": "true",
        "CLOUDSDK_CORE_DISABLE_FILE_LOGGING": "true",
        "CLOUDSDK_COMPONENT_MANAGER_DISABLE_UPDATE_CHECK": "true",
    },
}
# Clouds that `az` knows by a name of its own, by their Resource Manager.
_AZURE_CLOUDS = {
    "": "AzureCloud",
    "management.azure.com": "AzureCloud",
    "management.usgovcloudapi.net": "AzureUSGovernment",
    "management.chinacloudapi.cn": "AzureChinaCloud",
}
_OWN_CLOUD = "Escher"
_ENDPOINTS = (
    "resource_manager",
    "active_directory",
    "active_directory_resource_id",
    "active_directory_graph_resource_id",
    "microsoft_graph_resource_id",
    "management",
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a step's process is: its home, and the port on its loopback where Escher answers, with the word for tokens."""

    home: str
    temporary: str
    port: int
    secret: str


def environment(
    provider: Provider, call: Call, credentials: Mapping[str, str], place: Place, tools: Sequence[Tool]
) -> dict[str, str]:
    """The whole environment of a call. What the plan says cannot be changed by what the credentials bring."""
    folders = dict.fromkeys([*(str(Path(tool.path).parent) for tool in tools), "/usr/bin", "/bin"])
    private = {"PATH": ":".join(folders), "HOME": place.home, "TMPDIR": place.temporary}
    private |= _CLI[provider] | _homes(place.home) | _identity(provider, place)
    private |= dict.fromkeys(_PROXIES, f"http://127.0.0.1:{place.port}") | dict.fromkeys(_DIRECT, "")
    given = {name: value for name, value in credentials.items() if name not in TOKENS}
    if call.language == "bash" and _GOOGLE_TOKEN in given:
        del given[_GOOGLE_TOKEN]
        private["CLOUDSDK_AUTH_ACCESS_TOKEN_FILE"] = _google_token_file(place.home)
    return {**_BASE, **given, **call.environment, **private}


def files(provider: Provider, call: Call, credentials: Mapping[str, str], home: str) -> dict[str, str]:
    """The configuration of the CLIs in the step's home: paths and contents."""
    if provider == "azure":
        return _azure_files(f"{home}/.azure", call, credentials)
    if provider == "gcp" and _GOOGLE_TOKEN in credentials:
        return {_google_token_file(home): credentials[_GOOGLE_TOKEN]}
    return {f"{home}/.aws/config": "[default]\n"}


def command(call: Call, tools: Sequence[Tool]) -> list[str]:
    """The argument list that runs the approved bytes themselves, never a file that could change."""
    if call.language == "python":
        return [sys.executable, "-I", "-c", call.script, *call.arguments]
    bash = next(tool.path for tool in tools if tool.name == "bash")
    return [bash, "--norc", "--noprofile", "-c", call.script, "escher", *call.arguments]


def _homes(home: str) -> dict[str, str]:
    """Where the three CLIs look for configuration, credentials, aliases, plugins and extensions."""
    return {
        "AWS_CONFIG_FILE": f"{home}/.aws/config",
        "AWS_SHARED_CREDENTIALS_FILE": f"{home}/.aws/credentials",
        "AZURE_CONFIG_DIR": f"{home}/.azure",
        "AZURE_EXTENSION_DIR": f"{home}/.azure/cliextensions",
        "CLOUDSDK_CONFIG": f"{home}/.config/gcloud",
    }


def _identity(provider: Provider, place: Place) -> dict[str, str]:
    """The managed identity that `az` and Azure's SDKs ask for tokens: Escher, for this one account."""
    if provider != "azure":
        return {}
    return {"IDENTITY_ENDPOINT": f"http://127.0.0.1:{place.port}/identity", "IDENTITY_HEADER": place.secret}


def _google_token_file(home: str) -> str:
    return f"{home}/.config/escher-token"


def _azure_files(folder: str, call: Call, credentials: Mapping[str, str]) -> dict[str, str]:
    """What `az login --identity` and `az cloud register` would write."""
    endpoint = call.environment.get("AZURE_RESOURCE_MANAGER_URL", "").rstrip("/")
    cloud = _AZURE_CLOUDS.get(urlsplit(endpoint).hostname or "", _OWN_CLOUD)
    found = {
        f"{folder}/config": f"[cloud]\nname = {cloud}\n",
        f"{folder}/azureProfile.json": json.dumps(_azure_profile(cloud, credentials)),
    }
    if cloud == _OWN_CLOUD:
        lines = [f"endpoint_{name} = {endpoint}" for name in _ENDPOINTS]
        found[f"{folder}/clouds.config"] = "\n".join((f"[{_OWN_CLOUD}]", *lines, ""))
    return found


def _azure_profile(cloud: str, credentials: Mapping[str, str]) -> dict[str, object]:
    subscription, tenant = credentials.get("AZURE_SUBSCRIPTION_ID", ""), credentials.get("AZURE_TENANT_ID", "")
    user = {"name": "systemAssignedIdentity", "type": "servicePrincipal", "assignedIdentityInfo": "MSI"}
    one = {"id": subscription, "name": subscription, "state": "Enabled", "user": user, "isDefault": True}
    one |= {"tenantId": tenant, "homeTenantId": tenant, "environmentName": cloud, "managedByTenants": []}
    return {"installationId": "00000000-0000-0000-0000-000000000000", "subscriptions": [one]}
