"""The accounts of an organization are found through its management account."""

from __future__ import annotations

from typing import Any

import pytest

from escher.errors import CredentialError
from escher.providers.aws.organization import members
from escher.providers.aws.session import AwsAccess
from tests.fixtures.moto_cloud import SHOP, MotoCloud, Refusal, failing


@pytest.fixture
def organization(cloud: MotoCloud, monkeypatch: pytest.MonkeyPatch) -> Any:
    """SHOP manages an organization with two members, one of which was closed."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    client = cloud.client("organizations", SHOP)
    client.create_organization(FeatureSet="ALL")
    made = [
        client.create_account(AccountName=name, Email=f"{name}@shop.example")["CreateAccountStatus"]["AccountId"]
        for name in ("data", "old")
    ]
    client.close_account(AccountId=made[1])
    return made[0]


def test_active_members_are_entered_by_their_role(cloud: MotoCloud, organization: str) -> None:
    """From the managing account's own role on; what is closed, and the managing account itself, is left out."""
    management = cloud.account(SHOP, "shop")
    (found,) = members(AwsAccess(), management, "Audit")
    assert (found.account_id, found.name) == (organization, "data")
    assert found.role_arns == (*management.role_arns, f"arn:aws:iam::{organization}:role/Audit")
    assert found.regions == management.regions


@pytest.mark.usefixtures("organization")
def test_who_may_not_ask_is_told_what_to_do(cloud: MotoCloud) -> None:
    """The permission, and the account to name."""
    cloud.faults.append(failing("ListAccounts", Refusal("AccessDeniedException", 400)))
    with pytest.raises(CredentialError, match="may not list the accounts") as caught:
        members(AwsAccess(), cloud.account(SHOP, "shop"), "Audit")
    assert "organizations:ListAccounts" in caught.value.hint
