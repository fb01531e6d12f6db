"""Which accounts the user's own configuration leads to."""

from __future__ import annotations

from pathlib import Path

import pytest

from escher.errors import ConfigurationError
from escher.providers.aws.discovery import proposals
from escher.providers.aws.session import AwsAccess
from tests.fixtures.moto_cloud import DATA, SHOP, MotoCloud, role_in

KEYS = "aws_access_key_id = testing\naws_secret_access_key = testing\n"


@pytest.fixture
def profiles(aws_config: Path, cloud: MotoCloud) -> Path:
    """Two profiles that work, one that leads to the same account again, one that needs a code, one without a log-in."""
    role = "[profile {0}]\nrole_arn = {1}\nsource_profile = default\nendpoint_url = {2}\n"
    aws_config.write_text(
        f"[default]\nendpoint_url = {cloud.url}\nregion = eu-west-1\n{KEYS}"
        + role.format("shop", role_in(SHOP), cloud.url)
        + role.format("shop-too", role_in(SHOP), cloud.url)
        + role.format("data", role_in(DATA), cloud.url)
        + role.format("guarded", role_in("333333333333"), cloud.url)
        + "mfa_serial = arn:aws:iam::333333333333:mfa/ana\n"
        + "[profile empty]\nregion = eu-west-1\n"
    )
    return aws_config


@pytest.mark.usefixtures("profiles")
def test_profiles_are_listed() -> None:
    """All profiles of the configuration, in its order."""
    assert AwsAccess().profiles() == ["default", "shop", "shop-too", "data", "guarded", "empty"]


@pytest.mark.usefixtures("profiles")
def test_each_reachable_account_is_proposed_once(cloud: MotoCloud) -> None:
    """What is proposed can be kept as it is: id, profile, endpoint."""
    found = {account.name: account for account in AwsAccess().discover()}
    assert {name: account.account_id for name, account in found.items()} == {
        "123456789012": "123456789012",
        "shop": SHOP,
        "data": DATA,
    }
    assert (found["data"].profile, found["data"].endpoint_url, found["data"].partition) == ("data", cloud.url, "aws")
    assert AwsAccess().identity(found["data"]).startswith(DATA)


@pytest.mark.usefixtures("profiles")
def test_what_stands_in_the_way_of_a_profile_is_told() -> None:
    """Nobody is asked for a code while looking around."""
    problems = {found.profile: found.problem for found in proposals(AwsAccess().describe) if found.problem}
    assert problems.keys() == {"guarded", "empty"}
    assert "MFA" in problems["guarded"]
    assert "no AWS credentials" in problems["empty"]


def test_a_broken_configuration_is_told(aws_config: Path) -> None:
    """The file that cannot be read is named."""
    aws_config.write_text("[profile\n")
    with pytest.raises(ConfigurationError, match="cannot be read"):
        AwsAccess().profiles()


@pytest.mark.usefixtures("aws_config")
def test_a_machine_without_a_log_in_reaches_nothing() -> None:
    """No credentials, no accounts, no error."""
    assert AwsAccess().discover() == []
