"""The clouds' real commands and SDKs as steps: they find the account that they are given, and nobody else's."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from moto.server import ThreadedMotoServer

from escher.contract.estate import Account
from escher.execution.sandbox.level import Protection
from escher.procedures.surroundings import environment_for
from escher.providers.azure.access import AzureAccess
from escher.providers.gcp.access import GcpAccess
from tests.execution.steps import KEEPER, az_command, bubblewrap, gcloud_path, run, step
from tests.fixtures.azure_cloud import AzureCloud, azure_cloud
from tests.fixtures.gcp_cloud import GcpCloud, gcp_cloud

pytestmark = [pytest.mark.demo]
AWS = str(Path(sys.executable).with_name("aws"))
_LEVELS = ("sandbox", "keeper")


@pytest.fixture(params=_LEVELS)
def using(request: pytest.FixtureRequest) -> Protection:
    """Each of the two levels of protection."""
    return bubblewrap() if request.param == "sandbox" else KEEPER


@pytest.fixture(scope="module")
def moto() -> Iterator[str]:
    """An AWS at this address."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(scope="module")
def azure() -> Iterator[AzureCloud]:
    """The demo's Azure."""
    with azure_cloud() as running:
        yield running


@pytest.fixture(scope="module")
def google() -> Iterator[GcpCloud]:
    """The demo's Google Cloud."""
    with gcp_cloud() as running:
        yield running


@pytest.fixture
def subscription(azure: AzureCloud, monkeypatch: pytest.MonkeyPatch) -> Account:
    """A subscription to which this machine logs in as a managed identity."""
    for name in [name for name in os.environ if name.startswith(("AZURE_", "ARM_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("IDENTITY_ENDPOINT", f"{azure.url}/msi")
    monkeypatch.setenv("IDENTITY_HEADER", "demo")
    name, subscription_id = next(iter(azure.subscriptions.items()))
    return Account("azure", subscription_id, name, endpoint_url=azure.url, ca_bundle=azure.certificate)


async def test_aws_calls_its_endpoint(moto: str, using: Protection) -> None:
    """`aws` reaches the pinned endpoint with the keys that it was given."""
    account = Account("aws", "111111111111", "shop", endpoint_url=moto)
    keys = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing"}
    script = "aws ec2 describe-availability-zones --query 'AvailabilityZones[0].RegionName' --output text"
    asked = step(script, environment=environment_for(account, "eu-west-1"))
    found = await run(asked, using, AWS, credentials=keys)
    assert (found.ending.exit_code, found.lines) == (0, ["eu-west-1"]), found.text


async def test_boto3_calls_its_endpoint(moto: str, using: Protection) -> None:
    """The SDK does so, too."""
    account = Account("aws", "111111111111", "shop", endpoint_url=moto)
    keys = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing"}
    script = "import boto3\nprint(boto3.client('sts').get_caller_identity()['Account'])"
    asked = step(script, language="python", environment=environment_for(account, "eu-west-1"))
    found = await run(asked, using, credentials=keys)
    assert (found.ending.exit_code, found.lines) == (0, ["123456789012"]), found.text


@pytest.mark.az
async def test_az_is_logged_in_to_the_one_subscription(
    azure: AzureCloud, subscription: Account, using: Protection
) -> None:
    """It finds no other subscription, asks Escher for tokens, and reaches the pinned Resource Manager."""
    script = "az account list --all --query '[].id' --output tsv && az group list --query 'length(@)' --output tsv"
    found = await run(
        step(script, provider="azure", environment=environment_for(subscription, "westeurope")),
        using,
        az_command(),
        credentials=AzureAccess().environment(subscription, "westeurope"),
    )
    assert found.ending.exit_code == 0, found.text
    assert found.lines[0] == subscription.account_id and int(found.lines[1]) > 0
    assert not found.notes


async def test_azure_identity_gets_the_token_of_the_step(subscription: Account, using: Protection) -> None:
    """The SDK's log-in is a managed identity: Escher's. For anything but the Resource Manager it gives out nothing."""
    script = """
import os
from azure.identity import DefaultAzureCredential
from azure.core.exceptions import ClientAuthenticationError
credential = DefaultAzureCredential()
print(credential.get_token(os.environ["AZURE_RESOURCE_MANAGER_URL"] + "/.default").token.count("."))
try:
    credential.get_token("https://vault.azure.net/.default")
except ClientAuthenticationError:
    print("refused")
print(os.environ.get("AZURE_ACCESS_TOKEN"))
"""
    asked = step(script, language="python", provider="azure", environment=environment_for(subscription, "westeurope"))
    found = await run(asked, using, credentials=AzureAccess().environment(subscription, "westeurope"))
    assert found.lines[-3:] == ["2", "refused", "None"], found.text


@pytest.mark.gcloud
async def test_gcloud_has_the_token_of_the_step(
    google: GcpCloud, using: Protection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It lists the project's machines, reads no configuration of the user's, and holds the token in no variable."""
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", google.credentials)
    account = Account("gcp", google.owned, "owned", endpoint_url=google.url)
    script = "gcloud compute instances list --format='value(name)' --limit=1 && gcloud config list 2>&1; env"
    found = await run(
        step(script, provider="gcp", environment=environment_for(account, "us-central1")),
        using,
        gcloud_path(),
        credentials=GcpAccess().environment(account, "us-central1"),
    )
    assert found.ending.exit_code == 0, found.text
    assert len(found.lines[0]) > 2 and f"project = {google.owned}" in found.lines
    assert google.token not in found.text and not found.notes


async def test_googles_sdk_has_the_token_of_the_step(
    google: GcpCloud, using: Protection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Scripts in Python take it from a variable, as the library's do."""
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", google.credentials)
    account = Account("gcp", google.owned, "owned", endpoint_url=google.url)
    script = """
import os
from googleapiclient.discovery import build
from google.oauth2.credentials import Credentials
compute = build("compute", "v1", credentials=Credentials(os.environ["CLOUDSDK_AUTH_ACCESS_TOKEN"]),
                client_options={"api_endpoint": os.environ["CLOUDSDK_API_ENDPOINT_OVERRIDES_COMPUTE"]})
print(len(compute.zones().list(project=os.environ["GOOGLE_CLOUD_PROJECT"]).execute()["items"]) > 0)
"""
    asked = step(script, language="python", provider="gcp", environment=environment_for(account, "us-central1"))
    found = await run(asked, using, credentials=GcpAccess().environment(account, "us-central1"))
    assert found.lines[-1:] == ["True"], found.text
