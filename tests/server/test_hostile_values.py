"""Values stay values: fifty hostile ones, wherever a value can come from, through every playbook and its undo.

Either no plan comes of one (a question back, or PlanRefused), or it is one argument or one field of JSON and nothing
else: the reader reads the same calls as with a harmless value, and bash, run for real before stand-ins of the clouds'
CLIs, runs no other program, splits nothing, reads no file and writes none.
"""

from __future__ import annotations

import itertools
import json
import random
import subprocess
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Literal

import pytest

from escher.context.aliases import Conversation
from escher.contract.estate import Account, Resource
from escher.contract.plan import Call, PlanTemplate
from escher.contract.playbook import Playbook
from escher.contract.understanding import Parameter, Selector
from escher.contract.vocabulary import Language, Provider
from escher.errors import PlanRefused
from escher.procedures.resolve import Resolution, resolve
from escher.procedures.values import settle
from escher.providers.registry import resource_types
from escher.scripts.reader import Reader
from escher_server.library.loader import load
from escher_server.settings import PACKAGED_LIBRARY
from tests.fixtures.hostile_values import HOSTILE
from tests.server import test_library, test_library_azure
from tests.server.library_samples import SAMPLES

Place = Literal["parameters", "identifier", "resource_id", "name", "tags", "attributes", "region"]
PLACES: tuple[Place, ...] = ("parameters", "identifier", "resource_id", "name", "tags", "attributes", "region")
PLAYBOOKS = [entry.playbook for entry in load(PACKAGED_LIBRARY).entries.values()]
# Where a value gets to from each place, as it stands in a playbook's arguments.
USES: Mapping[Place, str] = {"parameters": "${playbook.", "tags": "${target.tags", "attributes": "${target.attributes."}
CASES: list[tuple[Playbook, Place, str]] = [
    (playbook, place, value)
    for playbook in PLAYBOOKS
    for place in PLACES
    if USES.get(place, f"${{target.{place}}}") in playbook.orchestration.model_dump_json()
    for value in HOSTILE
]
PROJECT = "quilt-771"
TOOLS = ("aws", "az", "gcloud", "sleep")
# What every cloud answers here: an answer wants to be code too.
ANSWER = "answer[$(: >stolen)]"
STAND_IN = f"""#!/bin/sh
printf '%s\\0' "${{0##*/}}" "$@" >> "$RECORD"
printf '\\n\\0' >> "$RECORD"
printf '%s\\n' '{ANSWER}'
"""


def _of_gcp(resource_type: str) -> Resource:
    """A resource of this type as a scan of GCP finds it."""
    declared = resource_types()[resource_type]
    named = {"gcp_service_account": f"web-0@{PROJECT}.iam.gserviceaccount.com"}.get(resource_type, "web-0")
    if resource_type.startswith("gcp_compute"):
        named = f"projects/{PROJECT}/zones/europe-west3-a/things/web-0"
    return Resource(
        provider="gcp", account_id=PROJECT, region="europe-west3", zone="europe-west3-a", resource_type=resource_type,
        kind=declared.kind, resource_id=f"//{declared.native_type}/web-0", identifier=named, name="web-0",
        state="running", tags={"owner": "bo"},
        attributes={"instance_type": "e2-small", "desired_capacity": 2, "backups_kept": 7, "retention_days": 30},
    )  # fmt: skip


SAMPLERS: Mapping[Provider, Callable[[str], Resource]] = {
    "aws": test_library.sample,
    "azure": test_library_azure.sample,
    "gcp": _of_gcp,
}
HARMLESS: Mapping[Provider, Mapping[str, Any]] = {
    "aws": SAMPLES | {"tag_value": "team red"},
    "azure": {"instance_type": "Standard_D4s_v5", "days": 30, "tag_key": "owner", "tag_value": "team-red", "count": 3},
    "gcp": {"instance_type": "e2-medium", "days": 7, "tag_key": "owner", "tag_value": "team-red", "count": 3, "size_gib": 100},
}  # fmt: skip
DATABASES = {"aws": "db.m6g.large", "gcp": "db-custom-2-7680"}


def _given(playbook: Playbook) -> dict[str, Any]:
    """A harmless value for every parameter."""
    cloud = playbook.metadata.cloud_provider[0]
    database = {"instance_type": DATABASES.get(cloud)} if "database_instance" in playbook.metadata.kinds else {}
    return {spec.name: ({**HARMLESS[cloud], **database}).get(spec.name, spec.default) for spec in playbook.parameters}


def _sample(playbook: Playbook) -> Resource:
    """A target as a scan finds it, in a state in which every step is for it."""
    cloud = playbook.metadata.cloud_provider[0]
    found = SAMPLERS[cloud](playbook.orchestration.targets.resource_types[0])
    states = [step.only_states for step in playbook.orchestration.steps if step.only_states]
    return replace(found, state=states[0][0]) if states else found


def _spoiled(target: Resource, place: Place, value: str) -> Resource:
    match place:
        case "identifier" | "name" | "region":
            return replace(target, **{place: value})
        case "resource_id":
            return replace(target, resource_id=f"{target.resource_id}{value}")
        case "tags":
            return replace(target, tags=dict.fromkeys((*target.tags, "owner"), value))
        case "attributes":
            spoiled = {key: value if isinstance(old, str) else old for key, old in target.attributes.items()}
            return replace(target, attributes=spoiled)
        case _:
            return target


def _planned(
    playbook: Playbook, target: Resource, values: Mapping[str, Any], language: Language
) -> tuple[Call, ...] | None:
    """Every call of the plan and of its undo; None when it is refused: asked about, by PlanRefused or by the reader."""
    parameters = {name: Parameter(value=value) for name, value in values.items() if value is not None}
    template = PlanTemplate(playbook=playbook, selector=Selector(), parameters=parameters)
    settled, asked = settle(template, Conversation())
    if asked is not None:
        return None
    account = Account(provider=target.provider, account_id=target.account_id, name="shop")
    given = Resolution(
        plan_id="plan-0a1b2c3d4e5f", question="do it", template=template, values=settled, targets=(target,),
        accounts={account.account_id: account}, languages=(language,), now=datetime(2026, 11, 24, tzinfo=UTC),
        valid_for=timedelta(minutes=15),
    )  # fmt: skip
    try:
        plan = resolve(given, Reader())
    except PlanRefused:
        return None
    calls = (*plan.steps, *(step.rollback for step in plan.steps if step.rollback))
    # What the client's check refuses a plan for, whatever else is wrong with it.
    read = (Reader().read(call.script, call.language, call.arguments, call.environment) for call in calls)
    return None if any(one.problems for one in read) else calls


@cache
def _harmless_of(playbook_id: str, language: Language, tag_key: str) -> tuple[Call, ...]:
    """The same with harmless values; a tag that was not there is undone otherwise than one that was."""
    playbook = next(one for one in PLAYBOOKS if one.metadata.playbook_id == playbook_id)
    given = {name: tag_key if name == "tag_key" else value for name, value in _given(playbook).items()}
    planned = _planned(playbook, _sample(playbook), given, language)
    assert planned is not None
    return planned


def _shape(node: Any, values: frozenset[str]) -> Any:
    """Parameters without their texts; a key that is a value is one whatever it says."""
    if isinstance(node, dict):
        return {"·" if key in values else key: _shape(inner, values) for key, inner in node.items()}
    if isinstance(node, list | tuple):
        return [_shape(inner, values) for inner in node]
    return type(node).__name__


def _called(planned: tuple[Call, ...], values: frozenset[str]) -> list[Any]:
    return [
        (one.provider, one.service, one.operation, one.effect, _shape(one.parameters, values))
        for call in planned
        for one in call.operations
    ]


def _run(call: Call, folder: Path) -> list[list[str]]:
    """Run a bash call before the stand-ins, in a folder of its own; every command line it came to."""
    record = folder.parent / "record"
    record.write_bytes(b"")
    environment = {**call.environment, "PATH": str(folder.parent / "tools"), "RECORD": str(record), "HOME": str(folder)}
    bash = ["/bin/bash", "--norc", "--noprofile", "-c", call.script, "escher", *call.arguments]
    done = subprocess.run(bash, cwd=folder, env=environment, capture_output=True, timeout=60, check=False)
    assert b"not found" not in done.stderr, done.stderr
    lines = record.read_bytes().decode().split("\0\n\0")
    return [line.split("\0") for line in lines if line]


def _assert_one_value(line: list[str], value: str, call: Call) -> None:
    """The value is within one argument of the call, whole; it begins no option, no file and no address."""
    assert line[0] in TOOLS
    for word in line[1:]:
        if value not in word:
            continue
        assert word in call.arguments or any(argument in word for argument in call.arguments if value in argument)
        if not word.startswith(("{", "[")):
            assert not word.lstrip().lower().startswith(("file:", "fileb:", "http:", "https:", "@"))
            assert line[0] != "az" or "=@" not in word
            assert not value.startswith("-") or not word.startswith(value)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty folder with a secret, and the stand-ins beside it."""
    root = tmp_path_factory.mktemp("hostile")
    (root / "tools").mkdir()
    for name in TOOLS:
        (root / "tools" / name).write_text(STAND_IN)
        (root / "tools" / name).chmod(0o755)
    work = root / "work"
    work.mkdir()
    (work / "secret.txt").write_text("canary-in-a-file")
    return work


def _values(playbook: Playbook, place: Place, value: str) -> Iterator[dict[str, Any]]:
    """The harmless values; or those with a hostile one in each parameter in turn."""
    harmless = _given(playbook)
    if place == "parameters":
        yield from (harmless | {name: value} for name in harmless)
    else:
        yield harmless


def _attack(playbook: Playbook, place: Place, value: str, folder: Path) -> int:
    """Plan and, in bash, run a playbook with a value in a place; in how many plans it stayed a value."""
    kept, target = 0, _sample(playbook)
    words = frozenset({value, "fresh", *map(str, _given(playbook).values())})
    languages: tuple[Language, ...] = ("bash", "python")
    for language, values in itertools.product(languages, _values(playbook, place, value)):
        planned = _planned(playbook, _spoiled(target, place, value), values, language)
        if planned is None:
            continue
        harmless = (_harmless_of(playbook.metadata.playbook_id, language, key) for key in ("owner", "fresh"))
        assert _called(planned, words) in [_called(one, words) for one in harmless]
        kept += any(
            value in argument or json.dumps(value)[1:-1] in argument for call in planned for argument in call.arguments
        )
        for call in planned if language == "bash" else ():
            for line in _run(call, folder):
                _assert_one_value(line, value, call)
            assert [one.name for one in folder.iterdir()] == ["secret.txt"]
    return kept


@pytest.mark.parametrize("playbook", PLAYBOOKS, ids=lambda one: one.metadata.playbook_id)
def test_a_harmless_value_is_planned(playbook: Playbook) -> None:
    """Else the refusals below would say nothing."""
    assert [_planned(playbook, _sample(playbook), _given(playbook), one) is None for one in ("bash", "python")] == [
        False,
        False,
    ]


@pytest.mark.campaign
def test_a_hostile_value_stays_a_value_or_makes_no_plan(campaign: Callable[[int], int], folder: Path) -> None:
    """In every parameter, identifier, id, name, tag, attribute and region; in bash and in Python; in steps and undos."""
    cases = random.Random(50).sample(CASES, campaign(len(CASES)))
    kept = sum(_attack(playbook, place, value, folder) for playbook, place, value in cases)
    assert len(HOSTILE) >= 50
    assert kept > 0
