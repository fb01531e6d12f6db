"""Which accounts the user's own AWS configuration reaches, to propose when Escher is set up."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import repeat

from botocore import exceptions as boto

from escher.contract.estate import Account
from escher.errors import ConfigurationError, CredentialError
from escher.providers.aws.credentials import Identity
from escher.providers.aws.models import new_session

Describe = Callable[[Account], Identity]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A way into an account: `account` is ready to be kept, or None with the `problem` that stands in the way."""

    profile: str
    account: Account | None
    problem: str = ""


def profiles() -> list[str]:
    """The profiles of the user's AWS configuration. Raises ConfigurationError when its files cannot be read."""
    try:
        return list(new_session().available_profiles)
    except boto.BotoCoreError as cause:
        raise ConfigurationError(f"the AWS configuration cannot be read: {cause}", hint="Correct the file.") from cause


def proposals(describe: Describe) -> list[Proposal]:
    """What the environment and each profile lead to, each account once."""
    names = ["", *(name for name in profiles() if name != "default")]
    with ThreadPoolExecutor(max_workers=8) as pool:
        return _each_account_once(pool.map(_propose, names, repeat(describe)))


def _propose(profile: str, describe: Describe) -> Proposal:
    endpoint_url, partition = _configured(profile)
    probe = Account("aws", "", profile, profile=profile, partition=partition, endpoint_url=endpoint_url)
    try:
        identity = describe(probe)
    except CredentialError as cause:
        return Proposal(profile, None, str(cause))
    partition = identity.principal.split(":")[1]
    name = profile or identity.account_id
    return Proposal(profile, replace(probe, account_id=identity.account_id, name=name, partition=partition))


def _configured(profile: str) -> tuple[str, str]:
    """The endpoint and partition that the configuration names, so that the account keeps them from now on."""
    session = new_session(profile)
    try:
        endpoint_url = os.environ.get("AWS_ENDPOINT_URL") or session.get_scoped_config().get("endpoint_url", "")
        region = session.get_config_variable("region")
        return endpoint_url, session.get_partition_for_region(region) if region else "aws"
    except boto.BotoCoreError:
        # Whatever is wrong with the profile, asking who it is will say so.
        return "", "aws"


def _each_account_once(found: Iterable[Proposal]) -> list[Proposal]:
    seen: set[str] = set()
    kept: list[Proposal] = []
    for proposal in found:
        account_id = proposal.account.account_id if proposal.account else ""
        if account_id not in seen:
            kept.append(proposal)
        if account_id:
            seen.add(account_id)
    return kept
