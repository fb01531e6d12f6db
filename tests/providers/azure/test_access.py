"""Log-ins to Azure: which there are, what is said when there is none, and that no token gets out."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from escher.contract.estate import Account
from escher.errors import CredentialError
from escher.providers.azure.access import AzureAccess
from escher.providers.azure.credentials import Token
from tests.fixtures.azure_cloud import AzureCloud

BY_CLI = Account("azure", "", "", profile="cli")


def az(folder: Path, script: str) -> None:
    """Put an `az` on the PATH that does this."""
    program = folder / "az"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)


def test_the_subscription_itself_says_that_it_is_there(cloud: AzureCloud, shop: Account) -> None:
    """With its tenant, its name and who is asking."""
    found = AzureAccess().describe(shop)
    assert (found.account_id, found.name) == (shop.account_id, "web-shop")
    assert found.tenant_id and found.principal == found.object_id
    assert found.expires_at > "2026"
    assert AzureAccess().identity(shop) == f"{shop.account_id} {found.principal}"


def test_subscriptions_are_discovered_in_the_cloud_that_az_is_set_to(
    cloud: AzureCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its endpoint and certificates become the accounts' own."""
    folder = Path(os.environ["AZURE_CONFIG_DIR"])
    folder.mkdir()
    (folder / "config").write_text("[cloud]\nname = demo\n")
    (folder / "clouds.config").write_text(f"[demo]\nendpoint_resource_manager = {cloud.url}\n")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", cloud.certificate)
    found = AzureAccess().discover()
    assert {account.name: account.account_id for account in found} == cloud.subscriptions
    assert {(account.endpoint_url, account.ca_bundle) for account in found} == {(cloud.url, cloud.certificate)}


def test_a_child_process_is_led_by_variables_that_name_no_configuration(cloud: AzureCloud, shop: Account) -> None:
    """The subscription, its tenant, certificates, and a token; nothing of the user's own files or log-ins."""
    found = AzureAccess().environment(shop, "westeurope")
    assert found["AZURE_SUBSCRIPTION_ID"] == shop.account_id
    assert found["REQUESTS_CA_BUNDLE"] == cloud.certificate
    assert found["AZURE_DEFAULTS_LOCATION"] == "westeurope"
    assert found["AZURE_ACCESS_TOKEN"].count(".") == 2 and int(found["AZURE_ACCESS_TOKEN_EXPIRES_ON"]) > 0
    assert not found.keys() & {"AZURE_CONFIG_DIR", "AZURE_CLIENT_ID", "IDENTITY_ENDPOINT", "IDENTITY_HEADER"}


def test_a_subscription_that_vanished_is_named(cloud: AzureCloud, shop: Account) -> None:
    """It was removed, or the log-in sees it no more."""
    gone = replace(shop, account_id="11111111-1111-4111-8111-111111111111", name="gone")
    with pytest.raises(CredentialError, match=r"subscription gone does not exist.*SubscriptionNotFound"):
        AzureAccess().describe(gone)


def test_a_disabled_subscription_is_not_read(cloud: AzureCloud, shop: Account) -> None:
    """It answers, but its things are not in the graph: to believe that would delete what is known."""
    body = json.dumps({"subscriptionId": shop.account_id, "state": "Disabled"})
    cloud.faults({"match": rf"^/subscriptions/{shop.account_id}\?", "status": 200, "body": body})
    with pytest.raises(CredentialError, match="its state is Disabled"):
        AzureAccess().describe(shop)


def test_a_cloud_that_cannot_be_reached_is_no_missing_log_in(cloud: AzureCloud, shop: Account) -> None:
    """The network, the certificate or the endpoint is what to look at."""
    for wrong in (replace(shop, endpoint_url="https://127.0.0.1:1"), replace(shop, ca_bundle="")):
        with pytest.raises(CredentialError, match=r"cannot be reached|no log-in"):
            AzureAccess().describe(wrong)
    with pytest.raises(CredentialError, match="ca_bundle"):
        AzureAccess().describe(replace(shop, ca_bundle="/nowhere/at/all.pem"))


def test_without_az_the_next_move_is_named(logged_out: Path) -> None:
    """Nobody is logged in."""
    with pytest.raises(CredentialError, match=r"no log-in to Azure .* Run `az login`"):
        AzureAccess().describe(BY_CLI)


def test_an_expired_log_in_is_called_that(logged_out: Path) -> None:
    """With the tenant to log in to again, where the account names one."""
    az(logged_out, "echo 'ERROR: AADSTS700082: The refresh token has expired. canary' >&2; exit 1")
    with pytest.raises(CredentialError, match=r"has expired.*az login") as caught:
        AzureAccess().describe(BY_CLI)
    assert "canary" not in f"{caught.value} {caught.value.__cause__!r}"


def test_a_token_of_az_is_kept_and_shown_nowhere(logged_out: Path, caplog: pytest.LogCaptureFixture) -> None:
    """`az` is asked once; its token is in no log and no repr."""
    caplog.set_level(logging.DEBUG)
    count = logged_out / "count"
    token = {"accessToken": "canary.token.value", "expires_on": int(time.time()) + 3600, "tokenType": "Bearer"}
    az(logged_out, f"echo x >> {count}; echo '{json.dumps(token)}'")
    access = AzureAccess()

    async def twice() -> list[Token]:
        return [await access.token(BY_CLI), await access.token(BY_CLI)]

    first, second = asyncio.run(twice())
    assert first is second
    assert first.value == "canary.token.value"
    assert count.read_text().split() == ["x"]
    assert "canary" not in f"{access!r} {vars(access)!r} {first!r} {caplog.text}"


def test_a_token_of_a_managed_identity_is_in_no_log(
    cloud: AzureCloud, shop: Account, caplog: pytest.LogCaptureFixture
) -> None:
    """Nor is one in what a failure says, at the finest level of logging."""
    caplog.set_level(logging.DEBUG)
    access = AzureAccess()
    token = asyncio.run(access.token(shop)).value
    cloud.faults({"match": f"^/subscriptions/{shop.account_id}", "status": 401})
    with pytest.raises(CredentialError) as caught:
        access.describe(shop)
    assert len(token) > 100
    assert token.partition(".")[2] not in f"{caplog.text} {caught.value!r} {caught.value.__cause__!r}"


def test_a_refused_token_is_fetched_anew_by_one_of_many(logged_out: Path) -> None:
    """Twenty calls that were refused together cause one log-in."""
    count = logged_out / "count"
    az(
        logged_out,
        f'echo x >> {count}; echo "{{\\"accessToken\\": \\"t$(wc -l < {count})\\", \\"expires_on\\": {int(time.time()) + 3600}}}"',
    )
    access = AzureAccess()

    async def refused_together() -> set[str]:
        spent = await access.token(BY_CLI)
        return {token.value for token in await asyncio.gather(*(access.renewed(BY_CLI, spent) for _ in range(20)))}

    renewed = asyncio.run(refused_together())
    assert len(renewed) == 1
    assert count.read_text().split() == ["x", "x"]


def test_without_azure_identity_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the extra that brings it."""
    monkeypatch.setitem(sys.modules, "azure.identity", None)
    with pytest.raises(CredentialError, match=r"pip install 'escher\[azure\]'"):
        AzureAccess().describe(BY_CLI)


def test_a_token_that_is_no_jwt_says_nothing() -> None:
    """Who is asking is then unknown."""
    assert Token("opaque", 1).claims() == {}
    assert Token("a.b!.c", 1).claims() == {}
    assert Token("a.W10.c", 1).claims() == {}
