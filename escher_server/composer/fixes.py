"""What may help after a failed step, by the sort of its error: the same report gives the same fixes. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from escher.contract.agents import FailureReport, Fix, Fixes, FixPlaybook
from escher.contract.failures import ErrorKind
from escher.contract.playbook import Metadata, Playbook, Source, StepSpec
from escher.contract.remedies import candidates

_FEW = 3
_WAITS_S = (5, 30, 60)


def _retry(reason: str) -> Fix:
    return Fix(title="Try the step again", reason=reason, risk="low", resume="retry_step")


def _person(title: str, reason: str) -> Fix:
    return Fix(title=title, reason=reason, risk="low", resume="ask_person", approval_required=False)


_FIXES: Mapping[ErrorKind, Fix] = {
    "throttled": _retry("The provider asked for fewer calls; after a pause it takes them again."),
    "timeout": _retry("The step may have come through after all; its checks run first."),
    "network": _retry("The provider could not be reached, so nothing was changed by this call."),
    "provider": _retry("The provider failed on its side; that mostly passes."),
    "conflict": _retry("Something else worked on the same resource; once that is done, the step can go on."),
    "wrong_state": Fix(
        title="Plan it anew",
        reason="The resource is not in the state that the step expects, so what it means is looked up again.",
        risk="low",
        resume="restart",
    ),
    "not_found": Fix(
        title="Scan, then plan it anew",
        reason="The resource is gone or was replaced, so the estate is read again first.",
        risk="low",
        resume="restart",
    ),
    "denied": _person("Have the permission granted", "The account may not do this; the plan names what it needs."),
    "no_credentials": _person("Sign in again", "The credentials have run out or were refused."),
    "quota": _person("Raise the quota, or free some of it", "The account has reached a limit of the provider's."),
    "invalid": _person("Change the values of the plan", "The provider refused a value; the same one fails again."),
    "dependency": _person("Look at what depends on it", "Something else uses the resource, and would break."),
    "protected": _person(
        "Look at why it is protected", "A protection or a lock stood against the step, as it is meant to."
    ),
    "unknown": _person("Read the step's output", "The error is of no sort that rules know."),
}
_BACK = Fix(
    title="Roll back what was changed",
    reason="Steps before this one changed something; their rollback restores it.",
    risk="medium",
    resume="roll_back",
)


def remediate(
    report: FailureReport, playbook: Playbook | None = None, known: Sequence[tuple[Source, Metadata]] = ()
) -> Fixes:
    """Fixes for a failed step, the most promising first. What was tried often is left to a person before it is retried.

    With the playbook they know what the step was: which permissions it needs, whether it only checked a change that went
    through, and whether anything before it can be taken back at all. `known` are the playbooks that may help.
    """
    step = _step(playbook, report.step_number)
    first = _first(report, playbook, step)
    if first.resume == "retry_step":
        first = first.model_copy(update={"wait_seconds": _WAITS_S[min(report.attempts, len(_WAITS_S)) - 1]})
    often = first.resume == "retry_step" and report.attempts >= _FEW
    person = _person("Find out why it fails each time", f"It was tried {report.attempts} times.")
    fixes = (person, first) if often else (first,)
    back = (_way_back(report, playbook),) if report.changed else ()
    helping = tuple(_helping(report, playbook.metadata, known)) if playbook else ()
    action = playbook.metadata.action if playbook else "none"
    return Fixes(text=_text(report), action=action, fixes=(*fixes, *back), playbooks=helping)


def _helping(
    report: FailureReport, failed: Metadata, known: Sequence[tuple[Source, Metadata]]
) -> Iterator[FixPlaybook]:
    sources: dict[tuple[str, str], Source] = {(one.playbook_id, one.version): source for source, one in known}
    others = (one for _, one in known if one.playbook_id != failed.playbook_id)
    found = candidates(report.error, failed.action, report.resource_types or failed.resource_types, others)
    for one in found:
        metadata = one.metadata
        yield FixPlaybook(
            playbook_id=metadata.playbook_id,
            version=metadata.version,
            name=metadata.name,
            reason=one.reason,
            risk=metadata.tags.risk_level,
            source=sources[metadata.playbook_id, metadata.version],
        )


def _step(playbook: Playbook | None, number: int) -> StepSpec | None:
    steps = playbook.orchestration.steps if playbook else ()
    return next((step for step in steps if step.step_number == number), None)


def _first(report: FailureReport, playbook: Playbook | None, step: StepSpec | None) -> Fix:
    """The most promising fix of the error's sort, as far as the step makes it more exact."""
    found = _FIXES[report.error]
    if step is None or playbook is None:
        return found
    if report.error == "denied":
        script = playbook.scripts.get(f"{step.script_ref.script_id}@{step.script_ref.version}")
        needed = ", ".join(script.metadata.permissions_required) if script else ""
        return (
            found.model_copy(update={"reason": f"The account may not do this. The step needs: {needed}."})
            if needed
            else found
        )
    if step.phase == "verify" and report.error in ("wrong_state", "timeout"):
        return _retry("The change itself went through; only its result is not there yet, so it is looked at again.")
    return found


def _way_back(report: FailureReport, playbook: Playbook | None) -> Fix:
    """To roll back; or, where no step so far can be taken back, to look at what was changed, and why it stays."""
    steps = playbook.orchestration.steps if playbook else ()
    changes = [step for step in steps if step.phase == "change" and step.step_number <= report.step_number]
    if not changes or any(step.rollback for step in changes):
        return _BACK
    because = "; ".join(dict.fromkeys(step.irreversible_because for step in changes if step.irreversible_because))
    return _person("Look at what was changed", because or "Nothing is known that takes it back.")


def _text(report: FailureReport) -> str:
    kept = "What steps before it changed is still changed." if report.changed else "Nothing was changed."
    return f"Step {report.step_number} failed ({report.error.replace('_', ' ')}). {kept}"
