"""A reply put together by hand, for notebooks of the browser tests: the mock's order, with a consent that is only noted."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from escher.contract.estate import Completeness, Resource
from escher.contract.plan import Call, Operation, Plan, Step
from escher.contract.playbook import RankedPlaybook
from escher.contract.runs import RunResult, RunStarted, StepEnded, StepOutput, StepResult, StepStarted
from escher.contract.ui import OutputLine
from escher.contract.understanding import Filters, Understanding
from escher.errors import StaleApproval
from escher.widgets.compose import ReplyParts, compose, compose_error
from escher.widgets.consent import FrontEndConsent, redeem
from escher.widgets.facts import metric
from escher.widgets.run import run_components, track, tracker_id
from escher.widgets.view import View
from escher.widgets.widget import EscherView

DIGEST = "operation: stop dev compute instance in us-east-1; 4 matched."
SCRIPT = '#!/usr/bin/env bash\nset -euo pipefail\naws ec2 stop-instances --instance-ids "$@"\n'
NAMES = ("web-dev-1", "web-dev-2", "batch-dev", "jump-dev")
ACCOUNTS = {"111111111111": "web-shop", "222222222222": "sandbox"}
PROPERTY_OF = {"web-dev-1": "111111111111", "web-dev-2": "111111111111"}


def now() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)


def resources() -> tuple[Resource, ...]:
    """Four running instances in two accounts."""
    return tuple(_resource(name, number) for number, name in enumerate(NAMES))


def _resource(name: str, number: int) -> Resource:
    account = PROPERTY_OF.get(name, "222222222222")
    return Resource(
        provider="aws", account_id=account, account_name=ACCOUNTS[account], region="us-east-1",
        resource_type="aws_ec2_instance", kind="compute_instance",
        resource_id=f"arn:aws:ec2:us-east-1:{account}:instance/i-0a41c8e2{number}", identifier=f"i-0a41c8e2{number}",
        name=name, state="running", native_state="running", tags={"env": "dev", "owner": "CANARY-owner"},
        attributes={"instance_type": ("t3.large", "t3.large", "c6i.xlarge", "t3.micro")[number],
                    "monthly_cost_usd": (60.74, 60.74, 124.1, 7.59)[number]},
    )  # fmt: skip


def plan(*, minutes: float = 15, destroys: bool = False) -> Plan:
    """Check, stop, wait: in both accounts."""
    steps = [step for number in (1, 2, 3) for step in _steps(number, destroys)]
    return Plan(
        plan_id="plan-stage", question="stop every dev instance in us-east-1", title="Stop compute instances",
        playbook_id="aws-ec2-stop", version="1.2.0", risk="medium", effect="destroy" if destroys else "write",
        reversible=not destroys, confirmation=("us-east-1",) if destroys else (),
        warnings=("These instances belong to CANARY-owner.",) if destroys else (), policy_version="1",
        created_at=now().isoformat(), expires_at=(now() + timedelta(minutes=minutes)).isoformat(), steps=tuple(steps),
    ).sealed()  # fmt: skip


def _steps(number: int, destroys: bool) -> Iterator[Step]:
    title = (
        "",
        "Check that each instance is running and may be stopped",
        "Stop the instances",
        "Wait until all are stopped",
    )
    text = ("", "Ends here if any has stop protection.", "About 40 s.", "")
    change = number == 2
    for index, account in enumerate(ACCOUNTS, start=1):
        ids = tuple(one.identifier for one in resources() if one.account_id == account)
        operation = ("", "describe-instances", "stop-instances", "wait instance-stopped")[number]
        yield Step(
            **dict(_call(title[number], operation, ids, change)), step_id=f"{number}.{index}", number=number,
            description=text[number], phase=("check", "check", "change", "verify")[number],
            effect=("destroy" if destroys else "write") if change else "read", provider="aws", account_id=account,
            account_name=ACCOUNTS[account], region="us-east-1", targets=ids,
            rollback=None if destroys or not change else _call("Undo", "start-instances", ids, True),
            irreversible_because="What is terminated is gone." if destroys and change else "",
        )  # fmt: skip


def _call(title: str, operation: str, ids: tuple[str, ...], change: bool) -> Call:
    return Call(
        title=title, language="bash", script=SCRIPT.replace("stop-instances", operation), arguments=ids,
        environment={"AWS_REGION": "us-east-1"},
        commands=(f"aws ec2 {operation} --region us-east-1 --instance-ids {' '.join(ids)}",),
        operations=(
            Operation(provider="aws", service="ec2", operation=operation, parameters={"InstanceIds": list(ids)},
                      effect="write" if change else "read"),
        ),
    )  # fmt: skip


def reply(shown: Plan | None = None) -> View:
    """The whole reply of the mock."""
    parts = ReplyParts(
        text="I will **stop 4 running EC2 instances** tagged **env=dev** in **us-east-1**, in two accounts. "
        "Nothing has been changed.",
        understanding=Understanding(
            **{"class": "operation"}, action="stop", kinds=("compute_instance",), confidence=1.0,
            filters=Filters(regions=("us-east-1",), environments=("dev",)),
        ),
        completeness=Completeness(
            complete=True, oldest_scan=(now() - timedelta(minutes=4)).isoformat(), scopes=18, complete_scopes=18
        ),
        targets=resources(), skipped=resources()[:2], skipped_because="they are stopped already",
        playbooks=tuple(
            RankedPlaybook(playbook_id=name, version="1.2.0", confidence=0.9, reason="it checks for shutdown protection first")
            for name in ("aws-ec2-stop", "aws-ec2-reboot", "aws-ec2-resize")
        ),
        plan=shown, runs_as="role/operator", footer="Stopping keeps disks and addresses.",
    )  # fmt: skip
    return View(DIGEST, compose(parts))


class Stage:
    """A shown reply that notes what came back from it: consents, refused ones, cancels."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.consents: list[FrontEndConsent] = []
        self.cancelled: list[str] = []
        self.times: list[float] = []
        self.widget = EscherView(view, self._approve, self.cancelled.append)

    def _approve(self, consent: FrontEndConsent) -> None:
        redeem(consent)
        self.times.append(time.time())
        self.consents.append(consent)

    def run(self, shown: Plan, run_id: str = "r1") -> None:
        """Show a tracker in its second step."""
        events: list[Any] = [
            RunStarted(run_id=run_id, plan_id=shown.plan_id, at=now().isoformat(), steps=len(shown.steps), audit_entry=1284),
            StepStarted(run_id=run_id, step_id="1.1", step_number=1, total_steps=6, step_name=shown.steps[0].title,
                        account_id="111111111111", region="us-east-1", at=now().isoformat()),
        ]  # fmt: skip
        tracker = None
        for event in events:
            tracker = track(shown, tracker, event)
        assert tracker is not None
        self.view.put(tracker)

    def stream(self, run_id: str, lines: int, seconds: float) -> threading.Thread:
        """Print lines at an even pace from a thread of its own."""

        def work() -> None:
            begun = time.perf_counter()
            for number in range(1, lines + 1):
                line = OutputLine(
                    seq=number, at=now().isoformat(), step_id="1.1", stream="stdout", text=f"line {number}"
                )
                self.view.append(tracker_id(run_id), (line,))
                time.sleep(max(0.0, begun + number * seconds / lines - time.perf_counter()))

        thread = threading.Thread(target=work, daemon=True)
        thread.start()
        return thread


def gallery() -> View:
    """Every component once, and what must not break a page: unknown types, missing data, deceptive names."""
    done = run_components(plan(), finished(plan()))
    return View(DIGEST, [
        {"id": "t", "type": "text", "props": {}, "data": {"content": "A name: **web\u202egnp.exe** and p\u0430ypal."}},
        {"id": "m", "type": "markdown", "props": {}, "data": {"content": MARKDOWN}},
        *(metric(f"k{tone}", tone, 12.5, "number", tone) for tone in ("plain", "ok", "warn", "bad")),
        table("g", 12),
        {"id": "l", "type": "list", "props": {"title": "Did you mean one of these?", "ordered": False, "selectable": True},
         "data": {"items": ["web-dev-1", "web-dev-2"]}},
        *done,
        compose_error(StaleApproval("The plan is no longer the one that was shown.", hint="Ask again.")),
        {"id": "u", "type": "hologram", "props": {"depth": 3}, "data": {"x": "<img src=x onerror=alert(1)>"}},
        {"id": "b", "type": "table", "props": {"title": "Broken"}, "data": {}},
        {**table("e", 1), "id": "e", "data": {"rows": [None]}},
        {"id": "last", "type": "text", "props": {}, "data": {"content": "The end."}},
    ])  # fmt: skip


def table(name: str, rows: int) -> dict[str, Any]:
    """A table with as many rows as wanted, as JSON."""
    columns = [("name", "Name", "text"), ("id", "Id", "code"), ("state", "State", "state"), ("gib", "GiB", "number")]
    states = ("running", "stopped", "pending", "error")
    return {
        "id": name, "type": "table",
        "props": {"title": "Volumes", "subtitle": f"{rows} matches", "footer": "", "tags": ["web-shop"], "sortable": True,
                  "searchable": True, "total": rows,
                  "columns": [{"key": key, "label": label, "format": form} for key, label, form in columns]},
        "data": {"rows": [{"name": f"volume-{number}", "id": f"vol-{number:08x}", "state": states[number % 4],
                           "gib": (number * 7919) % 1000} for number in range(rows)]},
    }  # fmt: skip


def finished(shown: Plan) -> Iterator[Any]:
    yield RunStarted(run_id="g1", plan_id=shown.plan_id, at=now().isoformat(), steps=6, audit_entry=1284)
    yield StepStarted(run_id="g1", step_id="1.1", step_number=1, total_steps=6, step_name="Check", account_id="1",
                      region="us-east-1", at=now().isoformat())  # fmt: skip
    texts = ("checking", "\x1b[32mrunning -> stopping\x1b[0m", "error: slow down")
    yield StepOutput(run_id="g1", lines=tuple(
        OutputLine(seq=number, at=now().isoformat(), step_id="1.1", stream="stderr" if number == 3 else "stdout", text=text)
        for number, text in enumerate(texts, start=1)
    ))  # fmt: skip
    yield StepEnded(run_id="g1", step_id="1.1", status="failed", exit_code=255, duration_ms=900, error="slow down")
    steps = tuple(
        StepResult(step_id=step.step_id, title=step.title, status="failed" if step.step_id == "1.1" else "pending",
                   error="RequestLimitExceeded: slow down" if step.step_id == "1.1" else "", output="checking\n")
        for step in shown.steps
    )  # fmt: skip
    yield RunResult(
        run_id="g1", plan_id=shown.plan_id, status="failed", summary="Stopped at step 1 of 6; nothing was changed.",
        steps=steps, targets=(), started_at=now().isoformat(), completed_at=now().isoformat(), duration_ms=1400,
        audit_entry=1285,
    )  # fmt: skip


MARKDOWN = """## Why

*Stopped* instances cost **nothing** but their disks.

- `t3.large`, 2 vCPU & 8 GiB
- see [the guide](https://docs.example.com/stop) or <https://example.com>

| Size | USD |
|---|---|
| t3.large | 60.74 |

<script>alert(1)</script> ![x](https://example.com/x.png) [bad](javascript:alert(1))
"""
