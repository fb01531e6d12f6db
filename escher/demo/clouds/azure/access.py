"""RBAC: which roles the caller has where, and what they let it do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from escher.demo.clouds.azure.exchange import ArmError, Json
from escher.demo.clouds.azure.state import State
from escher.demo.clouds.azure.subscriptions import CALLER, PRINCIPAL_ID, READ_ONLY_GROUP, SUBSCRIPTIONS, guid


@dataclass(frozen=True, slots=True)
class Role:
    """A built-in role, with the id that it has everywhere."""

    name: str
    guid: str
    actions: tuple[str, ...]
    not_actions: tuple[str, ...] = ()

    def allows(self, action: str) -> bool:
        """Whether the action is among the actions and not among those taken out."""
        return _any(self.actions, action) and not _any(self.not_actions, action)

    @property
    def permission(self) -> Json:
        """What it permits, as the permissions call lists it."""
        return {
            "actions": list(self.actions),
            "notActions": list(self.not_actions),
            "dataActions": [],
            "notDataActions": [],
        }


@dataclass(frozen=True, slots=True)
class Assignment:
    """A role of the caller at a scope and all below."""

    role: Role
    scope: str

    @property
    def name(self) -> str:
        """Its GUID."""
        return guid("assignment", self.role.name, self.scope.lower())


OWNER = Role("Owner", "8e3af657-a8ff-443c-a75c-2fe8c4bcb635", ("*",))
CONTRIBUTOR = Role(
    "Contributor",
    "b24988ac-6180-42a0-ab88-20f7382dd24c",
    ("*",),
    (
        "Microsoft.Authorization/*/Delete",
        "Microsoft.Authorization/*/Write",
        "Microsoft.Authorization/elevateAccess/Action",
    ),
)
READER = Role("Reader", "acdd72a7-3385-48ef-bd42-f606fba81ae7", ("*/read",))
ROLES = (OWNER, CONTRIBUTOR, READER)


def assignments(state: State) -> Iterator[Assignment]:
    """The caller's: owner of one subscription; in the other reader, and contributor in all groups but one."""
    first, second = (f"/subscriptions/{one}" for one in SUBSCRIPTIONS.values())
    yield Assignment(OWNER, first)
    yield Assignment(READER, second)
    for record in state.under(second):
        if record.is_group:
            read_only = record.body["name"] == READ_ONLY_GROUP
            yield Assignment(READER if read_only else CONTRIBUTOR, record.id)


def effective(state: State, scope: str) -> list[Assignment]:
    """Those that hold at a scope: given there or above."""
    inside = scope.lower().rstrip("/") + "/"
    return [one for one in assignments(state) if inside.startswith(one.scope.lower() + "/")]


def demand(state: State, action: str, scope: str) -> None:
    """Raise ArmError, 403, when no role lets the caller do this there."""
    if any(one.role.allows(action) for one in effective(state, scope)):
        return
    raise ArmError(
        403,
        "AuthorizationFailed",
        f"The client '{CALLER}' with object id '{PRINCIPAL_ID}' does not have authorization to perform action "
        f"'{action}' over scope '{scope}' or the scope is invalid. If access was recently granted, please refresh "
        "your credentials.",
    )


def role_definition(role: Role, scope: str) -> Json:
    """A role as `roleDefinitions` lists it."""
    return {
        "id": f"{_subscription(scope)}/providers/Microsoft.Authorization/roleDefinitions/{role.guid}",
        "type": "Microsoft.Authorization/roleDefinitions",
        "name": role.guid,
        "properties": {
            "roleName": role.name,
            "type": "BuiltInRole",
            "description": f"The built-in role {role.name}.",
            "assignableScopes": ["/"],
            "permissions": [role.permission],
        },
    }


def role_assignment(one: Assignment) -> Json:
    """An assignment as `roleAssignments` lists it."""
    definitions = f"{_subscription(one.scope)}/providers/Microsoft.Authorization/roleDefinitions"
    return {
        "id": f"{one.scope}/providers/Microsoft.Authorization/roleAssignments/{one.name}",
        "type": "Microsoft.Authorization/roleAssignments",
        "name": one.name,
        "properties": {
            "roleDefinitionId": f"{definitions}/{one.role.guid}",
            "principalId": PRINCIPAL_ID,
            "principalType": "ServicePrincipal",
            "scope": one.scope,
        },
    }


def _subscription(scope: str) -> str:
    return "/".join(scope.split("/")[:3])


def _any(patterns: tuple[str, ...], action: str) -> bool:
    return any(re.fullmatch(re.escape(one).replace(r"\*", ".*"), action, re.IGNORECASE) for one in patterns)
