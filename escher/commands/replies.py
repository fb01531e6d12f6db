"""A reply for people at a terminal, in the order of the notebook: sentence, targets, steps, consent."""

from __future__ import annotations

import re

from rich.console import Group, RenderableType
from rich.markup import escape
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from escher.contract.plan import Plan, Step
from escher.contract.reply import Reply
from escher.widgets.visible import visible

MOST_ROWS = 20
_EFFECT = {"read": "reads", "write": "changes state", "destroy": "destroys", "secret": "secret", "unknown": "unknown"}


def reply_text(reply: Reply) -> RenderableType:
    """The whole reply as rich text."""
    parts: list[RenderableType] = [sentence(reply.text)]
    if reply.clarification:
        parts += [Text(f"  · {choice}") for choice in reply.clarification.choices]
    if reply.targets:
        parts.append(targets_table(reply))
    if reply.plan:
        parts += [*plan_lines(reply.plan), consent_line(reply.plan)]
    return Group(*parts)


def sentence(text: str) -> Text:
    """`**bold**` as bold."""
    return Text.from_markup(re.sub(r"\*\*(.+?)\*\*", r"[bold]\1[/bold]", escape(text)))


def targets_table(reply: Reply) -> Table:
    """What the answer means, at most twenty rows."""
    more = len(reply.targets) - MOST_ROWS
    table = Table(
        "name", "id", "account", "region", "type", "state", box=None, caption=f"and {more} more" if more > 0 else None
    )
    for target in reply.targets[:MOST_ROWS]:
        kind = target.size or target.resource_type
        cells = (
            target.name,
            target.identifier,
            target.account_name or target.account_id,
            target.region,
            kind,
            target.state,
        )
        table.add_row(*(Text(visible(cell)) for cell in cells))
    return table


def plan_lines(plan: Plan) -> list[RenderableType]:
    """Steps with what they run, and how each is undone."""
    title = f"\n[bold]{escape(plan.title)}[/bold]  {plan.playbook_id} {plan.version} · risk {plan.risk} · "
    lines: list[RenderableType] = [
        Text.from_markup(title + ("can be undone" if plan.reversible else "[red]cannot be undone[/red]"))
    ]
    for step in plan.steps:
        lines += _step_lines(step)
    return lines + [Text(f"! {warning}", style="yellow") for warning in plan.warnings]


def consent_line(plan: Plan) -> Text:
    """How to approve."""
    typed = f" --confirm '{plan.confirmation[0]}'" if plan.confirmation else ""
    return Text(f"\nTo approve: escher approve {plan.plan_id} --digest {plan.digest}{typed}")


def _step_lines(step: Step) -> list[RenderableType]:
    place = f"{step.account_name or step.account_id} {step.region}"
    lines: list[RenderableType] = [Text(f"{step.step_id}  {step.title}  [{_EFFECT[step.effect]}]  {place}")]
    lines += [
        Syntax(f"    {command}", "bash", theme="ansi_dark", background_color="default", word_wrap=True)
        for command in step.commands
    ]
    if step.rollback:
        lines += [Text(f"    undo: {command}", style="dim") for command in step.rollback.commands]
    if step.effect != "read" and (step.irreversible_because or not step.rollback):
        told = "undo does not bring back" if step.rollback else "cannot be undone"
        lines.append(
            Text(f"    {told}: {visible(step.irreversible_because)}", style="yellow" if step.rollback else "red")
        )
    return lines
