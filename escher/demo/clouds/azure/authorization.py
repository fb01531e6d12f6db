"""`Microsoft.Authorization` at any scope: permissions, role assignments, role definitions."""

from __future__ import annotations

import re

from escher.demo.clouds.azure.access import ROLES, assignments, effective, role_assignment, role_definition
from escher.demo.clouds.azure.address import address
from escher.demo.clouds.azure.cloud import Cloud
from escher.demo.clouds.azure.exchange import Answer, ArmError, Call
from escher.demo.clouds.azure.paging import paged


def permissions(cloud: Cloud, call: Call) -> Answer:
    """What the caller may do at a scope: one entry for each role that holds there."""
    scope = _scope(cloud, call)
    return paged(call, [one.role.permission for one in effective(cloud.state, scope)])


def role_assignments(cloud: Cloud, call: Call) -> Answer:
    """The assignments that hold at a scope, and, unless `atScope()` is asked for, those below it."""
    scope = _scope(cloud, call)
    found = effective(cloud.state, scope)
    if "atscope()" not in call.query.get("$filter", "").lower():
        below = scope.lower().rstrip("/") + "/"
        found += [one for one in assignments(cloud.state) if one.scope.lower().startswith(below)]
    return paged(call, [role_assignment(one) for one in found])


def role_definitions(cloud: Cloud, call: Call) -> Answer:
    """The roles that can be assigned."""
    scope = _scope(cloud, call)
    wanted = re.search(r"roleName eq '([^']+)'", call.query.get("$filter", ""), re.IGNORECASE)
    found = [one for one in ROLES if wanted is None or one.name.lower() == wanted[1].lower()]
    return paged(call, [role_definition(one, scope) for one in found])


def role_definition_named(cloud: Cloud, call: Call) -> Answer:
    """One role, by its GUID."""
    scope, name = _scope(cloud, call), call.path.rstrip("/").rsplit("/", 1)[-1]
    for role in ROLES:
        if role.guid == name.lower():
            return Answer(200, role_definition(role, scope))
    raise ArmError(404, "RoleDefinitionDoesNotExist", f"The specified role definition with ID '{name}' does not exist.")


def _scope(cloud: Cloud, call: Call) -> str:
    scope = re.split(r"/providers/Microsoft\.Authorization/", call.path, flags=re.IGNORECASE)[0]
    if scope:
        where = address(scope)
        cloud.check_scope(where)
        if where.pairs:
            cloud.body(where)
    return scope
