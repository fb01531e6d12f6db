"""What policies let someone do. Pure: documents in, a decision out.

Conditions are not evaluated: a statement that has one applies only when it denies.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

Decision = Literal["allowed", "explicitDeny", "implicitDeny"]


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy document under the name of where it comes from."""

    source: str
    document: Mapping[str, Any]
    kind: str = "IAM Policy"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A decision and the policies with a statement that led to it."""

    decision: Decision
    sources: tuple[Policy, ...] = ()


def decide(policies: Iterable[Policy], action: str, resource: str) -> Verdict:
    """Whether an action on a resource is allowed: a denial wins over every permission, silence denies as well."""
    allowing: list[Policy] = []
    denying: list[Policy] = []
    for policy in policies:
        effects = {statement["Effect"] for statement in _statements(policy) if _applies(statement, action, resource)}
        if "Deny" in effects:
            denying.append(policy)
        if "Allow" in effects:
            allowing.append(policy)
    if denying:
        return Verdict("explicitDeny", tuple(denying))
    return Verdict("allowed", tuple(allowing)) if allowing else Verdict("implicitDeny")


def _statements(policy: Policy) -> list[Mapping[str, Any]]:
    return _listed(policy.document.get("Statement", []))


def _applies(statement: Mapping[str, Any], action: str, resource: str) -> bool:
    if statement.get("Condition") and statement["Effect"] == "Allow":
        return False
    return _named(statement, "Action", action.lower(), fold=True) and _named(statement, "Resource", resource)


def _named(statement: Mapping[str, Any], element: str, value: str, *, fold: bool = False) -> bool:
    """Whether `Action` or `Resource` names the value, or its `Not…` form does not."""
    for key, wanted in ((element, True), (f"Not{element}", False)):
        if key in statement:
            patterns = [one.lower() if fold else one for one in _listed(statement[key])]
            return any(_pattern(one).fullmatch(value) for one in patterns) is wanted
    return True


@lru_cache(maxsize=4_096)
def _pattern(text: str) -> re.Pattern[str]:
    """A policy's wildcards: `*` for any text, `?` for one character."""
    return re.compile(re.escape(text).replace(r"\*", ".*").replace(r"\?", "."), re.DOTALL)


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]
