"""What may be done with each resource: asked of the provider in batches, kept for a quarter of an hour.

What cannot be told is unknown; nothing is ever allowed by default.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from escher.contract.estate import Account, Resource
from escher.contract.marks import Mark, fitting
from escher.errors import CredentialError
from escher.inventory.constraints import constrained
from escher.providers.registry import resource_types
from escher.providers.source import ReadFailed, Source, Verdicts

VALID_SECONDS = 15 * 60


@dataclass(frozen=True, slots=True)
class Asked:
    """What a provider said of resources at a moment (Unix seconds); `failure` is why it said nothing, if so."""

    at: int
    verdicts: Verdicts = field(default_factory=dict)
    failure: ReadFailed | CredentialError | None = None


async def ask(source: Source, account: Account, resources: Sequence[Resource], now: int) -> Asked:
    """What may be done with those resources of which it is not known, or not any more."""
    due = [one for one in resources if is_due(one, now)]
    try:
        return Asked(now, await source.allowed(account, due) if due else {})
    except (ReadFailed, CredentialError) as cause:
        return Asked(now, failure=cause)


def permitted(known: Sequence[Resource], asked: Asked, marks: Iterable[Mark]) -> list[Resource]:
    """Those resources of an account of which something else is known now, permissions and constraints. Pure."""
    protecting = [mark for mark in marks if mark.effect == "protect"]
    fresh = [
        _with_iam(one, asked.verdicts.get(one.resource_id, {}), asked.at) if is_due(one, asked.at) else one
        for one in known
    ]
    found = constrained(fresh, lambda one: fitting(protecting, "protect", one) is not None)
    return [new for old, new in zip(known, found, strict=True) if new != old]


def is_due(resource: Resource, now: int) -> bool:
    """Whether what may be done with a resource is to be asked (again)."""
    return bool(_actions(resource)) and now - resource.iam.get("checked_at", 0) > VALID_SECONDS


def _with_iam(resource: Resource, verdicts: Mapping[str, bool], now: int) -> Resource:
    actions = _actions(resource)
    iam = {
        "allowed_actions": [action for action in actions if verdicts.get(action) is True],
        "denied_actions": [action for action in actions if verdicts.get(action) is False],
        "unknown_actions": [action for action in actions if action not in verdicts],
        "checked_at": now,
    }
    return replace(resource, iam=iam)


def _actions(resource: Resource) -> list[str]:
    declared = resource_types().get(resource.resource_type)
    acts = declared.acts.values() if declared else ()
    return list(dict.fromkeys(action for actions in acts for action in actions))
