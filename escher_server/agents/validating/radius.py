"""How far a plan would reach, as far as counts in buckets tell: how many, where, what hangs on it, what it costs. Pure.

The server never sees which resources are meant, so it gives bounds. Only what is certain raises a risk.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from escher.contract.agents import BlastRadius
from escher.contract.context import AliasedResource, Count, RequestContext
from escher.contract.plan import PlanTemplate
from escher.contract.playbook import Impact
from escher.contract.risk import PROTECTED
from escher.contract.understanding import Filters, Selector

_EXACT = 5
Bounds = tuple[int, int | None]


def blast_radius(template: PlanTemplate, context: RequestContext) -> BlastRadius:
    """What running it once may touch."""
    selector, meant = template.selector, named(template.selector, context)
    least, most = _bounds(selector, context)
    regions = {*selector.filters.regions, *(one.region for one in meant if one.region)}
    environments = {*selector.filters.environments, *(one.environment for one in meant if one.environment)}
    impact = template.playbook.metadata.estimated_impact
    changes = [step for step in template.playbook.orchestration.steps if step.phase == "change"]
    return BlastRadius(
        least=least,
        most=most,
        accounts=len(selector.filters.accounts) or None,
        regions=len(regions) or len(context.summary.regions) or None,
        environments=tuple(sorted(environments)),
        protected=bool(environments & set(PROTECTED)),
        dependants=sum(one.dependants for one in meant),
        downtime_minutes=impact.downtime_minutes,
        saves_monthly_usd=impact.cost_savings_monthly_usd,
        data_loss=impact.data_loss_risk,
        reversible=impact.reversible and all(step.rollback for step in changes),
    )


def named(selector: Selector, context: RequestContext) -> tuple[AliasedResource, ...]:
    """What the context tells of the things that are named, those of the wanted kinds only."""
    words = {*selector.filters.names, *selector.filters.ids}
    meant = (one for one in context.resources if one.alias in words)
    return tuple(one for one in meant if not selector.kinds or one.kind in selector.kinds)


def in_words(radius: BlastRadius, impact: Impact) -> str:
    """The same in sentences, for the person who approves."""
    return " ".join(_sentences(radius, impact))


def _sentences(radius: BlastRadius, impact: Impact) -> Iterator[str]:
    environments = f", environment {' and '.join(radius.environments)}" if radius.environments else ""
    yield f"Acts on {_many(radius.least, radius.most)}{_places(radius)}{environments}: {impact.affected_resources}."
    if radius.dependants:
        yield f"At least {radius.dependants} more depend on them."
    downtime = radius.downtime_minutes
    yield f"Downtime: about {downtime:g} minutes each." if downtime else "No downtime."
    if radius.saves_monthly_usd:
        yield f"Saves about {radius.saves_monthly_usd:g} USD a month."
    yield f"Data loss: {radius.data_loss}."
    yield "It can be undone." if radius.reversible else "It cannot be undone."


def _many(least: int, most: int | None) -> str:
    if most is None:
        return f"at least {least} resources" if least > 1 else "resources of a number that is not known here"
    if least == most:
        return "1 resource" if most == 1 else f"{most} resources"
    return f"at most {most} resources"


def _places(radius: BlastRadius) -> str:
    parts = [
        f"{number} {noun}{'' if number == 1 else 's'}"
        for number, noun in ((radius.accounts, "account"), (radius.regions, "region"))
        if number
    ]
    return f" in at most {' and '.join(parts)}" if parts else ""


def _bounds(selector: Selector, context: RequestContext) -> Bounds:
    """At least and at most how many are meant."""
    words = {*selector.filters.names, *selector.filters.ids}
    least, most = _of_names(words, selector, context) if words else _of_counts(selector, context)
    if selector.quantity == "one" and words:
        most = len(words) if most is None else min(most, len(words))
    if selector.limit is not None:
        most = selector.limit if most is None else min(most, selector.limit)
    return (least if most is None else min(least, most)), most


def _of_names(words: Iterable[str], selector: Selector, context: RequestContext) -> Bounds:
    """Who bears the names; a word that is no alias of the context may be a pattern, and stand for any number."""
    bearers = {one.alias: one for one in context.mentions if one.role in ("resource_name", "resource_id")}
    meant = [bearers.get(word) for word in words]
    found = [one for one in meant if one is not None]
    only_named = selector.filters.model_copy(update={"names": (), "ids": ()}) == Filters()
    certain = only_named and all(not selector.kinds or set(one.kinds) <= set(selector.kinds) for one in found)
    most = sum(one.matches if one.matches < _EXACT else _upper(one.matches) for one in found)
    return (sum(one.matches for one in found) if certain else 0), most if len(found) == len(meant) else None


def _of_counts(selector: Selector, context: RequestContext) -> Bounds:
    """The smallest of what the given dimensions allow; certain only where one of them is all that is asked for."""
    filters, summary = selector.filters, context.summary
    dimensions = (
        (selector.resource_types, summary.resource_types),
        (filters.regions, summary.regions),
        (filters.environments, summary.environments),
    )
    given = [(_total(values, counts), _most(values, counts)) for values, counts in dimensions if values and counts]
    if not given:
        return 0, None
    alone = len(given) == 1 and filters == Filters() and bool(selector.resource_types)
    return (given[0][0] if alone else 0), min(most for _, most in given)


def _total(values: Iterable[str], counts: Iterable[Count]) -> int:
    wanted = set(values)
    return sum(one.count for one in counts if one.value in wanted)


def _most(values: Iterable[str], counts: Iterable[Count]) -> int:
    wanted = set(values)
    return sum(_upper(one.count) for one in counts if one.value in wanted)


def _upper(bucket: int) -> int:
    """The most that a bucket of the summary may stand for; the lowest is one to four."""
    if bucket < _EXACT:
        return min(bucket, 1) * (_EXACT - 1)
    power = 1
    while power * 10 <= bucket:
        power *= 10
    return next(step * power for step in (2, 5, 10) if step * power > bucket) - 1
