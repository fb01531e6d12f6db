"""What a run's record says, section by section, whatever it is shown in. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from escher.approval.grant import ApprovedPlan
from escher.approval.seen import Seen
from escher.contract.audit import AuditEntry, Verification
from escher.contract.plan import Call, Plan, Step
from escher.contract.runs import RunResult, StepResult

Mask = Callable[[str], str]
Rows = tuple[tuple[str, ...], ...]
_CHANNELS = {
    "page": "by a click in a notebook's page",
    "terminal": "at a terminal",
    "preapproval": "beforehand, by pre-approval",
    "policy": "by the policy",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Everything that is kept of one run. `doubts` are parts that could not be shown or are not as they were written.

    `before` and `after` lead from a target's natural key to its state.
    """

    plan: Plan
    result: RunResult
    targets: tuple[Seen, ...]
    approval: ApprovedPlan | None
    before: Mapping[str, str]
    after: Mapping[str, str]
    entries: tuple[AuditEntry, ...]
    verification: Verification
    made_at: str
    undone_by: tuple[str, ...] = ()
    resumed_by: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Code:
    """Text to be shown as it is: a script, or what one printed."""

    title: str
    text: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a record: sentences, named facts, one table with its heads, and code."""

    title: str
    sentences: tuple[str, ...] = ()
    facts: Rows = ()
    heads: tuple[str, ...] = ()
    rows: Rows = ()
    codes: tuple[Code, ...] = field(default=())


def sections(evidence: Evidence, mask: Mask) -> Iterator[Section]:
    """The record's parts, in the order in which a reader asks for them; `mask` hides secrets in what was typed or printed."""
    yield _outcome(evidence, mask)
    yield _plan(evidence, mask)
    yield _targets(evidence)
    yield _approval(evidence)
    ends = {end.step_id: end for end in evidence.result.steps}
    for step in evidence.plan.steps:
        yield _step(step, ends.get(step.step_id), mask)
    yield _trail(evidence)


def _outcome(evidence: Evidence, mask: Mask) -> Section:
    result, plan = evidence.result, evidence.plan
    undo = f"escher undo {result.run_id}" if result.undoable else "Nothing of it can be undone."
    facts = (
        ("Question", mask(plan.question)),
        ("Run", result.run_id),
        ("Status", result.status),
        ("Started", result.started_at),
        ("Ended", result.completed_at),
        ("Went wrong", mask(result.error)),
        ("Undoes", plan.undoes),
        ("Resumes", plan.resumes),
        ("Undone by", ", ".join(evidence.undone_by)),
        ("Resumed by", ", ".join(evidence.resumed_by)),
        ("To undo it", "" if evidence.undone_by else undo),
        ("Protections", " ".join(result.protections)),
        ("This record made", evidence.made_at),
    )
    doubts = tuple(f"Doubt: {doubt}" for doubt in evidence.doubts)
    return Section("What happened", (mask(result.summary), *doubts), _told(facts))


def _plan(evidence: Evidence, mask: Mask) -> Section:
    plan = evidence.plan
    facts = (
        ("Understood as", plan.title),
        ("Playbook", f"{plan.playbook_id} {plan.version}"),
        ("Playbook SHA-256", plan.playbook_sha256),
        *((f"Parameter {name}", mask(str(value))) for name, value in plan.parameters.items()),
        ("Effect", plan.effect),
        ("Risk", plan.risk),
        ("Can be undone", _undoable(plan)),
        ("Strategy", plan.strategy),
        ("Plan", plan.plan_id),
        ("Digest", plan.digest),
        ("Policy version", plan.policy_version),
    )
    return Section("The plan, as it was shown", tuple(mask(warning) for warning in plan.warnings), _told(facts))


def _undoable(plan: Plan) -> str:
    if not plan.reversible:
        return "no, or not all of it"
    return "yes, but not all of it comes back" if any(step.irreversible_because for step in plan.steps) else "yes"


def _targets(evidence: Evidence) -> Section:
    outcomes = {one.resource_id: one.status for one in evidence.result.outcomes}
    rows = tuple(
        (
            one.name,
            one.identifier,
            one.account_id,
            one.region,
            _state_in(evidence.before, one) or one.state,
            _state_in(evidence.after, one) or "not looked at",
            outcomes.get(one.resource_id, ""),
        )
        for one in evidence.targets
    )
    heads = ("Name", "Id", "Account", "Region", "Before", "After", "Outcome")
    return Section("Targets", heads=heads, rows=rows)


def _approval(evidence: Evidence) -> Section:
    approved = evidence.approval
    if approved is None:
        return Section("Approval", ("There is no approval that could be shown.",))
    facts = (
        ("By", approved.approver),
        ("How", _CHANNELS.get(approved.channel, approved.channel)),
        ("Vouched for by", approved.by),
        ("Second person", approved.seconded.approver if approved.seconded else ""),
        ("Granted", approved.granted_at),
        ("Good until", approved.expires_at),
        *((f"Credentials in {account}", identity) for account, identity in approved.identities.items()),
        *((f"Program {tool.name}", f"{tool.path} {tool.sha256}") for tool in approved.tools),
        ("Sandbox", approved.sandbox),
        ("Digest", approved.digest),
        ("Nonce", approved.nonce),
        ("Signature", approved.signature),
    )
    return Section("Approval", ("The signature was checked when this record was made: it is good.",), _told(facts))


def _step(step: Step, end: StepResult | None, mask: Mask) -> Section:
    facts = (
        ("Where", f"{step.account_name or step.account_id} {step.region}"),
        ("Effect", step.effect),
        ("Targets", ", ".join(step.targets)),
        ("Status", end.status if end else "not recorded"),
        ("Exit code", "" if end is None or end.exit_code is None else str(end.exit_code)),
        ("Attempts", str(end.attempts) if end and end.attempts > 1 else ""),
        ("Took", f"{end.duration_ms / 1000:.1f} s" if end and end.duration_ms else ""),
        ("Went wrong", mask(" ".join(filter(None, (end.error, end.reason)))) if end else ""),
        ("Its undo does not bring back" if step.rollback else "Cannot be undone", step.irreversible_because),
    )
    codes = [*_call("What ran", step, mask)]
    if end and end.output:
        codes.append(Code("What it printed", mask(end.output)))
    if step.rollback:
        codes += _call("What undoes it", step.rollback, mask)
    return Section(f"Step {step.step_id}: {step.title}", (), _told(facts), codes=tuple(codes))


def _call(title: str, call: Call, mask: Mask) -> Iterator[Code]:
    """The resolved commands, then the exact bytes with their digest and arguments."""
    if call.commands:
        yield Code(f"{title}, as commands", mask("\n".join(call.commands)), "bash")
    digest = hashlib.sha256(call.script.encode()).hexdigest()
    yield Code(f"{title} ({call.language}, SHA-256 {digest})", mask(call.script), call.language)
    if call.arguments:
        yield Code(f"{title}: its arguments, one a line", mask("\n".join(call.arguments)))


def _trail(evidence: Evidence) -> Section:
    found = evidence.verification
    rows = tuple(
        (str(one.entry), one.event.type, one.event.at, one.event.actor, one.event.subject, one.hash)
        for one in evidence.entries
    )
    facts = (("Whole trail", found.status), ("Entries", str(found.entries)), ("Head", found.head), ("Key", found.key))
    heads = ("Entry", "Event", "At", "Actor", "Subject", "Hash")
    return Section("Audit trail", (found.message,), _told(facts), heads, rows)


def _state_in(states: Mapping[str, str], one: Seen) -> str:
    """The state of a target under its natural key: account, region and identifier tell which that is."""
    place, ending = f":{one.account_id}:{one.region}:", f":{one.identifier}"
    return next((state for key, state in states.items() if place in key and key.endswith(ending)), "")


def _told(facts: Rows) -> Rows:
    return tuple(fact for fact in facts if fact[1])
