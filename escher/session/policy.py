"""The user's policy, as people use it: read it, try it on an act, change it, look back."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from escher.apis import catalogue, commands
from escher.apis.effect import effect_of
from escher.approval.facts import facts_of
from escher.approval.policies import PolicyClick
from escher.approval.policy import assess, must_not_be_protected
from escher.approval.policy_text import read, write
from escher.approval.spellings import unknown
from escher.contract.estate import Resource
from escher.contract.plan import Operation, Plan, Step
from escher.contract.policy import Policy, PolicyAnswer, PolicyVersion, Sample
from escher.contract.vocabulary import Provider
from escher.errors import InvalidInput, PolicyDenied
from escher.session.exploring import Exploring
from escher.session.loop import wait

if TYPE_CHECKING:
    from escher.session.wiring import Parts

_CLOUDS: dict[str, Provider] = {"aws": "aws", "az": "azure", "azure": "azure", "gcloud": "gcp", "gcp": "gcp"}
_ORDER: tuple[Provider, ...] = ("aws", "azure", "gcp")
# A sample is the client's own call; its script is the empty one.
_NO_SCRIPT = frozenset({hashlib.sha256(b"").hexdigest()})


class PolicyBook:
    """Every version of the policy; what is saved is in force at once, in every process."""

    def __init__(self, parts: Parts) -> None:
        self._parts, self._policies = parts, parts.policies

    def current(self) -> PolicyVersion:
        """The version in force; number 0 is the built-in one."""
        return self._policies.current()

    def history(self) -> list[PolicyVersion]:
        """Every version that was saved, the newest first."""
        return self._policies.history()

    def version(self, number: int) -> PolicyVersion:
        """The version of this number; 0 is the built-in one. Raises NotFound."""
        return self._policies.version(number)

    def must_be_changeable(self) -> None:
        """Raise ConsentFromCell where nobody can change the policy, before anybody takes the trouble."""
        self._policies.must_be_at_terminal()

    def text(self, number: int | None = None) -> str:
        """A version as TOML, the one in force unless you say. Raises NotFound."""
        return write((self.current() if number is None else self._policies.version(number)).policy)

    def read(self, text: str) -> tuple[Policy, tuple[str, ...]]:
        """The policy that a text is, and what in it names nothing. Raises InvalidInput with every mistake."""
        policy = read(text)
        return policy, tuple(dict.fromkeys(_notes(policy)))

    def save(self, text: str, based_on: int | None = None) -> PolicyVersion:
        """Put a policy in force, at a terminal. Raises ConsentFromCell in a notebook, InvalidInput, RecordExists."""
        return self._policies.save_at_terminal(read(text), based_on)

    def save_click(self, click: PolicyClick) -> PolicyVersion:
        """Put the policy in force that a person saved in the page. Raises ConsentFromCell for anything else."""
        return self._policies.save_click(click)

    def restore(self, number: int) -> PolicyVersion:
        """Put an older version in force again, as a new one; at a terminal. Raises NotFound, ConsentFromCell."""
        return self._policies.save_at_terminal(self._policies.version(number).policy)

    # -- trying --------------------------------------------------------------------------------------------

    def check_plan(self, plan_id: str, policy: Policy | None = None) -> PolicyAnswer:
        """What the policy says of a plan that was shown. Raises NotFound."""
        plan, known = self._parts.approvals.plan(plan_id), self._parts.resources()
        ids = dict.fromkeys(key for step in plan.steps for key in step.targets)
        answer = self._answer(plan, [known[key] for key in ids if key in known], policy, self._parts.own_scripts())
        return answer.model_copy(update={"plan_id": plan_id})

    def check_order(self, words: str) -> PolicyAnswer:
        """What the policy says of an order: it is planned and shown, and nothing runs. Raises InvalidInput, as `ask`."""
        from escher.session.asking import ask

        try:
            reply = wait(ask(self._parts, words))
        except PolicyDenied as denied:
            return _denied(denied, self._policies.policy())
        if reply.plan is None:
            raise InvalidInput(f"this is no order that can be planned: {reply.text}", hint="Or say --action.")
        return self.check_plan(reply.plan.plan_id)

    def check_sample(self, sample: Sample, policy: Policy | None = None) -> PolicyAnswer:
        """What the policy says of an act on a resource of the estate, or on one that nobody knows.

        Raises InvalidInput for an operation that no cloud has, NotFound for a target that is not in the estate.
        """
        target = Exploring(self._parts).resource(sample.target).resource if sample.target else None
        operation = _operation(sample.action, target)
        targets = [replace(target, resource_id=f"{target.resource_id}#{n}" if n else target.resource_id)
                   for n in range(sample.count)] if target else []  # fmt: skip
        keys = tuple(one.resource_id for one in targets) or tuple(f"#{n + 1}" for n in range(sample.count))
        return self._answer(_sample_plan(operation, target, keys), targets, policy, _NO_SCRIPT)

    def _answer(
        self, plan: Plan, targets: Sequence[Resource], policy: Policy | None, own: frozenset[str]
    ) -> PolicyAnswer:
        policy = policy or self._policies.policy()
        facts = facts_of(policy, targets, self._parts.resources().values(), datetime.now(UTC), own)
        try:
            must_not_be_protected(plan, targets, self._parts.estate.marks())
            found = assess(plan, targets, policy, facts)
        except PolicyDenied as denied:
            return _denied(denied, policy)
        return PolicyAnswer(
            decision="ask" if found.requires_approval else "allow",
            rules=found.rules,
            because=found.because,
            confirmation=found.confirmation,
            approvals_required=found.approvals_required,
            risk=found.risk,
            warnings=found.warnings,
            policy_version=policy.version,
        )


def _denied(denied: PolicyDenied, policy: Policy) -> PolicyAnswer:
    return PolicyAnswer(
        decision="deny", rules=denied.rules, because=denied.message, policy_version=policy.version, approvals_required=1
    )


def _notes(policy: Policy) -> Iterator[str]:
    """Patterns that no operation falls under: a rule that protects nothing is worse than none."""
    for rule in policy.rules:
        yield from (f"{rule.name}: {wrong}" for action in rule.actions if (wrong := unknown(action)))
    for when in policy.second_person_for:
        yield from (f"second_person_for: {wrong}" for action in when.actions if (wrong := unknown(action)))


def _operation(action: str, target: Resource | None) -> Operation:
    """`ec2 terminate-instances`, with or without its cloud. Raises InvalidInput when no cloud has it."""
    words = action.partition(" -")[0].split()
    named = _CLOUDS.get(words[0]) if words else None
    words = words[1:] if named else words
    clouds = (named,) if named else ((target.provider,) if target else _ORDER)
    for cloud in clouds:
        if words and (found := _known(cloud, words)):
            return found
    raise InvalidInput(
        f"{action!r} is no operation of {' or '.join(clouds)}.",
        hint="Write it as the CLI does, such as: aws ec2 terminate-instances",
    )


def _known(cloud: Provider, words: Sequence[str]) -> Operation | None:
    service, name = words[0], " ".join(words[1:])
    if cloud != "aws" and (spec := commands.command(cloud, words)) is not None:
        service, name = spec.service, spec.operation
    elif catalogue.operation(cloud, service, name) is None:
        return None
    return Operation(provider=cloud, service=service, operation=name, effect=effect_of(service, name, provider=cloud))


def _sample_plan(operation: Operation, target: Resource | None, keys: tuple[str, ...]) -> Plan:
    """A plan of this one call. It says nothing of its own risk, and of an undo neither."""
    title = operation.operation.rpartition(".")[2].replace("-", " ") or operation.service
    step = Step(
        title=title, language="bash", script="", operations=(operation,), step_id="1", number=1, effect=operation.effect,
        phase="check" if operation.effect == "read" else "change", provider=operation.provider, targets=keys,
        account_id=target.account_id if target else "", account_name=target.account_name if target else "",
        region=target.region if target else "",
    )  # fmt: skip
    return Plan(
        plan_id="sample", question="", title=title, playbook_id="sample", version="", risk="low", effect=operation.effect,
        reversible=True, policy_version="", created_at="", expires_at="", steps=(step,),
    )  # fmt: skip
