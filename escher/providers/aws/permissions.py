"""What the credentials of an account may do, by IAM's own simulation: many actions on many resources in one call."""

from __future__ import annotations

import asyncio
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from escher.contract.estate import Account, Resource
from escher.errors import CredentialError
from escher.providers.aws.calls import Calls
from escher.providers.aws.credentials import home_region
from escher.providers.aws.failures import READ_FAILURES, read_failed
from escher.providers.aws.session import AwsAccess
from escher.providers.registry import resource_types
from escher.providers.source import ReadFailed, Verdicts

AT_ONCE = 50
"""Resources of one call."""

SIMULATE = "iam:SimulatePrincipalPolicy"
_SESSION = re.compile(r"arn:([^:]+):sts::(\d+):assumed-role/([^/]+)/")


async def allowed(access: AwsAccess, calls: Calls, account: Account, resources: Sequence[Resource]) -> Verdicts:
    """What the account's principal may do with each resource. Raises CredentialError, ReadFailed.

    Where a policy asks for a context that a simulation does not have, an answer would be a guess: it is left out.
    """
    principal = await _principal(access, calls, account)
    verdicts: dict[str, dict[str, bool]] = defaultdict(dict)
    asked = [
        (actions, ids[start : start + AT_ONCE])
        for actions, ids in _grouped(resources)
        for start in range(0, len(ids), AT_ONCE)
    ]
    answers = await asyncio.gather(
        *(_simulate(calls, account, principal, *one) for one in asked), return_exceptions=True
    )
    for answer in answers:
        if isinstance(answer, BaseException):
            continue
        for resource_id, action, verdict in answer:
            verdicts[resource_id][action] = verdict
    failed = [answer for answer in answers if isinstance(answer, BaseException)]
    for cause in failed:
        # A refusal is true of all; of anything else, what was answered is worth having.
        if not isinstance(cause, ReadFailed) or cause.permission or not verdicts:
            raise cause
    return verdicts


def _grouped(resources: Iterable[Resource]) -> list[tuple[tuple[str, ...], list[str]]]:
    """The actions to ask about, each set with the resources that it is asked of."""
    groups: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for one in resources:
        acts = resource_types()[one.resource_type].acts
        actions = tuple(dict.fromkeys(action for needed in acts.values() for action in needed))
        if actions:
            groups[actions].append(one.resource_id)
    return list(groups.items())


async def _principal(access: AwsAccess, calls: Calls, account: Account) -> str:
    """The ARN whose policies count: of an assumed role's session the role itself, with its path."""
    who = (await asyncio.to_thread(access.describe, account)).principal
    if who.endswith(":root"):
        raise ReadFailed("RootUser: what the root user may do cannot be simulated.", native_code="RootUser")
    session = _SESSION.match(who)
    if session is None:
        return who
    partition, account_id, name = session.groups()
    try:
        answer = await calls.whole(account, home_region(account), "iam", "GetRole", {"RoleName": name})
        return str(answer["Role"]["Arn"])
    except READ_FAILURES as cause:
        failure = read_failed(cause, account, operation="GetRole", region="global", permission="iam:GetRole")
        if isinstance(failure, CredentialError):
            raise failure from cause
        return f"arn:{partition}:iam::{account_id}:role/{name}"


async def _simulate(
    calls: Calls, account: Account, principal: str, actions: Sequence[str], ids: Sequence[str]
) -> list[tuple[str, str, bool]]:
    asked = {"PolicySourceArn": principal, "ActionNames": list(actions), "ResourceArns": list(ids)}
    found: list[tuple[str, str, bool]] = []
    try:
        async for page in calls.pages(
            account, home_region(account), "iam", "SimulatePrincipalPolicy", asked, page_size=1_000
        ):
            for result in page["EvaluationResults"]:
                found += _verdicts(result)
    except READ_FAILURES as cause:
        raise read_failed(
            cause, account, operation="SimulatePrincipalPolicy", region="global", permission=SIMULATE
        ) from cause
    return found


def _verdicts(result: Mapping[str, Any]) -> list[tuple[str, str, bool]]:
    action = str(result["EvalActionName"])
    single = result.get("ResourceSpecificResults") or [
        {**result, "EvalResourceDecision": result["EvalDecision"]},
    ]
    return [
        (str(one["EvalResourceName"]), action, one["EvalResourceDecision"] == "allowed")
        for one in single
        if not one.get("MissingContextValues") and "EvalResourceName" in one
    ]
