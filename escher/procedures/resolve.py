"""Make a plan of a template: which call runs in which account and region on which targets, exactly.

Pure but for the script reader, which runs nothing. The steps keep the playbook's order over all accounts, so every
check is made before the first change. A change of more than a few targets goes in waves of 1, 2, 4, 8 … of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from uuid import NAMESPACE_URL, uuid5

from escher.apis.spelling import command_line
from escher.contract.estate import Account, Resource
from escher.contract.plan import Call, Operation, Plan, PlanTemplate, Step
from escher.contract.playbook import Playbook, ScriptCall, StepSpec
from escher.contract.ports import Reading, ScriptReader
from escher.contract.publication import content_hash
from escher.contract.vocabulary import Language, Provider, worst
from escher.errors import PlanRefused
from escher.procedures.bind import Bindings, Value, bind, has_all
from escher.procedures.surroundings import environment_for

TARGETS_A_STEP = 50
FEW = 5
# Services whose endpoint the AWS CLI (v1) sets itself, over AWS_ENDPOINT_URL, and the region in which it does (empty:
# nearly all). Source: awscli's customizations/overridesslcommonname.py.
CLI_KEEPS_ITS_ENDPOINT = {
    "rds": "us-east-1", "docdb": "us-east-1", "neptune": "us-east-1", "emr": "", "sqs": "", "health": "",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a plan is made from. `valid_for` is how long it may be approved.

    `languages` come in the order of preference; `languages_of` says it for a cloud where it differs. A change of more
    than `few` targets goes in waves, and stops after the one in which more than `error_budget` (a share) have failed.
    """

    plan_id: str
    question: str
    template: PlanTemplate
    values: Mapping[str, Value]
    targets: tuple[Resource, ...]
    accounts: Mapping[str, Account]
    languages: tuple[Language, ...]
    now: datetime
    valid_for: timedelta
    languages_of: Mapping[Provider, tuple[Language, ...]] = field(default_factory=dict[Provider, tuple[Language, ...]])
    few: int = FEW
    error_budget: float = 0.05
    max_concurrency: int = 10


def resolve(given: Resolution, reader: ScriptReader) -> Plan:
    """The plan with every call resolved, not yet reviewed or sealed. Raises PlanRefused when it cannot be made."""
    playbook = given.template.playbook
    steps = tuple(_step(part, given, reader) for part in _parts(given))
    changes = [step for step in steps if step.effect != "read"]
    return Plan(
        plan_id=given.plan_id,
        question=given.question,
        title=playbook.metadata.name,
        playbook_id=playbook.metadata.playbook_id,
        version=playbook.metadata.version,
        playbook_sha256=content_hash(playbook),
        parameters=dict(given.values),
        risk=playbook.metadata.tags.risk_level,
        effect=worst(step.effect for step in steps),
        reversible=all(step.rollback is not None for step in changes),
        max_concurrency=given.max_concurrency,
        error_budget=given.error_budget,
        generated=playbook.metadata.author == "ai_generated" and playbook.metadata.status == "draft",
        policy_version="",
        created_at=_iso(given.now),
        expires_at=_iso(given.now + given.valid_for),
        steps=steps,
    )


@dataclass(frozen=True, slots=True)
class _Part:
    """One step to be: which of the playbook's, on which targets, in which wave."""

    spec: StepSpec
    step_id: str
    group: tuple[Resource, ...]
    wave: int = 0


def _parts(given: Resolution) -> Iterator[_Part]:
    """All of a playbook's steps on all targets; or its checks on all, and then the rest wave by wave."""
    specs = sorted(given.template.playbook.orchestration.steps, key=lambda step: step.step_number)
    first = next((place for place, spec in enumerate(specs) if spec.phase == "change"), len(specs))
    in_waves = first < len(specs) and len(given.targets) > given.few
    checks, acting = (specs[:first], specs[first:]) if in_waves else (specs, [])
    yield from _numbered(checks, given.targets, 0, _Numbers(), TARGETS_A_STEP)
    # Where a change is made target by target, so is all that follows: one target's failure is then its own.
    singly = any(spec.phase == "change" and spec.for_each == "target" for spec in acting)
    numbers, most = _Numbers(), 1 if singly else TARGETS_A_STEP
    for wave, targets in enumerate(_waves(given.targets) if in_waves else (), start=1):
        yield from _numbered(acting, targets, wave, numbers, most)


def _waves(targets: Sequence[Resource]) -> Iterator[tuple[Resource, ...]]:
    """1, 2, 4, 8 … of the targets, those of one place after those of another."""
    ordered = tuple(sorted(targets, key=lambda target: (target.account_id, target.region)))
    start, size = 0, 1
    while start < len(ordered):
        yield ordered[start : start + size]
        start, size = start + size, size * 2


class _Numbers(dict[int, int]):
    """How many steps each of the playbook's has become so far."""

    def next_id(self, step_number: int) -> str:
        self[step_number] = self.get(step_number, 0) + 1
        return f"{step_number}.{self[step_number]}"


def _numbered(
    specs: Sequence[StepSpec], targets: Sequence[Resource], wave: int, numbers: _Numbers, most: int
) -> Iterator[_Part]:
    for spec in specs:
        for group in _groups(spec, _meant(spec, targets), most):
            yield _Part(spec, numbers.next_id(spec.step_number), group, wave)


def _meant(spec: StepSpec, targets: Sequence[Resource]) -> list[Resource]:
    """The targets that a step is for."""
    return [
        target
        for target in targets
        if (not spec.only_types or target.resource_type in spec.only_types)
        and (not spec.only_states or target.state in spec.only_states)
    ]


def _groups(spec: StepSpec, targets: Sequence[Resource], most: int) -> Iterator[tuple[Resource, ...]]:
    """Targets of one account and region, at most so many together; one by one where the playbook says so."""
    size = 1 if spec.for_each == "target" else most
    ordered = sorted(targets, key=lambda target: (target.account_id, target.region))
    for _, same_place in groupby(ordered, key=lambda target: (target.account_id, target.region)):
        group = tuple(same_place)
        yield from (group[start : start + size] for start in range(0, len(group), size))


def _step(part: _Part, given: Resolution, reader: ScriptReader) -> Step:
    spec, group = part.spec, part.group
    account = _account(group[0], given.accounts)
    bindings = Bindings(
        targets=group,
        parameters=given.values,
        plan={"id": given.plan_id, "date": given.now.strftime("%Y%m%d"), "token": _token(given.plan_id, part.step_id)},
        single=spec.for_each == "target",
    )
    maker = _CallMaker(
        given.template.playbook,
        given.languages_of.get(account.provider, given.languages),
        bindings,
        environment_for(account, group[0].region),
        reader,
    )
    call = maker.call(spec, spec.name)
    return Step(
        **dict(call),
        step_id=part.step_id,
        number=spec.step_number,
        description=spec.description,
        phase=spec.phase,
        effect=worst(operation.effect for operation in call.operations),
        provider=account.provider,
        account_id=account.account_id,
        account_name=account.name,
        region=group[0].region,
        targets=tuple(target.resource_id for target in group),
        failure_action=spec.failure_action,
        timeout_seconds=spec.timeout_seconds,
        wave=part.wave,
        retry=spec.retry_config,
        rollback=maker.call(spec.rollback, f"Undo: {spec.name}") if spec.rollback else None,
        irreversible_because=spec.irreversible_because,
    )


@dataclass(frozen=True, slots=True)
class _CallMaker:
    playbook: Playbook
    languages: tuple[Language, ...]
    bindings: Bindings
    environment: Mapping[str, str]
    reader: ScriptReader

    def call(self, spec: ScriptCall, title: str) -> Call:
        if spec.otherwise and not has_all(spec.needs, self.bindings):
            return self.call(spec.otherwise, title)
        arguments = bind(spec.arguments, self.bindings)
        for language, script in self._forms(spec):
            reading = self.reader.read(script, language, arguments, self.environment)
            if language == "python" or not self._would_leave_the_endpoint(reading):
                return Call(
                    title=title,
                    language=language,
                    script=script,
                    arguments=arguments,
                    environment=dict(self.environment),
                    commands=tuple(dict.fromkeys(self._command(operation) for operation in reading.operations)),
                    operations=reading.operations,
                )
        raise PlanRefused(
            f"{spec.script_ref.script_id} has no form that can run here ({', '.join(self.languages) or 'none'}).",
            hint="Install the provider's command-line tool, or use the Python form.",
        )

    def _forms(self, spec: ScriptCall) -> Iterator[tuple[Language, str]]:
        script = self.playbook.scripts.get(f"{spec.script_ref.script_id}@{spec.script_ref.version}")
        for language in self.languages:
            if script and language in script.code:
                yield language, script.code[language]

    def _would_leave_the_endpoint(self, reading: Reading) -> bool:
        """Whether the CLI would go to AWS itself although the account names an endpoint of its own."""
        if "AWS_ENDPOINT_URL" not in self.environment:
            return False
        here = ("", self.environment["AWS_REGION"])
        return any(CLI_KEEPS_ITS_ENDPOINT.get(operation.service) in here for operation in reading.operations)

    def _command(self, operation: Operation) -> str:
        return command_line(operation, self.environment.get("AWS_REGION", ""))


def _account(target: Resource, accounts: Mapping[str, Account]) -> Account:
    account = accounts.get(target.account_id)
    if account is None:
        raise PlanRefused(
            f"{target.name!r} is in account {target.account_id}, which is not configured.",
            hint="Add it with: escher accounts add",
        )
    return account


def _token(plan_id: str, step_id: str) -> str:
    """By what a provider knows a step's request again; part of what is approved, so there before the first attempt."""
    return str(uuid5(NAMESPACE_URL, f"escher:{plan_id}:{step_id}"))


def _iso(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
