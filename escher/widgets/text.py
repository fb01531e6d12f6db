"""Components as plain text: for terminals, and wherever a page cannot show them. Deceptive characters are written out."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from escher.contract.ui import (
    COMPONENT,
    Component,
    ConfirmationCard,
    ErrorCard,
    ExecutionPlan,
    ExecutionResult,
    ListComponent,
    Markdown,
    Metric,
    PolicyEditor,
    ProgressTracker,
    ResourceTable,
    Table,
    Text,
)
from escher.widgets.visible import visible

MOST_ROWS = 50
MOST_WIDTH = 40
_BOLD = re.compile(r"\*\*(.+?)\*\*")


def text_of(components: Iterable[Component | Mapping[str, Any]]) -> str:
    """Every component in order, a blank line between two that are no figures; an unknown type as its JSON."""
    blocks: list[str] = []
    before = ""
    for component in components:
        kind = component["type"] if isinstance(component, Mapping) else component.type
        gap = "" if before == kind == "metric" or not blocks else "\n"
        blocks.append(gap + "\n".join(_lines(component)))
        before = kind
    return "\n".join(blocks)


def _lines(component: Component | Mapping[str, Any]) -> Iterator[str]:
    if isinstance(component, Mapping):
        try:
            component = COMPONENT.validate_python(component)
        except ValidationError:
            yield visible(json.dumps(component, indent=2, ensure_ascii=False))
            return
    yield from map(visible, _FORMS[component.type](component))


def _sentence(text: str) -> str:
    return _BOLD.sub(r"\1", text)


def _words(component: Text | Markdown) -> Iterator[str]:
    yield _sentence(component.data.content)


def _metric(component: Metric) -> Iterator[str]:
    yield f"{component.props.label}: {component.data.value} {component.props.unit}".rstrip()


def _table(component: Table | ResourceTable) -> Iterator[str]:
    props, rows = component.props, component.data.rows
    heading = " · ".join(filter(None, (props.title, props.subtitle)))
    yield from filter(None, (heading,))
    cells = [[column.label for column in props.columns]]
    cells += [[_cell(row.get(column.key)) for column in props.columns] for row in rows[:MOST_ROWS]]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for line in cells:
        yield "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
    more = (props.total or len(rows)) - min(len(rows), MOST_ROWS)
    yield from filter(None, (f"and {more} more" if more > 0 else "", props.footer))


def _cell(value: object) -> str:
    text = visible("" if value is None else str(value))
    return text if len(text) <= MOST_WIDTH else f"{text[: MOST_WIDTH - 1]}…"


def _list(component: ListComponent) -> Iterator[str]:
    yield from filter(None, (component.props.title,))
    for number, item in enumerate(component.data.items, start=1):
        yield f"{f'{number}.' if component.props.ordered else '-'} {_sentence(item)}"


def _plan(component: ExecutionPlan) -> Iterator[str]:
    plan = component.data.plan
    yield f"{plan.title} ({component.props.subtitle or plan.playbook_id}), effect: {plan.effect}"
    for step in plan.steps:
        yield f"{step.step_id} {step.title} [{step.effect}] {step.account_name or step.account_id} {step.region}"
        yield from (f"    {command}" for command in step.commands)
        if step.rollback:
            yield from (f"    undo: {command}" for command in step.rollback.commands)
        if step.effect != "read" and (step.irreversible_because or not step.rollback):
            yield f"    {'undo does not bring back' if step.rollback else 'cannot be undone'}: {step.irreversible_because}"
    waves: dict[int, set[str]] = {}
    for step in plan.steps:
        waves.setdefault(step.wave, set()).update(step.targets)
    if sizes := ", ".join(str(len(waves[wave])) for wave in sorted(waves) if wave):
        yield f"In waves of {sizes} targets; stops when more than {plan.error_budget:.0%} of those so far have failed."


def _confirmation(component: ConfirmationCard) -> Iterator[str]:
    data = component.data
    yield from (f"! {warning}" for warning in data.warnings)
    typed = f" --confirm '{component.props.typed}'" if component.props.typed else ""
    yield _sentence(data.summary)
    yield f"To approve: escher approve {data.plan_id} --digest {data.digest}{typed}"


def _tracker(component: ProgressTracker) -> Iterator[str]:
    data = component.data
    done = sum(step.status not in ("pending", "running") for step in data.steps)
    yield f"{component.props.title}: {data.status}, {done} of {len(data.steps)} steps, {data.elapsed_s:.0f} s"
    yield from (f"  {line.at[11:19]} {line.text}" for line in data.lines)


def _result(component: ExecutionResult) -> Iterator[str]:
    data = component.data
    yield f"{component.props.title}: {data.summary}"
    yield from (f"  {step.status:10} {step.title} {step.account} {step.region}".rstrip() for step in data.steps)
    yield from filter(None, (data.error, *data.protections))
    yield from (f"May help: {one.title}. {one.reason} Risk: {one.risk}." for one in data.remedies)
    yield from data.next_actions


def _policy(component: PolicyEditor) -> Iterator[str]:
    data = component.data
    yield f"Policy, version {data.number}" if data.number else "Policy: the built-in one"
    yield from data.text.splitlines()
    yield from (f"! {problem}" for problem in (*data.problems, *data.notes))


def _error(component: ErrorCard) -> Iterator[str]:
    yield f"{component.props.title}: {component.data.message} {component.data.hint}".rstrip()


_FORMS: dict[str, Callable[[Any], Iterator[str]]] = {
    "text": _words,
    "markdown": _words,
    "metric": _metric,
    "table": _table,
    "resource_table": _table,
    "list": _list,
    "execution_plan": _plan,
    "confirmation_card": _confirmation,
    "progress_tracker": _tracker,
    "execution_result": _result,
    "policy_editor": _policy,
    "error_card": _error,
}
