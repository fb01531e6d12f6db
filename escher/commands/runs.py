"""`escher runs`: what ran and how it ended; follow, pause and stop what is under way, from any terminal or notebook."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping

from rich.console import Group
from rich.table import Table

from escher.commands import runs_show
from escher.commands.command import Command, Invocation, Outcome
from escher.commands.waiting import wait_for_run
from escher.errors import AlreadyCompleted, InvalidInput

LIMIT = 20


def _configure(parser: argparse.ArgumentParser) -> None:
    _limit(parser, default=LIMIT)
    actions = parser.add_subparsers(dest="action", metavar="ACTION")
    # A default here would put --limit of `escher runs --limit 3 list` back.
    _limit(actions.add_parser("list", help="list what has run (the default)"), default=argparse.SUPPRESS)
    actions.add_parser("follow", help="show a run from its beginning, and wait for its end").add_argument("run")
    cancel = actions.add_parser("cancel", help="stop a run with all that it started")
    cancel.add_argument("run", nargs="?", default="")
    cancel.add_argument("--all", action="store_true", dest="every", help="stop every run")
    actions.add_parser("pause", help="let a run stand before its next step").add_argument("run")
    resume = actions.add_parser("resume", help="let a paused run go on; of one that ended, plan what it has left")
    resume.add_argument("run")
    resume.add_argument("--from", dest="from_step", default="", metavar="STEP", help="plan all from this step on")
    runs_show.configure(actions)


def _limit(parser: argparse.ArgumentParser, default: int | str) -> None:
    parser.add_argument("--limit", type=int, default=default, help=f"how many, newest first (default {LIMIT})")


def _run(call: Invocation) -> Outcome:
    return _ACTIONS[call.options.action or "list"](call)


def _list(call: Invocation) -> Outcome:
    results = call.session.run_results(call.options.limit)
    table = Table("run", "plan", "status", "started", "targets", "summary", box=None)
    for result in results:
        table.add_row(
            result.run_id,
            result.plan_id,
            result.status,
            result.started_at[:19],
            str(len(result.targets)),
            result.summary,
        )
    return Outcome([result.model_dump(mode="json") for result in results], table if results else "Nothing has run yet.")


def _follow(call: Invocation) -> Outcome:
    runs, run_id = call.session.runs, call.options.run
    result = wait_for_run(call, lambda on_event: runs.wait_for(run_id, on_event), run_id)
    if isinstance(result, Outcome):
        return result
    return Outcome(result.model_dump(mode="json"), result.summary, 0 if result.status == "completed" else 1)


def _cancel(call: Invocation) -> Outcome:
    options = call.options
    if options.every == bool(options.run):
        raise InvalidInput("name one run, or all of them.", hint="escher runs cancel RUN, or: escher runs cancel --all")
    if not options.every:
        return _steered(options.run, call.session.runs.cancel(options.run), "is being stopped")
    stopped = call.session.runs.stop_all()
    told = f"Being stopped: {', '.join(stopped)}." if stopped else "Nothing is under way."
    return Outcome({"cancelled": stopped}, told)


def _pause(call: Invocation) -> Outcome:
    run_id = call.options.run
    return _steered(run_id, call.session.runs.pause(run_id), "stands before its next step")


def _resume(call: Invocation) -> Outcome:
    """Let a run go on; what has ended goes on as a plan of its own, which is approved like any other."""
    run_id, from_step = call.options.run, call.options.from_step
    if not from_step and call.session.runs.resume(run_id):
        return _steered(run_id, True, "goes on")
    from escher.commands.replies import consent_line, plan_lines

    plan = call.session.resume(run_id, from_step)
    return Outcome(plan.model_dump(mode="json"), Group(*plan_lines(plan), consent_line(plan)), plan=plan)


def _steered(run_id: str, found: bool, what: str) -> Outcome:
    if not found:
        raise AlreadyCompleted(f"{run_id} has already completed.", hint=f"How it ended: escher runs show {run_id}")
    return Outcome({"run_id": run_id, "found": found}, f"{run_id} {what}.")


_ACTIONS: Mapping[str, Callable[[Invocation], Outcome]] = {
    "list": _list, "follow": _follow, "cancel": _cancel, "pause": _pause, "resume": _resume,
    "show": runs_show.show,
}  # fmt: skip
COMMAND = Command(
    "runs",
    "List what has run; follow, pause, resume and stop what is under way.",
    _run,
    _configure,
    examples=("escher runs", "escher runs follow run-1a2b", "escher runs cancel --all"),
)
