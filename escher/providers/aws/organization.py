"""The accounts of an AWS organization, each entered by a role that its management account may assume."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from escher.contract.estate import Account
from escher.errors import CredentialError
from escher.providers.aws.credentials import home_region
from escher.providers.aws.failures import READ_FAILURES, is_denied, read_failed

if TYPE_CHECKING:
    from escher.providers.aws.session import AwsAccess

LIST = "organizations:ListAccounts"
DEFAULT_ROLE = "OrganizationAccountAccessRole"


def members(access: AwsAccess, management: Account, role: str) -> list[Account]:
    """The active accounts of an organization but the one that is asked, which is known already.

    `management` is its management account, or one that administers it. Raises CredentialError, ReadFailed.
    """
    client = access.client(management, home_region(management), "organizations")
    try:
        pages = client.get_paginator("list_accounts").paginate()
        listed = [one for page in pages for one in page["Accounts"]]
    except READ_FAILURES as cause:
        if is_denied(cause):
            raise CredentialError(
                f"{management.name} may not list the accounts of its organization.",
                hint=f"Name the management account, or grant {LIST}.",
            ) from cause
        raise read_failed(cause, management, operation="ListAccounts", region="global", permission=LIST) from cause
    return [
        replace(
            management,
            account_id=one["Id"],
            name=one["Name"],
            role_arns=(*management.role_arns, f"arn:{management.partition}:iam::{one['Id']}:role/{role}"),
        )
        for one in listed
        if one["Status"] == "ACTIVE" and one["Id"] != management.account_id
    ]
