"""Read every script of a playbook with values as a plan would give it, and say what stands against it. Runs nothing.

The values are samples: an id of the target's type, a parameter's default or first option. So a complaint about the
value alone is not held against a script; that it cannot be read, does not exist, or does more than it says, is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from escher.contract.playbook import JsonArgument, Orchestration, Playbook, ScriptCall, StepSpec
from escher.contract.ports import Reading, ScriptReader
from escher.contract.publication import Finding
from escher.contract.vocabulary import SEVERITY, Effect, worst

_PLACEHOLDER = re.compile(r"\$\{([^{}\n]{1,200})\}")
# What a provider says of a value that only this sample has.
_SAMPLED = re.compile(r"must be of type (?:integer|boolean|long|float|double|timestamp)|cannot be '(?:sample|2)'")
_IDS: Mapping[str, str] = {
    "instance": "i-", "volume": "vol-", "ebs_snapshot": "snap-", "security_group": "sg-", "eip": "eipalloc-",
    "subnet": "subnet-", "vpc": "vpc-", "ami": "ami-",
}  # fmt: skip
_HEX = "0a41c8e2f6b7d9150"
_VALUES: Mapping[str, str | int | bool] = {
    "instance_type": "t3.large", "tag_key": "owner", "tag_value": "ana", "name": "sample", "days": 30, "count": 2,
    "description": "sample", "kms_key": "alias/main", "size_gib": 100, "schedule": "0 22 * * *",
}  # fmt: skip
_TARGET: Mapping[str, str] = {"name": "sample", "state": "running"}
_SUBSCRIPTION = "0a41c8e2-f6b7-4d91-9150-0a41c8e2f6b7"
# A target of each cloud: where it is, whose it is, and its id, long enough for a part of a part.
_TARGETS: Mapping[str, Mapping[str, str]] = {
    "aws": {
        "region": "us-east-1", "zone": "us-east-1a", "account_id": "111122223333",
        "resource_id": "arn:aws:service:us-east-1:111122223333:thing/sample",
    },
    "azure": {
        "region": "westeurope", "zone": "1", "account_id": _SUBSCRIPTION,
        "resource_id": f"/subscriptions/{_SUBSCRIPTION}/resourceGroups/sample/providers/Microsoft.Sample/things/sample"
        "/parts/sample",
    },
    "gcp": {
        "region": "us-central1", "zone": "us-central1-a", "account_id": "sample-project",
        "resource_id": "//sample.googleapis.com/projects/sample-project/zones/us-central1-a/things/sample",
    },
}  # fmt: skip
# Types of GCP that are named with their place, since several zones may have one of a name.
_PLACED = frozenset(
    f"gcp_{name}"
    for name in ("compute_instance", "compute_disk", "compute_instance_group_manager", "kms_key", "kubernetes_cluster")
)
_RELATIVE_NAME = "projects/sample-project/zones/us-central1-a/things/sample"
_PLAN: Mapping[str, str] = {"id": "plan-0a1b2c3d4e5f", "date": "20260101"}
# What the environment of a step says of its place.
_PLACES: Mapping[str, Mapping[str, str]] = {
    "aws": {"AWS_REGION": "us-east-1", "AWS_DEFAULT_REGION": "us-east-1"},
    "azure": {"AZURE_SUBSCRIPTION_ID": _SUBSCRIPTION},
    "gcp": {"CLOUDSDK_CORE_PROJECT": "sample-project", "GOOGLE_CLOUD_PROJECT": "sample-project"},
}


def script_findings(playbook: Playbook, reader: ScriptReader) -> tuple[Finding, ...]:
    """What stands against the scripts, by script, language and line; and references to scripts that are not there."""
    found: dict[tuple[str, int, str], Finding] = {}
    for step, call in calls(playbook.orchestration):
        for finding in _of_call(playbook, step, call, reader):
            found.setdefault((finding.place, finding.line, finding.message), finding)
    return tuple(found.values())


def calls(orchestration: Orchestration) -> Iterator[tuple[StepSpec, ScriptCall]]:
    """Every call that a plan may hold: steps, undos and what is called otherwise."""
    for step in orchestration.steps:
        yield from ((step, call) for start in (step, step.rollback) for call in _chain(start))


def readings(playbook: Playbook, reader: ScriptReader) -> Iterator[tuple[StepSpec, bool, Reading]]:
    """Every script as a plan would call it, read, in every language that it comes in; and whether it is an undo."""
    for step in playbook.orchestration.steps:
        for start, undo in ((step, False), (step.rollback, True)):
            for call in _chain(start):
                script = playbook.scripts.get(f"{call.script_ref.script_id}@{call.script_ref.version}")
                given = _arguments(playbook, step, call)
                for language, code in script.code.items() if script else ():
                    yield step, undo, reader.read(code, language, given, _PLACES[_cloud(playbook, step)])


def _chain(call: ScriptCall | None) -> Iterator[ScriptCall]:
    """A call, and what is called otherwise."""
    while call is not None:
        yield call
        call = call.otherwise


def _of_call(playbook: Playbook, step: StepSpec, call: ScriptCall, reader: ScriptReader) -> Iterator[Finding]:
    key = f"{call.script_ref.script_id}@{call.script_ref.version}"
    script = playbook.scripts.get(key)
    if script is None:
        yield Finding(place=f"step {step.step_number}", message=f"there is no script {key}")
        return
    given, declared = _arguments(playbook, step, call), script.metadata.effect
    for language, code in script.code.items():
        reading = reader.read(code, language, given, _PLACES[_cloud(playbook, step)])
        yield from _of_reading(f"{key} ({language})", reading, declared)
    if step.phase != "change" and declared != "read":
        yield Finding(place=f"step {step.step_number}", message=f"it only checks, and its script is one to {declared}")


def _of_reading(place: str, reading: Reading, declared: Effect) -> Iterator[Finding]:
    problems = [(line, message) for line, message in reading.problems if not _SAMPLED.search(message)]
    yield from (Finding(place=place, line=line, message=message) for line, message in problems)
    effect = worst(operation.effect for operation in reading.operations)
    if effect == "secret":
        yield Finding(place=place, line=1, message="it reads or makes a secret")
    elif not problems and SEVERITY[effect] > SEVERITY[declared]:
        yield Finding(place=place, line=1, message=f"it says that it is one to {declared}, and it is one to {effect}")


def _arguments(playbook: Playbook, step: StepSpec, call: ScriptCall) -> tuple[str, ...]:
    values = _values(playbook, _type(playbook, step))
    single = step.for_each == "target"
    return tuple(_argument(argument, values, single=single) for argument in call.arguments)


def _type(playbook: Playbook, step: StepSpec) -> str:
    return (step.only_types or playbook.orchestration.targets.resource_types)[0]


def _cloud(playbook: Playbook, step: StepSpec) -> str:
    return _provider(_type(playbook, step))


def _provider(resource_type: str) -> str:
    start = resource_type.partition("_")[0]
    return start if start in _PLACES else "aws"


def _argument(argument: str | JsonArgument, values: Mapping[str, Any], *, single: bool) -> str:
    if isinstance(argument, JsonArgument):
        return json.dumps(_filled(argument.json_, values, single=single), separators=(",", ":"))
    return str(_PLACEHOLDER.sub(lambda found: str(_value(found[1], values)), argument))


def _filled(node: Any, values: Mapping[str, Any], *, single: bool) -> Any:
    if isinstance(node, dict):
        return {_text(str(key), values): _filled(value, values, single=single) for key, value in node.items()}
    if isinstance(node, list):
        return [_filled(item, values, single=True) for item in node]
    whole = _PLACEHOLDER.fullmatch(node) if isinstance(node, str) else None
    if whole is None:
        return _text(node, values) if isinstance(node, str) else node
    value = _value(whole[1], values)
    return value if single or not whole[1].startswith("target.") else [value]


def _text(text: str, values: Mapping[str, Any]) -> str:
    return _PLACEHOLDER.sub(lambda found: str(_value(found[1], values)), text)


def _value(name: str, values: Mapping[str, Any]) -> Any:
    # An attribute may be a number or a text, and this is both.
    return values.get(name, "2" if name.startswith("target.attributes.") else "sample")


def _values(playbook: Playbook, resource_type: str) -> dict[str, Any]:
    identifier = next((f"{start}{_HEX}" for end, start in _IDS.items() if resource_type.endswith(end)), "sample-thing")
    identifier = _RELATIVE_NAME if resource_type in _PLACED else identifier
    target = {**_TARGET, **_TARGETS[_provider(resource_type)]}
    values: dict[str, Any] = {f"target.{name}": value for name, value in target.items()}
    values |= {f"plan.{name}": value for name, value in _PLAN.items()}
    values |= {"target.identifier": identifier, "target.resource_type": resource_type, "target.tags": {"app": "shop"}}
    for spec in playbook.parameters:
        chosen = spec.default if spec.default is not None else next(iter(spec.validation.options), None)
        values[f"playbook.{spec.name}"] = _VALUES.get(spec.name, "sample") if chosen is None else chosen
    return values
