"""Advice from counts: the same findings give the same advice, the most urgent first. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from escher.contract.aggregates import Advice, AdviceAnswer, AdviceCategory, AdviceRequest, Focus, Found
from escher.contract.risk import RISKS
from escher.contract.ui import Layout, Slot
from escher.contract.vocabulary import Risk
from escher_server.composer.findings import FINDINGS, counted

_BASE: Mapping[AdviceCategory, int] = {
    "security": 2,
    "compliance": 1,
    "reliability": 1,
    "cost": 0,
    "performance": 0,
    "maintenance": 0,
}
_FOCUS: Mapping[Focus, frozenset[AdviceCategory]] = {
    "balanced": frozenset(),
    "cost": frozenset({"cost"}),
    "security": frozenset({"security", "compliance"}),
    "operational": frozenset({"performance", "reliability", "maintenance"}),
}
_DEAR_USD = 500
_LAYOUT = Layout(
    template="dynamic",
    components=(Slot(type="text", bind="$text"), Slot(type="table", bind="$matches", title="Recommendations")),
)


def advise(request: AdviceRequest) -> AdviceAnswer:
    """What to do about what was found; findings of one sort and cloud in production and outside are two."""
    found = [each for each in request.found if each.count and FINDINGS[each.finding].action not in _blocked(request)]
    ordered = sorted(found, key=lambda each: _urgency(each, request.focus), reverse=True)
    advice = tuple(_advice(each) for each in ordered[: request.limit])
    return AdviceAnswer(text=_summary(advice, len(found)), advice=advice, layout=_LAYOUT)


def _blocked(request: AdviceRequest) -> frozenset[str]:
    return frozenset(request.blocked_actions) - {"none"}


def _urgency(found: Found, focus: Focus) -> tuple[bool, int, int, int]:
    category = FINDINGS[found.finding].category
    return category in _FOCUS[focus], RISKS.index(_priority(found)), found.monthly_usd, found.count


def _priority(found: Found) -> Risk:
    """By category, one step up in production, one where much money goes."""
    steps = _BASE[FINDINGS[found.finding].category] + found.production + (found.monthly_usd >= _DEAR_USD)
    return RISKS[min(steps, len(RISKS) - 1)]


def _advice(found: Found) -> Advice:
    known = FINDINGS[found.finding]
    place = " in production" if found.production else ""
    order = f"{known.order} in {found.provider}" if known.order and found.provider else known.order
    return Advice(
        finding=found.finding,
        category=known.category,
        priority=_priority(found),
        title=f"{counted(found.finding, found.count)}{place}",
        description=f"{known.why} {known.do}",
        saving_usd=found.monthly_usd if known.category == "cost" else 0,
        effort=known.effort,
        risk="high" if found.production and known.risk != "low" else known.risk,
        ask=order,
    )


def _summary(advice: Sequence[Advice], found: int) -> str:
    if not advice:
        return "Nothing was found that calls for advice."
    saving = sum(each.saving_usd for each in advice)
    first = f"First: {advice[0].title}."
    rest = f" {found - len(advice)} more were left out." if found > len(advice) else ""
    money = f" At least {saving:,} USD a month could be saved." if saving else ""
    count = "1 recommendation" if len(advice) == 1 else f"{len(advice)} recommendations"
    return f"{count}. {first}{money}{rest}"
