"""Lay a reply out: sentence, facts, targets, plan, consent, in this order. Pure.

The server may name the components of the first part (`Layout`); the plan and its confirmation are always ours.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

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
    PlanData,
    PlanProps,
    Slot,
    Text,
    TextData,
)
from escher.contract.understanding import Clarification, Understanding
from escher.errors import EscherError
from escher.widgets.facts import facts, metric
from escher.widgets.tables import counts_table, resource_table

SENTENCE = "s0"
MOST_COMPONENTS = 50
MOST_LISTED = 20


@dataclass(frozen=True, slots=True)
class ReplyParts:
    """What a reply is made of. `now` is only needed to say how old the estate is; `runs_as` names a principal."""

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
    return (*shown[: MOST_COMPONENTS - 3], *_incomplete(parts.completeness), *_consent(parts))


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
        yield Text(id=name, data=TextData(content=parts.text))


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
        kinds = Counter(resource.kind.replace("_", " ") for resource in parts.targets)
        yield from (metric(f"{name}-{kind}", kind, number, "number") for kind, number in kinds.most_common(10))
    elif parts.targets:
        yield counts_table(name, slot.title or "Found", parts.targets)


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
