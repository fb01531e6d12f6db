"""Whether a plan changes more than the policy lets one plan change: the limits of its blast radius. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from escher.approval.facts import Facts
from escher.approval.rules import Act
from escher.contract.policy import Limit, Policy


def exceeded(acts: Iterable[Act], policy: Policy, facts: Facts) -> tuple[Limit, str] | None:
    """The first limit (by name) that the plan goes beyond, and in words how far."""
    changed = {act.thing.key: act.thing.resource for act in acts if act.changes}
    for limit in sorted(policy.limits, key=lambda one: one.name):
        meant = [one for one in changed.values() if limit.kind is None or one is None or one.kind == limit.kind]
        if said := _beyond(limit, len(meant), facts):
            return limit, said
    return None


def _beyond(limit: Limit, number: int, facts: Facts) -> str:
    """How a number of things goes beyond a limit; empty when it does not."""
    what = limit.kind.replace("_", " ") if limit.kind else "thing"
    if limit.at_most is not None and number > limit.at_most:
        return f"it changes {number} {what}{'' if number == 1 else 's'}, and {limit.at_most} are the most"
    if limit.at_most_percent is None or not number:
        return ""
    # A scan may not have seen them all; then the share is not smaller than it looks.
    total = facts.kinds.get(limit.kind, 0) if limit.kind else sum(facts.kinds.values())
    share = 100 * number / total if total else 100.0
    if share <= limit.at_most_percent:
        return ""
    return f"it changes {number} of {total} {what}s ({share:.0f} %), and {limit.at_most_percent:g} % is the most"
