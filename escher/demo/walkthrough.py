"""One question from beginning to end, printed as it happens: what `make demo` shows before the notebook opens."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any

from rich.console import Console
from rich.syntax import Syntax
from rich.table import Table

from escher.contract.plan import Plan, Step
from escher.contract.reply import Reply
from escher.contract.runs import RunEvent, RunResult, StepEnded, StepOutput, StepStarted
from escher.errors import AuditTampered, NotFound, RunFailed
from escher.session.session import Session

QUESTION = "stop every dev instance in eu-west-1"


def run(session: Session, out: Console | None = None) -> dict[str, Any]:
    """Scan, ask, approve, run and verify; what came of it. Raises NotFound when there is nothing left to stop, RunFailed."""
    out = out or Console(highlight=False, soft_wrap=True)
    _scan(session, out)
    reply, plan = _ask(session, out)
    _approve(session, plan, out)
    result = _run(session, plan, out)
    return {
        "question": QUESTION,
        "targets": [target.resource_id for target in reply.targets],
        "plan_id": plan.plan_id,
        "digest": plan.digest,
        "run": result.model_dump(mode="json"),
        "audit": _audit(session, out),
    }


def _scan(session: Session, out: Console) -> None:
    _heading(out, 1, "Scan")
    out.print(session.scan().summary())


def _ask(session: Session, out: Console) -> tuple[Reply, Plan]:
    _heading(out, 2, "Question")
    out.print(f"%escher {QUESTION}", style="bold")
    reply = session.ask(QUESTION)
    out.print(reply.text.replace("**", ""), markup=False)
    if reply.plan is None:
        raise NotFound(
            "there is no dev instance left to stop in eu-west-1.",
            hint="A fresh cloud: escher demo down, then escher demo up",
        )
    _heading(out, 3, "Targets")
    out.print(_targets(reply))
    _heading(out, 4, "Script")
    for _, steps in groupby(reply.plan.steps, key=attrgetter("script")):
        _show_script(list(steps), out)
    return reply, reply.plan


def _targets(reply: Reply) -> Table:
    table = Table("name", "id", "account", "region", "state", box=None, pad_edge=False)
    for target in reply.targets:
        table.add_row(target.name, target.identifier, target.account_name, target.region, target.state)
    return table


def _show_script(steps: Sequence[Step], out: Console) -> None:
    """One script, and each place in which it runs."""
    first = steps[0]
    out.print(f"{first.number}. {first.title} · {first.phase}, {first.effect}", style="bold", markup=False)
    out.print(Syntax("", first.language, background_color="default").highlight(first.script.strip()))
    for step in steps:
        out.print(f"   in {step.account_name or step.account_id}, {step.region}")
        for command in step.commands:
            out.print(f"      {command}", markup=False)
        for command in step.rollback.commands if step.rollback else ():
            out.print(f"      to undo: {command}", markup=False)
    out.print()


def _approve(session: Session, plan: Plan, out: Console) -> None:
    _heading(out, 5, "Approval")
    out.print(f"risk {plan.risk} · effect {plan.effect} · {'can be undone' if plan.reversible else 'cannot be undone'}")
    out.print(f"what is approved: sha256 {plan.digest}")
    session.approve(plan.plan_id, plan.digest, next(iter(plan.confirmation), ""))
    out.print(f"approved for one run, until {plan.expires_at}; in the notebook this is a click")


def _run(session: Session, plan: Plan, out: Console) -> RunResult:
    _heading(out, 6, "Run")
    result = session.run(plan.plan_id, lambda event: _show_event(event, out))
    out.print(result.summary, markup=False)
    if result.status != "completed":
        raise RunFailed(f"the run ended as {result.status}: {result.error}", hint="See: escher runs")
    return result


def _show_event(event: RunEvent, out: Console) -> None:
    match event:
        case StepStarted():
            out.print(f"{event.step_number}/{event.total_steps} {event.step_name} · {event.region}", markup=False)
        case StepOutput():
            for line in event.lines:
                out.print(f"   {line.text}", markup=False)
        case StepEnded():
            out.print(f"   {event.status} in {event.duration_ms} ms {event.error}".rstrip(), markup=False)
        case _:
            pass


def _audit(session: Session, out: Console) -> dict[str, Any]:
    _heading(out, 7, "Audit")
    found = session.audit.verify()
    out.print(found.message, markup=False)
    if found.status in ("tampered", "truncated"):
        raise AuditTampered(found.message, entry=found.first_bad_entry or 0)
    return found.model_dump(mode="json")


def _heading(out: Console, number: int, title: str) -> None:
    out.print()
    out.rule(f"[bold]{number} · {title}", align="left")
