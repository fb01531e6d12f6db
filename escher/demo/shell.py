"""What points `escher`, the clouds' CLIs and their SDKs at the demo: files in its folder, and variables that name them.

Nothing here touches the user's own configuration. The variables leave other programs of the same shell alone: the
bundle of certificates is the shell's own with the demo's added.
"""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Mapping
from pathlib import Path

from escher.demo import owned
from escher.demo.blueprint.company import ACCOUNTS, REGIONS, role_arn
from escher.demo.folder import CloudName, CloudState, DemoFolder, write_private

OVERRIDING = (
    "AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN",
    "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET", "AZURE_TENANT_ID", "CLOUDSDK_ACTIVE_CONFIG_NAME",
)  # fmt: skip
"""Variables that would outvote the demo's, if a shell has them."""
_KEYS = "[default]\naws_access_key_id = demo\naws_secret_access_key = demo\n"
_AZURE_CLOUD = "EscherDemo"
# gcloud's name of an API, and where the demo serves it
_GCP_PATHS = {
    "compute": "compute/v1/",
    "storage": "storage/v1/",
    "dns": "dns/dns/v1/",
    "sql": "sqladmin/",
    "cloudasset": "cloudasset/",
    "cloudresourcemanager": "cloudresourcemanager/",
    "container": "container/",
    "iam": "iam/",
    "logging": "logging/",
    "pubsub": "pubsub/",
    "secretmanager": "secretmanager/",
    "serviceusage": "serviceusage/",
}


def write_files(folder: DemoFolder, states: Mapping[CloudName, CloudState]) -> None:
    """Write the files of the CLIs of every cloud that is up."""
    if "aws" in states:
        _write_aws(folder)
    if "azure" in states:
        _write_azure(folder, states["azure"])
    if "gcp" in states:
        _write_gcp(folder)


def variables(folder: DemoFolder, states: Mapping[CloudName, CloudState]) -> dict[str, str]:
    """The variables for every cloud that is up, and Escher's own."""
    found = {"ESCHER_HOME": str(folder.escher_home), "ESCHER_PASSPHRASE_FILE": str(folder.passphrase)}
    makers = {"aws": _aws, "azure": _azure, "gcp": _gcp}
    for cloud, state in states.items():
        found |= makers[cloud](folder, state)
    return found | {"NO_PROXY": _no_proxy()}


def _no_proxy() -> str:
    """The shell's exceptions from its proxy, with this machine among them."""
    return ",".join(filter(None, (os.environ.get("NO_PROXY", ""), "127.0.0.1")))


def _aws(folder: DemoFolder, state: CloudState) -> dict[str, str]:
    return {
        "AWS_ENDPOINT_URL": state.endpoint,
        "AWS_CONFIG_FILE": str(folder.root / "aws-config"),
        "AWS_SHARED_CREDENTIALS_FILE": str(folder.root / "aws-credentials"),
        "AWS_DEFAULT_REGION": REGIONS[0],
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def _write_aws(folder: DemoFolder) -> None:
    """Keys that moto takes, and a profile an account."""
    write_private(folder.root / "aws-credentials", _KEYS)
    profiles = [
        f"[profile {name}]\nrole_arn = {role_arn(name)}\nsource_profile = default\nregion = {REGIONS[0]}\n"
        for name in ACCOUNTS
    ]
    write_private(folder.root / "aws-config", "\n".join((f"[default]\nregion = {REGIONS[0]}\n", *profiles)))


def _azure(folder: DemoFolder, state: CloudState) -> dict[str, str]:
    return {
        "AZURE_CONFIG_DIR": str(folder.root / "azure-config"),
        "AZURE_CORE_COLLECT_TELEMETRY": "false",
        "IDENTITY_ENDPOINT": f"{state.endpoint}/msi",
        "IDENTITY_HEADER": "demo",
        "REQUESTS_CA_BUNDLE": str(folder.root / "ca-bundle.pem"),
    }


def _write_azure(folder: DemoFolder, state: CloudState) -> None:
    """The demo as the cloud that `az` talks to, where `az login --identity` answers; and the bundle of certificates."""
    home = folder.root / "azure-config"
    home.mkdir(mode=0o700, exist_ok=True)
    endpoints = ("resource_manager", "active_directory", "active_directory_resource_id",
                 "active_directory_graph_resource_id", "microsoft_graph_resource_id", "management")  # fmt: skip
    lines = [f"[{_AZURE_CLOUD}]", *(f"endpoint_{name} = {state.endpoint}" for name in endpoints)]
    write_private(home / "clouds.config", "\n".join((*lines, "")))
    write_private(home / "config", f"[cloud]\nname = {_AZURE_CLOUD}\n\n[core]\ncollect_telemetry = no\n")
    write_private(home / "azureProfile.json", json.dumps(_azure_profile()))
    usual = _usual_certificates(folder)
    own = Path(state.certificate).read_text("utf-8")
    write_private(folder.root / "ca-bundle.pem", f"{usual}\n{own}")


def _azure_profile() -> dict[str, object]:
    """What `az login --identity` would write: the subscriptions, with this machine's identity as the user."""
    user = {"name": "systemAssignedIdentity", "type": "servicePrincipal", "assignedIdentityInfo": "MSI"}
    tenant = owned.tenant_id()
    subscriptions = [
        {
            "id": account.account_id,
            "name": account.name,
            "state": "Enabled",
            "user": user,
            "isDefault": number == 0,
            "tenantId": tenant,
            "environmentName": _AZURE_CLOUD,
            "homeTenantId": tenant,
            "managedByTenants": [],
        }
        for number, account in enumerate(owned.subscriptions())
    ]
    return {"installationId": str(uuid.uuid4()), "subscriptions": subscriptions}


def _usual_certificates(folder: DemoFolder) -> str:
    """What programs of this shell trust already. A shell that points at the demo trusts what an earlier one wrote."""
    named = Path(os.environ.get("REQUESTS_CA_BUNDLE", ""))
    if named.is_file() and not named.is_relative_to(folder.root):
        return named.read_text("utf-8")
    import certifi

    return Path(certifi.where()).read_text("utf-8")


def _gcp(folder: DemoFolder, state: CloudState) -> dict[str, str]:
    overrides = {
        f"CLOUDSDK_API_ENDPOINT_OVERRIDES_{api.upper()}": f"{state.endpoint}/{path}" for api, path in _GCP_PATHS.items()
    }
    project = owned.projects()[0].account_id
    return {
        "GOOGLE_APPLICATION_CREDENTIALS": state.credentials,
        "GOOGLE_CLOUD_PROJECT": project,
        "CLOUDSDK_CONFIG": str(folder.root / "gcp-config"),
        "CLOUDSDK_AUTH_ACCESS_TOKEN_FILE": state.token_file,
        "CLOUDSDK_CORE_PROJECT": project,
        "CLOUDSDK_CORE_DISABLE_PROMPTS": "1",
        "CLOUDSDK_CORE_DISABLE_USAGE_REPORTING": "true",
        "CLOUDSDK_COMPONENT_MANAGER_DISABLE_UPDATE_CHECK": "true",
        **overrides,
    }


def _write_gcp(folder: DemoFolder) -> None:
    """A place for what `gcloud` keeps, apart from the user's."""
    (folder.root / "gcp-config").mkdir(mode=0o700, exist_ok=True)
