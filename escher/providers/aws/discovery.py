"""Which accounts the user's own AWS configuration reaches, to propose when Escher is set up."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from botocore import exceptions as boto

from escher.contract.estate import Account
from escher.errors import ConfigurationError, CredentialError
from escher.providers.aws.credentials import Prompt
from escher.providers.aws.models import new_session
from escher.providers.aws.session import AwsAccess


@dataclass(frozen=True, slots=True)
class Proposal:
    """A way into an account: `account` is ready to be stored, or None with the `problem` that stands in the way."""

    profile: str
    account: Account | None
    problem: str = ""


def profiles() -> tuple[str, ...]:
    """The profiles of the user's AWS configuration. Raises ConfigurationError when its files cannot be read."""
    try:
        return tuple(new_session().available_profiles)
    except boto.BotoCoreError as cause:
        raise ConfigurationError(f"the AWS configuration cannot be read: {cause}", hint="Correct the file.") from cause


def discover() -> tuple[Proposal, ...]:
    """What the environment and each profile lead to, each account once; those without credentials with the reason.

    Nobody is asked for MFA codes here: profiles that need one are for `propose`.
    """
    names = ["", *(name for name in profiles() if name != "default")]
    with ThreadPoolExecutor(max_workers=8) as pool:
        return tuple(_each_account_once(list(pool.map(propose, names))))


def propose(profile: str, prompt: Prompt | None = None) -> Proposal:
    """Ask AWS which account a profile leads to; the empty name stands for the environment and the default profile."""
    endpoint_url, partition = _configured(profile)
    probe = Account("aws", "", profile, profile=profile, partition=partition, endpoint_url=endpoint_url)
    try:
        identity = AwsAccess(prompt).describe(probe)
    except CredentialError as cause:
        return Proposal(profile, None, str(cause))
    account = replace(
        probe,
        account_id=identity.account_id,
        name=profile or identity.account_id,
        partition=identity.arn.split(":")[1],
    )
    return Proposal(profile, account)


def _configured(profile: str) -> tuple[str, str]:
    """The endpoint and partition that the configuration names, so that the account keeps them from now on."""
    session = new_session(profile)
    try:
        endpoint_url = os.environ.get("AWS_ENDPOINT_URL") or session.get_scoped_config().get("endpoint_url", "")
        region = session.get_config_variable("region")
        return endpoint_url, session.get_partition_for_region(region) if region else "aws"
    except boto.BotoCoreError:
        return "", "aws"


def _each_account_once(proposals: list[Proposal]) -> list[Proposal]:
    seen: set[str] = set()
    kept: list[Proposal] = []
    for proposal in proposals:
        account_id = proposal.account.account_id if proposal.account else ""
        if account_id not in seen:
            kept.append(proposal)
        if account_id:
            seen.add(account_id)
    return kept
