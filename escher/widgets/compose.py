"""Lay a reply out: sentence, facts, targets, plan, consent, in this order. Pure.

The server may name the components of the first part (`Layout`); the plan and its confirmation are always ours.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from escher.contract.data_requests import DataResult
from escher.contract.environments import environment_of
from escher.contract.estate import Completeness, Resource
from escher.contract.plan import Plan
from escher.contract.playbook import RankedPlaybook
from escher.contract.ui import (
    Component,
    ConfirmationCard,
    ConfirmationData,
    ConfirmationProps,
    ErrorCard,
    ErrorData,
    ErrorProps,
    ExecutionPlan,
    Layout,
    ListComponent,
    ListData,
    ListProps,
    Markdown,
    PlanData,
    PlanProps,
    Slot,
    Text,
    TextData,
)
from escher.contract.understanding import Clarification, Filters, Understanding
from escher.errors import EscherError
from escher.widgets.facts import Tone, facts, metric
from escher.widgets.tables import cost_of, costs_table, counts_table, resource_table, states_table, told_table

SENTENCE = "s0"
MOST_COMPONENTS = 50
MOST_LISTED = 20
_TONES: Mapping[str, Tone] = {"error": "bad", "pending": "warn", "deleting": "warn", "running": "ok"}


@dataclass(frozen=True, slots=True)
class ReplyParts:
    """What a reply is made of. `counted` is what the server is told with the next question.

    `now` is only needed to say how old the estate is; `runs_as` names a principal.
    """

    text: str
    understanding: Understanding
    completeness: Completeness
    targets: tuple[Resource, ...] = ()
    skipped: tuple[Resource, ...] = ()
    skipped_because: str = ""
    playbooks: tuple[RankedPlaybook, ...] = ()
    plan: Plan | None = None
    clarification: Clarification | None = None
    layout: Layout | None = None
    counted: tuple[DataResult, ...] = ()
    runs_as: str = ""
    footer: str = ""
    now: datetime = field(default_factory=lambda: datetime.now(UTC))


def compose(parts: ReplyParts) -> tuple[Component, ...]:
    """The components of a reply, in the order in which they are read; at most 50."""
    if parts.clarification:
        return (*_say(parts), *_choices(parts.clarification))
    slots = parts.layout.components if parts.layout and parts.layout.components else _default_slots(parts)
    shown = [
        part for number, slot in enumerate(slots) for part in _BINDINGS[slot.bind](parts, slot, _name(number, slot))
    ]
    told = [told_table(f"told-{number}", result) for number, result in enumerate(parts.counted, start=1)]
    return (*shown[: MOST_COMPONENTS - 3 - len(told)], *told, *_incomplete(parts.completeness), *_consent(parts))


def compose_error(error: EscherError) -> ErrorCard:
    """A failure as a card: what went wrong, and the next move."""
    return ErrorCard(
        id="error",
        props=ErrorProps(title="Nothing was changed"),
        data=ErrorData(code=error.code, message=error.message, hint=error.hint),
    )


def _name(number: int, slot: Slot) -> str:
    """The sentence has one id wherever it stands: it is shown while it grows, before the rest is known."""
    return SENTENCE if slot.bind == "$text" else f"s{number + 1}"


def _default_slots(parts: ReplyParts) -> tuple[Slot, ...]:
    counted = parts.understanding.action == "count"
    found = Slot(type="table", bind="$counts") if counted else Slot(type="resource_table", bind="$targets")
    return (Slot(type="text", bind="$text"), Slot(type="metric", bind="$facts"), found)


def _say(parts: ReplyParts, slot: Slot | None = None, name: str = SENTENCE) -> Iterator[Component]:
    if parts.text:
        form = Markdown if slot is not None and slot.type == "markdown" else Text
        yield form(id=name, data=TextData(content=parts.text))


def _facts(parts: ReplyParts, slot: Slot, name: str) -> Iterator[Component]:
    return facts(parts.understanding, parts.completeness, parts.now, name)


def _resources(parts: ReplyParts, slot: Slot, name: str) -> Iterator[Component]:
    if parts.targets:
        title = slot.title or ("Targets" if parts.plan else "Found")
        filters = parts.understanding.filters
        said = frozenset(filters.regions + filters.environments + filters.accounts)
        yield resource_table(name, title, parts.targets, skipped=len(parts.skipped), footer=_footer(parts), said=said)


def _counts(parts: ReplyParts, slot: Slot, name: str) -> Iterator[Component]:
    if slot.type == "metric":
        groups = Counter(map(_group(parts.understanding.filters), parts.targets))
        yield from (metric(f"{name}-{group}", group, number, "number") for group, number in groups.most_common(10))
    elif parts.targets:
        yield counts_table(name, slot.title or "Found", parts.targets)


def _group(filters: Filters) -> Callable[[Resource], str]:
    """What tells the things of a question apart: what it named several of, else their kinds."""
    if len(filters.environments) > 1:
        return lambda one: environment_of(one.tags) or "no environment"
    if len(filters.regions) > 1:
        return lambda one: one.region
    if len(filters.accounts) > 1:
        return lambda one: one.account_name or one.account_id
    return lambda one: one.kind.replace("_", " ")


def _costs(parts: ReplyParts, slot: Slot, name: str) -> Iterator[Component]:
    """What the matches cost a month, and of how many nobody knows it."""
    known = [one for one in parts.targets if cost_of(one) is not None]
    if slot.type == "table":
        yield from (costs_table(name, slot.title or "Cost", known),) if known else ()
    elif parts.targets:
        total = round(sum(cost_of(one) or 0 for one in known), 2)
        value, form = (total, "currency") if known else ("not known", "text")
        yield metric(f"{name}-total", "USD / month", value, form)
        if known and len(known) < len(parts.targets):
            yield metric(f"{name}-unknown", "without a known cost", len(parts.targets) - len(known), "number", "warn")


def _states(parts: ReplyParts, slot: Slot, name: str) -> Iterator[Component]:
    """How many are in which state, those in trouble marked."""
    if slot.type == "table":
        yield from (states_table(name, slot.title or "States", parts.targets),) if parts.targets else ()
        return
    for state, number in Counter(one.state for one in parts.targets).most_common():
        yield metric(f"{name}-{state}", state.replace("_", " "), number, "number", _TONES.get(state, "plain"))


def _summary(parts: ReplyParts, slot: Slot, name: str) -> Iterator[Component]:
    places = Counter((resource.account_name or resource.account_id, resource.region) for resource in parts.targets)
    items = tuple(f"{account} · {region}: {number}" for (account, region), number in places.most_common(MOST_LISTED))
    if items:
        yield ListComponent(id=name, props=ListProps(title=slot.title), data=ListData(items=items))


_BINDINGS: dict[str, Callable[[ReplyParts, Slot, str], Iterator[Component]]] = {
    "$text": _say,
    "$facts": _facts,
    "$targets": _resources,
    "$matches": _resources,
    "$counts": _counts,
    "$summary": _summary,
    "$costs": _costs,
    "$states": _states,
}


def _choices(clarification: Clarification) -> Iterator[Component]:
    if clarification.choices:
        props = ListProps(title="Did you mean one of these?", selectable=True)
        yield ListComponent(id="choices", props=props, data=ListData(items=clarification.choices))


def _incomplete(completeness: Completeness) -> Iterator[Component]:
    items = [
        f"{scope.account_id} · {scope.region} · {scope.resource_type}: {scope.reason}"
        for scope in completeness.partial_scopes
    ]
    if items:
        more = [f"and {len(items) - MOST_LISTED} more"] if len(items) > MOST_LISTED else []
        data = ListData(items=(*items[:MOST_LISTED], *more))
        yield ListComponent(id="incomplete", props=ListProps(title="Not everything was seen"), data=data)


def _consent(parts: ReplyParts) -> Iterator[Component]:
    plan = parts.plan
    if plan is None:
        return
    yield ExecutionPlan(
        id=f"plan-{plan.plan_id}", props=PlanProps(subtitle=_origin(plan, parts.playbooks)), data=PlanData(plan=plan)
    )
    yield confirmation(plan, parts.runs_as)


def plan_components(plan: Plan) -> tuple[Component, ...]:
    """A plan that no question led to: its steps and the card with its Approve button."""
    card = ExecutionPlan(id=f"plan-{plan.plan_id}", props=PlanProps(subtitle=plan.question), data=PlanData(plan=plan))
    return card, confirmation(plan)


def confirmation(plan: Plan, runs_as: str = "") -> ConfirmationCard:
    """The card with the Approve button of a plan. Put it again with another `state` when that changes."""
    accounts = tuple(dict.fromkeys(step.account_name or step.account_id for step in plan.steps))
    who = f" as **{runs_as}**" if runs_as else ""
    return ConfirmationCard(
        id=f"confirmation-{plan.plan_id}",
        props=ConfirmationProps(
            action=plan.title,
            risk=plan.risk,
            effect=plan.effect,
            typed=plan.confirmation[0] if plan.confirmation else "",
        ),
        data=ConfirmationData(
            plan_id=plan.plan_id,
            digest=plan.digest,
            summary=f"Runs on this machine{who} in **{_named(accounts, 'account')}**, once.",
            warnings=plan.warnings,
            accounts=accounts,
            regions=tuple(dict.fromkeys(step.region for step in plan.steps)),
            expires_at=plan.expires_at,
        ),
    )


def _origin(plan: Plan, ranked: Sequence[RankedPlaybook]) -> str:
    if plan.generated:
        return "made for this request from the command reference · reviewed by nobody"
    reason = next((one.reason for one in ranked if one.playbook_id == plan.playbook_id), "")
    best = f"best of {len(ranked)}" if len(ranked) > 1 else ""
    why = ", because ".join(filter(None, (best, reason))) if best else reason
    return " · ".join(filter(None, (f"playbook {plan.playbook_id} {plan.version}", why)))


def _footer(parts: ReplyParts) -> str:
    return " ".join(filter(None, (_skipped(parts), parts.footer)))


def _skipped(parts: ReplyParts) -> str:
    if not parts.skipped:
        return ""
    names = ", ".join(resource.name or resource.identifier for resource in parts.skipped[:5])
    more = f" and {len(parts.skipped) - 5} more" if len(parts.skipped) > 5 else ""
    because = f": {parts.skipped_because}" if parts.skipped_because else ""
    return f"Left out{because} ({names}{more})."


def _named(values: Sequence[str], noun: str) -> str:
    return values[0] if len(values) == 1 else f"{len(values)} {noun}s"
