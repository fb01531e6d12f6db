"""What a policy is weighed against besides the plan itself: the time, how much there is of each kind, what things cost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from escher.contract.estate import Resource
from escher.contract.policy import Policy
from escher.contract.vocabulary import Kind


@dataclass(frozen=True, slots=True)
class Facts:
    """`kinds` counts the whole estate, `costs` are USD a month by resource id; what is missing is not known.

    `own_scripts` are the SHA-256 digests of the scripts that only read and came with this client: its own calls.
    """

    now: datetime
    kinds: Mapping[Kind, int] = field(default_factory=dict[Kind, int])
    costs: Mapping[str, float] = field(default_factory=dict[str, float])
    own_scripts: frozenset[str] = frozenset()


def facts_of(
    policy: Policy,
    targets: Sequence[Resource],
    estate: Iterable[Resource],
    now: datetime,
    own_scripts: frozenset[str] = frozenset(),
) -> Facts:
    """As much as this policy asks for. The estate is walked only where a limit is a share of a kind."""
    shares = {limit.kind for limit in policy.limits if limit.at_most_percent is not None}
    counted = Counter(one.kind for one in estate if None in shares or one.kind in shares) if shares else {}
    costs = {one.resource_id: cost for one in targets if (cost := _monthly_cost(one)) is not None}
    return Facts(now, counted, costs, own_scripts)


def _monthly_cost(one: Resource) -> float | None:
    cost = one.attributes.get("monthly_cost_usd")
    return float(cost) if isinstance(cost, int | float) and not isinstance(cost, bool) else None
