"""Session policies: what a step's narrowed credentials can do at the demo's AWS, and what they cannot."""

from __future__ import annotations

from typing import Any

import botocore.session
import pytest
from botocore.exceptions import ClientError

from escher.contract.estate import Account
from escher.contract.plan import Operation
from escher.demo.blueprint.company import ACCOUNTS, role_arn
from escher.providers.aws.session import AwsAccess
from tests.demo.aws.conftest import AwsDemo

pytestmark = [pytest.mark.demo, pytest.mark.xdist_group("demo-aws")]


@pytest.fixture
def shop(aws: AwsDemo, monkeypatch: pytest.MonkeyPatch) -> Account:
    """The shop's account, entered by its role."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "demo")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "demo")
    return Account("aws", ACCOUNTS["web-shop"], "web-shop", role_arns=(role_arn("web-shop"),), endpoint_url=aws.url)


def _volume(aws: AwsDemo) -> str:
    return str(aws.client("ec2").create_volume(AvailabilityZone="us-east-1a", Size=1)["VolumeId"])


def _client(service: str, keys: Any, url: str) -> Any:
    named = {
        "aws_access_key_id": keys["AWS_ACCESS_KEY_ID"],
        "aws_secret_access_key": keys["AWS_SECRET_ACCESS_KEY"],
        "aws_session_token": keys["AWS_SESSION_TOKEN"],
    }
    return botocore.session.Session().create_client(service, "us-east-1", endpoint_url=url, **named)


def _deleting(volume: str) -> Operation:
    parameters = {"VolumeId": volume}
    return Operation(provider="aws", service="ec2", operation="delete-volume", parameters=parameters, effect="destroy")


def test_narrowed_credentials_do_what_was_approved_and_nothing_else(aws: AwsDemo, shop: Account) -> None:
    """The volume of the plan can be deleted; another volume, another operation and another service are refused."""
    meant, other = _volume(aws), _volume(aws)
    target = f"arn:aws:ec2:us-east-1:{shop.account_id}:volume/{meant}"
    keys = AwsAccess().keys(shop, "us-east-1", [_deleting(meant)], [target])
    ec2 = _client("ec2", keys.environment, aws.url)
    for refused in (
        lambda: ec2.delete_volume(VolumeId=other),
        lambda: ec2.describe_volumes(VolumeIds=[meant]),
        lambda: _client("iam", keys.environment, aws.url).list_users(),
    ):
        with pytest.raises(ClientError, match="no session policy allows it"):
            refused()
    ec2.delete_volume(VolumeId=meant)
    left = {one["VolumeId"] for one in aws.client("ec2").describe_volumes()["Volumes"]}
    assert (meant in left, other in left) == (False, True)
    assert keys.note.startswith("Credentials: a session that may do this only: ec2:DeleteVolume")


def test_credentials_of_no_role_say_that_they_are_not_narrowed(aws: AwsDemo, shop: Account) -> None:
    """A user's own keys cannot be narrowed, and that is said."""
    own = Account("aws", "", "own", endpoint_url=aws.url)
    keys = AwsAccess().keys(own, "us-east-1", [_deleting("vol-0123456789abcdef0")], [])
    assert keys.note == "Credentials: not narrowed; they come from no role."
    assert keys.environment["AWS_ACCESS_KEY_ID"] == "demo"
