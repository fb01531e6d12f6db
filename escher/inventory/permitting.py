"""What may be done with each resource: asked of the provider in batches, kept for a quarter of an hour.

What cannot be told is unknown; nothing is ever allowed by default.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from escher.contract.estate import Account, Resource
from escher.contract.marks import fitting
from escher.errors import CredentialError
from escher.inventory.constraints import constrained
from escher.providers.registry import resource_types
from escher.providers.source import ReadFailed, Source, Verdicts
from escher.store.estate import EstateStore

VALID_SECONDS = 15 * 60


async def permitted(
    source: Source, account: Account, estate: EstateStore, now: int
) -> tuple[list[Resource], ReadFailed | CredentialError | None]:
    """Those resources of an account of which something else is known now; and why nothing could be told, if so."""
    known = [one for one in estate.by_account(account.account_id) if one.provider == account.provider]
    due = [one for one in known if _actions(one) and now - one.iam.get("checked_at", 0) > VALID_SECONDS]
    verdicts: Verdicts = {}
    failure: ReadFailed | CredentialError | None = None
    try:
        verdicts = await source.allowed(account, due) if due else {}
    except (ReadFailed, CredentialError) as cause:
        failure = cause
    fresh = {one.natural_key: _with_iam(one, verdicts.get(one.resource_id, {}), now) for one in due}
    whole = [fresh.get(one.natural_key, one) for one in known]
    marks = [mark for mark in estate.marks() if mark.effect == "protect"]
    found = constrained(whole, lambda one: fitting(marks, "protect", one) is not None)
    return [new for old, new in zip(known, found, strict=True) if new != old], failure


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
    return _unique(action for actions in declared.acts.values() for action in actions) if declared else []


def _unique(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(values))
