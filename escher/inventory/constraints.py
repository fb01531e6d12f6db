"""What can be done with a resource, and what hangs on it (spec/scanner.md section 7). Pure.

`can_…` is True or False, or None where the permission is unknown: never True by default.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from escher.contract.estate import Resource
from escher.contract.relations import Graph
from escher.contract.vocabulary import ChangeAction, State
from escher.providers.registry import resource_types

_NEEDS: Mapping[ChangeAction, frozenset[State]] = {
    "stop": frozenset({"running"}),
    "start": frozenset({"stopped"}),
}
AUTOMATIC = "automatic_backups"
"""What the mapping says in `constraints` of types that know of automatic backups."""


def constrained(
    resources: Sequence[Resource], protected: Callable[[Resource], bool] = lambda resource: False
) -> list[Resource]:
    """The resources of an account, in order, with their constraints worked out."""
    graph = Graph(resources)
    return [replace(one, constraints=_constraints(one, graph, protected(one))) for one in resources]


def _constraints(one: Resource, graph: Graph, protected: bool) -> dict[str, Any]:
    declared = resource_types().get(one.resource_type)
    dependants = graph.dependants(one)
    found: dict[str, Any] = {"has_dependencies": bool(dependants), "dependants": len(dependants)}
    automatic = one.constraints.get(AUTOMATIC)
    if automatic is not None:
        found[AUTOMATIC] = automatic
    found["has_backups"] = bool(automatic) or bool(graph.copies(one))
    if protected:
        found["protected"] = True
    if declared is None:
        return found
    found |= {name: one.attributes[name] for name in declared.extras if name in one.attributes}
    for action, permissions in declared.acts.items():
        found[f"can_{action}"] = _can(one, action, permissions, blocked=action == "delete" and bool(dependants))
    return found


def _can(one: Resource, action: ChangeAction, permissions: Sequence[str], *, blocked: bool) -> bool | None:
    wanted = _NEEDS.get(action)
    if blocked or (wanted is not None and one.state not in wanted):
        return False
    if set(permissions) & set(one.iam.get("denied_actions", ())):
        return False
    return True if set(permissions) <= set(one.iam.get("allowed_actions", ())) else None
