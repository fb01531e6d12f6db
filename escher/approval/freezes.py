"""Whether a plan falls into a time in which nothing is changed. Pure: the time is given."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from escher.approval.rules import Act
from escher.contract.environments import environments_of
from escher.contract.policy import DAYS, Freeze, Policy


def frozen(acts: Iterable[Act], policy: Policy, now: datetime) -> tuple[Freeze, Act] | None:
    """The first freeze (by name) that is in force and holds something of the plan back, with what it holds back."""
    current = sorted((one for one in policy.freezes if is_in_force(one, now)), key=lambda one: one.name)
    changes = [act for act in acts if act.changes]
    return next(((freeze, act) for freeze in current for act in changes if _holds_back(freeze, act)), None)


def is_in_force(freeze: Freeze, now: datetime) -> bool:
    """Whether a freeze is on at this moment. Weekly ones go by the clock on the wall of their zone."""
    if freeze.from_ is not None and freeze.until is not None:
        return freeze.from_ <= now < freeze.until
    local = now.astimezone(ZoneInfo(freeze.zone))
    time, today = local.strftime("%H:%M"), DAYS[local.weekday()]
    yesterday = DAYS[(local - timedelta(days=1)).weekday()]
    if freeze.start < freeze.end:
        return today in freeze.days and freeze.start <= time < freeze.end
    return (today in freeze.days and time >= freeze.start) or (yesterday in freeze.days and time < freeze.end)


def _holds_back(freeze: Freeze, act: Act) -> bool:
    if freeze.effects and act.operation.effect not in freeze.effects:
        return False
    one = act.thing.resource
    return not freeze.environments or one is None or bool(environments_of(one.tags) & set(freeze.environments))
