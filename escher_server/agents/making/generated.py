"""A playbook out of filled commands: marked as generated, a draft, with an undo or an honest word that there is none. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from escher.apis import catalogue
from escher.contract.playbook import (
    ExplainPlan,
    Happening,
    Impact,
    KnownRisk,
    Labels,
    Metadata,
    Orchestration,
    ParameterSpec,
    Playbook,
    Script,
    ScriptCall,
    ScriptMetadata,
    ScriptRef,
    StepSpec,
    Targets,
    Validation,
)
from escher.contract.understanding import Understanding
from escher.contract.vocabulary import Risk, worst
from escher_server.agents.making.calls import Made, inverse_of
from escher_server.agents.making.identities import KIND_OF
from escher_server.agents.making.verbs import INVERSES

MARK = (
    "It was made for this request from the provider's command reference; nobody reviewed it, and it never ran before."
)
_MADE_AT = "2026-01-01T00:00:00Z"
_VERSION = "1.0.0"
_TIMEOUT_S = 300
_SECONDS = 10.0
# IAM's prefix, where the CLI's service is called otherwise.
_PREFIXES = {
    "s3api": "s3", "elbv2": "elasticloadbalancing", "elb": "elasticloadbalancing", "stepfunctions": "states",
    "configservice": "config", "opensearch": "es", "emr": "elasticmapreduce", "efs": "elasticfilesystem",
}  # fmt: skip
_PARAMETERS = {
    "count": ParameterSpec(
        name="count", type="integer", description="How many there are to be", prompt="How many should there be?",
        validation=Validation(pattern=r"\d{1,5}", minimum=0, error_message="Say a whole number."),
    ),
    "instance_type": ParameterSpec(
        name="instance_type", type="string", description="The size, as the provider names it", prompt="Which size?",
        validation=Validation(pattern=r"[A-Za-z0-9][A-Za-z0-9._-]{1,60}", error_message="That is no size's name."),
    ),
    "days": ParameterSpec(
        name="days", type="integer", description="How many days it is about", prompt="How many days?",
        validation=Validation(pattern=r"\d{1,5}", minimum=1, error_message="Say a whole number of days."),
    ),
}  # fmt: skip


def generated(calls: Sequence[Made], understanding: Understanding) -> Playbook:
    """The playbook of these calls, a step for each, each on its own type of thing."""
    undos = [inverse_of(call) for call in calls]
    name = _named(calls)
    steps = tuple(_step(number, *pair) for number, pair in enumerate(zip(calls, undos, strict=True), start=1))
    return Playbook(
        metadata=_metadata(name, calls, understanding, reversible=all(undos)),
        parameters=tuple(_PARAMETERS[value] for value in dict.fromkeys(v for call in calls for v in call.values)),
        orchestration=Orchestration(
            targets=Targets(resource_types=tuple(call.identity.resource_type for call in calls)), steps=steps
        ),
        explain_plan=_explained(calls, undos),
        scripts=dict(_scripts((*calls, *(undo for undo in undos if undo)))),
    )


def _metadata(name: str, calls: Sequence[Made], understanding: Understanding, *, reversible: bool) -> Metadata:
    commands = ", ".join(f"`{call.words}`" for call in calls)
    types = tuple(call.identity.resource_type for call in calls)
    words = dict.fromkeys(
        (understanding.action, *(word for call in calls for word in call.words.replace("-", " ").split()))
    )
    return Metadata(
        playbook_id=_slug("generated", calls[0]),
        version=_VERSION,
        name=name,
        description=f"Calls {commands} for each target, and nothing else. {MARK}"[:500],
        purpose=f"Calls {commands}.",
        action=understanding.action,
        kinds=tuple(dict.fromkeys(KIND_OF[name] for name in types if name in KIND_OF)),
        use_cases=(f"run {commands} on what was named", "do once what no playbook of the library does"),
        keywords=tuple(words)[:20] if len(words) >= 5 else (*words, "generated", "command", "once", "draft"),
        prerequisites=("Credentials of each target account that may make this call",),
        cloud_provider=tuple(dict.fromkeys(call.identity.provider for call in calls)),
        resource_types=types,
        author="ai_generated",
        storage_strategy="local_only",
        status="draft",
        tags=Labels(category="generated", risk_level=_risk(calls), requires_approval=True),
        estimated_impact=Impact(reversible=reversible, data_loss_risk="high" if _loses(calls) else "low"),
        created_at=_MADE_AT,
        updated_at=_MADE_AT,
    )


def _step(number: int, call: Made, undo: Made | None) -> StepSpec:
    return StepSpec(
        step_number=number,
        name=_named([call]),
        description=f"Calls {call.words}. Made for this request; nobody reviewed it.",
        phase="change",
        for_each="target" if call.each else "account_region",
        only_types=(call.identity.resource_type,),
        timeout_seconds=_TIMEOUT_S,
        rollback=_called(undo) if undo else None,
        irreversible_because="" if undo else _because(call),
        **_called(call).model_dump(include={"script_ref", "arguments"}, by_alias=True),
    )


def _called(call: Made) -> ScriptCall:
    return ScriptCall(script_ref=ScriptRef(script_id=_slug("made", call), version=_VERSION), arguments=call.arguments)


def _because(call: Made) -> str:
    if call.effect == "destroy":
        return f"{call.words} takes it away, and no command is known that brings it back."
    if call.verb in INVERSES:
        return f"the command that takes {call.words} back needs more than is known here."
    return f"no command is known that takes {call.words} back."


def _scripts(calls: Sequence[Made]) -> Iterator[tuple[str, Script]]:
    for call in calls:
        metadata = ScriptMetadata(
            script_id=_slug("made", call),
            version=_VERSION,
            name=_capital(call.operation.replace("-", " ")),
            description=f"Calls {call.words} once. Argument: what it acts on.",
            available_types=tuple(sorted(call.code)),  # pyright: ignore[reportArgumentType]  # its keys are languages
            default_type="bash",
            effect=call.effect,
            provider=call.identity.provider,
            resource_types=(call.identity.resource_type,),
            permissions_required=(_permission(call),),
            estimated_duration_seconds=_SECONDS,
            timeout_seconds=_TIMEOUT_S,
        )
        yield f"{metadata.script_id}@{_VERSION}", Script.model_validate({"metadata": metadata, "code": dict(call.code)})


def _permission(call: Made) -> str:
    identity = call.identity
    if identity.provider != "aws":
        return f"what {call.words} needs"
    spec = catalogue.operation("aws", identity.service, call.operation)
    return f"{_PREFIXES.get(identity.service, identity.service)}:{spec.api if spec else call.operation}"


def _explained(calls: Sequence[Made], undos: Sequence[Made | None]) -> ExplainPlan:
    pairs = list(zip(calls, undos, strict=True))
    return ExplainPlan(
        what_it_does=f"Calls {', '.join(call.words for call in calls)} for each target. {MARK}",
        why_use_it=("No playbook of the library does this.", "The command is checked against the provider's own model."),
        what_happens=tuple(
            Happening(
                action=_capital(call.verb), details=f"Calls {call.words} and does not wait for its end.",
                duration_seconds=_SECONDS, can_fail=True, rollback=undo.words if undo else "none",
                risk=_risk([call]), reversible=undo is not None,
            )
            for call, undo in pairs
        ),
        risks=(
            KnownRisk(
                severity=_risk(calls), probability="medium", description=MARK,
                mitigation="Read the command and its targets before approving; try it on one target first.",
            ),
            KnownRisk(
                severity="medium", probability="low",
                description="What was already so before is undone too, if the plan is rolled back.",
                mitigation="Look at the states of the targets first.",
            ),
        ),
        rollback_strategy="; ".join(undo.words if undo else _because(call) for call, undo in pairs),
        success_criteria=("Each call was accepted by the provider; look at the targets for what came of it.",),
    )  # fmt: skip


def _loses(calls: Sequence[Made]) -> bool:
    return worst(call.effect for call in calls) != "write"


def _risk(calls: Sequence[Made]) -> Risk:
    return "high" if _loses(calls) else "medium"


def _named(calls: Sequence[Made]) -> str:
    """`Pause cluster (AWS redshift cluster)`: what is called, and on what."""
    said = calls[0].operation.replace("-", " ") if calls[0].identity.provider == "aws" else calls[0].verb
    return f"{_capital(said)} ({_things(calls)})"[:100]


def _things(calls: Sequence[Made]) -> str:
    names = (call.identity.resource_type.partition("_")[2].replace("_", " ") for call in calls)
    clouds = {"aws": "AWS", "azure": "Azure", "gcp": "GCP"}
    return ", ".join(f"{clouds[call.identity.provider]} {name}" for call, name in zip(calls, names, strict=True))


def _slug(start: str, call: Made) -> str:
    words = f"{start}-{call.identity.provider}-{call.identity.service}-{call.operation}".replace(" ", "-")
    return words.replace("_", "-").lower()[:100]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
