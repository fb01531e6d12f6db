"""Failures that are cleared by themselves: by rules of the user's own, each within a pre-approval, and told afterwards.

A rule names a sort of failure and a playbook. The playbook runs on what failed, when a pre-approval covers the plan, its
risk is within the rule's and it neither deletes nor opens anything; then the failed run is resumed once. Off by default.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from escher.contract.alerts import RemediationSetting, Setting
from escher.contract.failures import classify
from escher.contract.plan import Plan, PlanTemplate
from escher.contract.ports import Match
from escher.contract.reach import changes_rights, opens_access
from escher.contract.risk import RISKS
from escher.contract.runs import RunResult, StepResult
from escher.contract.understanding import Selector
from escher.errors import EscherError, NotFound
from escher.procedures.resolve import resolve
from escher.procedures.values import settle
from escher.session.planning import resolution
from escher.session.playbooks import Playbooks
from escher.session.undoing import plan_resume

if TYPE_CHECKING:
    from escher.contract.estate import Resource
    from escher.session.wiring import Parts

SWITCH = "remediation"
MOST_ATTEMPTS = 3
Run = Callable[[str], RunResult]
"""Runs an approved plan to its end; blocking."""


@dataclass(frozen=True, slots=True)
class Remediated:
    """What was done by itself, in a sentence, and how the run stands now."""

    text: str
    result: RunResult


class _NoAliases:
    """For plans that no words were said for."""

    def names(self, word: str) -> tuple[str, ...]:
        return ()

    def value(self, word: str) -> str:
        return word

    def alias_of(self, resource_id: str) -> str:
        return ""


class Remediation:
    """What may be done by itself after one failed run. For a thread of its own: it waits for what it starts."""

    def __init__(self, parts: Parts, run: Run) -> None:
        self._parts, self._run = parts, run

    def after(self, failed: RunResult) -> Remediated | None:
        """Try the rules that fit, one after the other, until one was used; None when none applied."""
        step = next((one for one in failed.steps if one.status in ("failed", "timeout") and one.attempts), None)
        if step is None:
            return None
        said: list[str] = []
        for rule in self._fitting(step):
            try:
                done = self._by(rule, failed, step)
            except EscherError as refusal:
                said.append(f"{rule.name} was not used: {refusal.message}")
                continue
            return self._told(failed, done)
        return self._told(failed, Remediated(" ".join(said), failed)) if said else None

    def _fitting(self, step: StepResult) -> list[RemediationSetting]:
        printed = f"{step.output}\n{step.error}"
        kind = classify(printed, timed_out=step.status == "timeout")
        rules = (rule for rule in self._parts.alerts.remediation() if rule.enabled and not rule.requires_approval)
        return [rule for rule in rules if _meets(rule.condition, kind, printed)]

    def _by(self, rule: RemediationSetting, failed: RunResult, step: StepResult) -> Remediated:
        """Raises EscherError when the rule cannot be used on this."""
        plan = self._planned(rule, failed, step)
        if self._parts.approvals.approve_unasked(plan.plan_id) is None:
            raise _Unfit("no pre-approval covers its plan.")
        cleared = self._run(plan.plan_id)
        if cleared.status != "completed":
            return Remediated(f"{rule.name} was tried by itself and did not help: {cleared.summary}", failed)
        text = f"{rule.name} was done by itself ({cleared.run_id})"
        again, _ = plan_resume(self._parts, failed.run_id)
        if self._parts.approvals.approve_unasked(again.plan_id) is None:
            how = f"escher approve {again.plan_id} --digest {again.digest}"
            return Remediated(f"{text}; the rest waits for you: {how}", failed)
        resumed = self._run(again.plan_id)
        return Remediated(f"{text}, and the run was resumed as {resumed.run_id}: {resumed.summary}", resumed)

    def _planned(self, rule: RemediationSetting, failed: RunResult, step: StepResult) -> Plan:
        """The rule's playbook on what the step failed on, shown like any plan."""
        parts = self._parts
        playbook_id, _, version = rule.action.partition("@")
        playbook = Playbooks(parts).get(playbook_id, version)
        narrowed = parts.targets.narrow(Match(self._failed_on(failed, step)), playbook.orchestration.targets)
        if not narrowed.targets:
            raise _Unfit("its playbook is for nothing that failed.")
        template = PlanTemplate(playbook=playbook, selector=Selector())
        values, missing = settle(template, _NoAliases())
        if missing is not None:
            raise _Unfit("its playbook wants a value that nobody gave.")
        question = f"{rule.name}, after {failed.run_id} failed"
        plan = resolve(resolution(parts, question, template, values, narrowed.targets), parts.reader)
        shown = parts.approvals.show(plan, narrowed.targets)
        _must_be_mild(shown, rule)
        return shown

    def _failed_on(self, failed: RunResult, step: StepResult) -> tuple[Resource, ...]:
        plan, known = self._parts.approvals.plan(failed.plan_id), self._parts.resources()
        ids = next(one.targets for one in plan.steps if one.step_id == step.step_id)
        return tuple(known[target] for target in ids if target in known)

    def _told(self, failed: RunResult, done: Remediated) -> Remediated:
        """Write it into the trail and the record of the failed run: the user is told whenever they look."""
        self._parts.record("remediated", failed.run_id, said=done.text[:500], now=done.result.run_id)
        self._parts.operations.note_remediation(failed.run_id, done.text)
        return done


class _Unfit(EscherError):
    """A rule cannot be used on this failure."""

    code = "remediation_unfit"


def remedied(parts: Parts, failed: RunResult, run: Run) -> RunResult:
    """How a failed run stands after what the rules do about it, at most three times in a row; what was done is said."""
    current, told = failed, list[str]()
    while is_on(parts) and current.status == "failed" and _depth(parts, current.run_id) < MOST_ATTEMPTS:
        done = Remediation(parts, run).after(current)
        if done is None:
            break
        told.append(done.text)
        if done.result.run_id == current.run_id:
            break
        current = done.result
    return current.model_copy(update={"remediation": " ".join(told)}) if told else failed


def is_on(parts: Parts) -> bool:
    """Whether anything is done by itself."""
    return parts.alerts.settings().get(SWITCH) is True


def _meets(condition: str, kind: str, printed: str) -> bool:
    """`protected`, or `unknown: some words that it printed`."""
    wanted, _, words = condition.partition(":")
    return wanted.strip() == kind and words.strip().casefold() in printed.casefold()


def _must_be_mild(plan: Plan, rule: RemediationSetting) -> None:
    operations = [operation for step in plan.steps for operation in step.operations]
    if (
        plan.effect not in ("read", "write")
        or any(map(opens_access, operations))
        or any(map(changes_rights, operations))
    ):
        raise _Unfit("what deletes, opens something or moves rights always asks.")
    if RISKS.index(plan.risk) > RISKS.index(rule.max_impact):
        raise _Unfit(f"its risk here is {plan.risk}, and the rule allows {rule.max_impact}.")


def _depth(parts: Parts, run_id: str) -> int:
    """How often the work of this run was resumed already."""
    depth, body = 0, parts.operations.get("run", run_id)
    while body and body.get("resumes") and depth < MOST_ATTEMPTS:
        depth, body = depth + 1, parts.operations.get("run", body["resumes"])
    return depth


class RemediationBook:
    """`session.remediation`: the rules, and whether they are followed."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    @property
    def is_on(self) -> bool:
        """Whether anything is done by itself."""
        return is_on(self._parts)

    def rules(self) -> list[RemediationSetting]:
        """Every rule."""
        return self._parts.alerts.remediation()

    def add(self, rule: RemediationSetting, at: int) -> None:
        """Keep a rule, in place of one of its name."""
        self._parts.alerts.add(rule, at)

    def remove(self, name: str) -> None:
        """Take a rule out. Raises NotFound."""
        rule = next((one for one in self.rules() if one.name == name), None)
        if rule is None:
            raise NotFound(f"there is no rule {name!r}.", hint="See: escher remediation list")
        self._parts.alerts.remove(rule.key)

    def switch(self, *, on: bool, at: int) -> None:
        """Follow the rules, or none of them."""
        self._parts.alerts.add(Setting(name=SWITCH, value=on), at)
