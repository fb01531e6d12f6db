"""What a subscription's credentials may do with each resource, with few calls: the roles of each resource group, and
those that are given for single resources.

A denial is only believed when the roles of single resources are known, too: what a group's roles leave out, one of
those may give.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from escher.contract.estate import Account, Resource
from escher.providers.azure.calls import ArmCalls
from escher.providers.azure.failures import CALL_FAILURES, Malformed, read_failed
from escher.providers.azure.listing import RIGHTS, rights_at
from escher.providers.azure.permissions import Grant, allows, grants_of
from escher.providers.azure.records import arm_id
from escher.providers.declarations import ResourceType
from escher.providers.mapping import find
from escher.providers.source import ReadFailed, Verdicts

_API = {"api-version": "2022-04-01"}
_ASSIGNMENTS = "/subscriptions/{}/providers/Microsoft.Authorization/roleAssignments"
_OF_ROLE = "value[].{scope: properties.scope, role: properties.roleDefinitionId}"


@dataclass(frozen=True, slots=True)
class Rights:
    """What is known of a subscription: the grants of scopes (its own, its groups'), and those of single resources.

    `single` is None when it could not be read. Ids are in lower case.
    """

    of_scopes: Mapping[str, Sequence[Grant]]
    single: Mapping[str, Sequence[Grant]] | None

    def verdict(self, resource_id: str, action: str) -> bool | None:
        """Whether an action is allowed on a resource; None: unknown."""
        grants = self.of_scopes.get(scope_of(resource_id))
        if grants is not None and allows(grants, action):
            return True
        if self.single is None:
            return None
        own = [grant for scope, found in self.single.items() if _is_within(resource_id, scope) for grant in found]
        if allows(own, action):
            return True
        return None if grants is None else False


def scope_of(resource_id: str) -> str:
    """The scope whose roles are asked for: the resource group, else the subscription."""
    found = arm_id(resource_id)
    root = f"/subscriptions/{found.subscription}"
    return f"{root}/resourcegroups/{found.group}" if found.group else root


async def allowed(
    calls: ArmCalls, account: Account, object_id: str, resources: Sequence[Resource], types: Mapping[str, ResourceType]
) -> Verdicts:
    """Resource id → permission → allowed, of the permissions in the types' `acts`. What is unknown is left out.

    Raises CredentialError, and ReadFailed when no scope's roles can be read.
    """
    rights = await _rights(calls, account, object_id, sorted({scope_of(one.resource_id) for one in resources}))
    verdicts: dict[str, dict[str, bool]] = {}
    for resource in resources:
        declared = types.get(resource.resource_type)
        actions = {action for acts in declared.acts.values() for action in acts} if declared else set[str]()
        told = {action: rights.verdict(resource.resource_id, action) for action in actions}
        known = {action: verdict for action, verdict in told.items() if verdict is not None}
        if known:
            verdicts[resource.resource_id] = known
    return verdicts


async def _rights(calls: ArmCalls, account: Account, object_id: str, scopes: Sequence[str]) -> Rights:
    found = await asyncio.gather(*(_of_scope(calls, account, scope) for scope in scopes))
    of_scopes = {
        scope: grants for scope, grants in zip(scopes, found, strict=True) if not isinstance(grants, ReadFailed)
    }
    failures = [grants for grants in found if isinstance(grants, ReadFailed)]
    if failures and not of_scopes:
        raise failures[0]
    return Rights(of_scopes, await _single(calls, account, object_id))


async def _of_scope(calls: ArmCalls, account: Account, scope: str) -> tuple[Grant, ...] | ReadFailed:
    try:
        return await rights_at(calls, account, scope)
    except CALL_FAILURES as cause:
        failure = read_failed(cause, account, operation=f"the permissions at {scope}", permission=RIGHTS)
        if isinstance(failure, ReadFailed):
            return failure
        raise failure from None


async def _single(calls: ArmCalls, account: Account, object_id: str) -> Mapping[str, Sequence[Grant]] | None:
    """The grants of roles that are assigned below resource groups, by their scope."""
    if not object_id:
        return None
    parameters = _API | {"$filter": f"assignedTo('{object_id}')"}
    try:
        assigned: dict[str, list[str]] = {}
        async for answer in calls.pages(account, "authorization", _ASSIGNMENTS.format(account.account_id), parameters):
            for one in _assignments(answer):
                if scope_of(one["scope"]) != one["scope"].lower().rstrip("/"):
                    assigned.setdefault(one["scope"].lower(), []).append(one["role"])
        roles = sorted({role for found in assigned.values() for role in found})
        grants = dict(
            zip(roles, await asyncio.gather(*(_of_role(calls, account, role) for role in roles)), strict=True)
        )
    except CALL_FAILURES:
        return None
    return {scope: [grant for role in found for grant in grants[role]] for scope, found in assigned.items()}


async def _of_role(calls: ArmCalls, account: Account, role: str) -> tuple[Grant, ...]:
    answer = await calls.get(account, "authorization", role, _API)
    return grants_of(find("properties.permissions", answer))


def _assignments(answer: Mapping[str, object]) -> list[dict[str, str]]:
    found = find(_OF_ROLE, answer)
    if not isinstance(found, list) or not all(one["scope"] and one["role"] for one in found):
        raise Malformed("there are no role assignments in the answer")
    return found


def _is_within(resource_id: str, scope: str) -> bool:
    return f"{resource_id.lower()}/".startswith(f"{scope.rstrip('/')}/")
