"""The library as data: every playbook keeps the rules, and a broken one does not take the others with it."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from escher.contract.estate import Resource
from escher.contract.plan import Operation
from escher.contract.playbook import Playbook, ScriptCall, StepSpec
from escher.contract.reach import changes_rights
from escher.contract.understanding import Parameters
from escher.contract.vocabulary import Language
from escher.procedures.bind import Bindings, bind
from escher.providers.registry import resource_types
from escher.scripts.playbook_scripts import readings
from escher.scripts.reader import Reader
from escher_server.app import create_app
from escher_server.library.loader import Entry, Library, load
from escher_server.settings import PACKAGED_LIBRARY, ServerSettings
from tests.server.library_samples import ATTRIBUTES, IDENTIFIERS, PERMISSIONS, PLACE, SAMPLES, SERVICES

ENTRIES = load(PACKAGED_LIBRARY).entries
each_playbook = pytest.mark.parametrize(
    "entry", [pytest.param(entry, id=playbook_id) for (playbook_id, _), entry in ENTRIES.items()]
)
# Those whose scripts are read with the samples of AWS.
each_of_aws = pytest.mark.parametrize(
    "entry",
    [
        pytest.param(entry, id=playbook_id)
        for (playbook_id, _), entry in ENTRIES.items()
        if entry.playbook.metadata.cloud_provider == ("aws",)
    ],
)
each_language = pytest.mark.parametrize("language", ["bash", "python"])


def sample(resource_type: str) -> Resource:
    identifier = IDENTIFIERS.get(resource_type, "shop-data")
    return Resource(
        provider="aws",
        account_id="111122223333",
        region="us-east-1",
        zone="us-east-1a",
        resource_type=resource_type,
        kind=resource_types()[resource_type].kind,
        resource_id=f"arn:aws:service:us-east-1:111122223333:thing/{identifier}",
        identifier=identifier,
        name="a name; $(true)",
        state="running",
        tags={"owner": "bo"},
        attributes=dict(ATTRIBUTES),
    )


def calls(playbook: Playbook) -> Iterator[tuple[StepSpec, ScriptCall]]:
    """Every call that a plan of this playbook may hold: steps, undos and their alternatives."""
    for step in playbook.orchestration.steps:
        for start in (step, step.rollback):
            call: ScriptCall | None = start
            while call:
                yield step, call
                call = call.otherwise


def arguments(playbook: Playbook, step: StepSpec, call: ScriptCall) -> tuple[str, ...]:
    types = step.only_types or playbook.orchestration.targets.resource_types
    given = Bindings(
        targets=(sample(types[0]),),
        parameters={spec.name: SAMPLES.get(spec.name, spec.default) for spec in playbook.parameters},
        plan={"id": "plan-0a1b2c3d4e5f", "date": "20261124"},
        single=step.for_each == "target",
    )
    return bind(call.arguments, given)


def permission(operation: Operation) -> str:
    name = f"{operation.service} {operation.operation}"
    service = SERVICES.get(operation.service, operation.service)
    return PERMISSIONS.get(name, f"{service}:{operation.operation.replace('-', '')}").lower()


def test_all_are_served(library: Library) -> None:
    """Nothing of the packaged library is refused, and each cloud has its share of it."""
    clouds = [cloud for entry in library.entries.values() for cloud in entry.playbook.metadata.cloud_provider]
    assert library.refused == ()
    assert (clouds.count("aws") >= 32, clouds.count("azure") >= 15, clouds.count("gcp") >= 15) == (True, True, True)


@each_of_aws
@each_language
def test_a_script_does_what_it_says(entry: Entry, language: Language) -> None:
    """The reader's verdict equals the declared effect, every operation's permission is declared, checks only read."""
    for step, call in calls(entry.playbook):
        script = entry.playbook.scripts[f"{call.script_ref.script_id}@{call.script_ref.version}"]
        reading = Reader().read(script.code[language], language, arguments(entry.playbook, step, call), PLACE)
        assert (script.metadata.script_id, reading.effect, reading.problems) == (
            script.metadata.script_id,
            script.metadata.effect,
            (),
        )
        declared = {name.lower() for name in script.metadata.permissions_required}
        assert {permission(operation) for operation in reading.operations} - declared == set()
        assert step.phase == "change" or reading.effect == "read"


@each_of_aws
def test_both_languages_call_the_same(entry: Entry) -> None:
    """Bash and Python call the same operations with the same parameters when they change something."""
    for step, call in calls(entry.playbook):
        script = entry.playbook.scripts[f"{call.script_ref.script_id}@{call.script_ref.version}"]
        given = arguments(entry.playbook, step, call)
        bash, python = (
            [
                (operation.operation, operation.parameters)
                for operation in Reader().read(script.code[language], language, given, PLACE).operations
                if operation.effect != "read"
            ]
            for language in ("bash", "python")
        )
        assert bash == python


@each_playbook
def test_a_playbook_is_whole(entry: Entry) -> None:
    """Checked first, verified last, every change undone or honest, every step explained, every value known."""
    playbook = entry.playbook
    steps = playbook.orchestration.steps
    changes = [step for step in steps if step.phase == "change"]
    assert [step.step_number for step in steps] == list(range(1, len(steps) + 1))
    assert (steps[0].phase, steps[-1].phase) == ("check", "verify")
    assert all(step.rollback or step.irreversible_because for step in changes)
    assert playbook.metadata.estimated_impact.reversible == all(step.rollback for step in changes)
    assert len(playbook.explain_plan.what_happens) == len(steps)
    assert {spec.name for spec in playbook.parameters} <= set(Parameters.model_fields)
    kinds = {resource_types()[name].kind for name in playbook.orchestration.targets.resource_types}
    assert kinds == set(playbook.metadata.kinds)
    assert set(playbook.metadata.resource_types) == set(playbook.orchestration.targets.resource_types)


@each_playbook
def test_attributes_are_declared(entry: Entry) -> None:
    """What a playbook asks of its targets, or puts into an argument, is a declared field of their types."""
    orchestration = entry.playbook.orchestration
    named = set(re.findall(r"\$\{target\.attributes\.(\w+)\}", orchestration.model_dump_json()))
    for name in orchestration.targets.resource_types:
        assert named | set(orchestration.targets.having) <= set(resource_types()[name].fields)


@each_playbook
def test_what_destroys_is_of_high_risk(entry: Entry) -> None:
    """A playbook with a script that destroys, or that moves rights, says so in its labels; no other does."""
    destroys = any(script.metadata.effect == "destroy" for script in entry.playbook.scripts.values())
    done = [one for _, _, reading in readings(entry.playbook, Reader()) for one in reading.operations]
    assert (entry.playbook.metadata.tags.risk_level == "high") == (destroys or any(map(changes_rights, done)))


@each_playbook
def test_a_playbook_has_cases(entry: Entry) -> None:
    """At least two, each over things that it names, and a quality of at least 90."""
    for case in entry.cases.cases:
        names = [thing.name for thing in case.estate]
        assert len(set(names)) == len(names)
        assert {*case.targets, *case.skipped, *case.expected, *case.restored} <= set(names)
        assert not set(case.targets) & set(case.skipped)
    assert len(entry.cases.cases) >= 2
    assert entry.quality.score >= 90


@each_playbook
@each_language
def test_a_script_is_clean(entry: Entry, language: Language) -> None:
    """An interpreter in the first line of bash, a docstring in Python, JSON as the last line, no secret, no address."""
    for script in entry.playbook.scripts.values():
        # The address that Azure's SDK has by itself, for where the account names no other.
        code = script.code[language].replace('"https://management.azure.com"', "")
        start = "#!/usr/bin/env bash\nset -euo pipefail\n# " if language == "bash" else '"""'
        last = code.rstrip().splitlines()[-1]
        assert code.startswith(start)
        assert last.startswith('echo \'{"status": ' if language == "bash" else 'print(json.dumps({"status": ')
        assert not any(word in code for word in ("http://", "https://", "AKIA", "--region", "--profile"))


def test_every_agent_has_its_prompt() -> None:
    """An agent is a pair: what decides, and the prompt for the day a model does."""
    agents = Path(PACKAGED_LIBRARY).parents[1] / "agents"
    alone = [
        path.name for path in agents.glob("*.py") if path.stem != "__init__" and not path.with_suffix(".md").exists()
    ]
    assert alone == []


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A library of two playbooks to break: one refers to scripts of the other."""
    for name in ("escher-aws-ec2-stop", "escher-aws-ec2-start"):
        shutil.copytree(PACKAGED_LIBRARY / name, tmp_path / name)
    return tmp_path


def edit(path: Path, change: Callable[[dict[str, Any]], None]) -> None:
    document = json.loads(path.read_text())
    change(document)
    path.write_text(json.dumps(document, indent=2))


def _drop_comma(path: Path) -> None:
    path.write_text(path.read_text().replace(",\n", "\n", 1))


def _wrong_kind(path: Path) -> None:
    edit(path, lambda document: document.update(kinds=["toaster"]))


def _other_name(path: Path) -> None:
    edit(path, lambda document: document.update(playbook_id="escher-aws-ec2-other"))


def _unknown_script(path: Path) -> None:
    edit(path, lambda document: document["steps"][1]["script_ref"].update(script_id="aws-nothing"))


@pytest.mark.parametrize(
    ("file", "spoil", "told"),
    [
        ("metadata.json", _drop_comma, "metadata.json, line 3: Expecting"),
        ("metadata.json", _wrong_kind, "metadata.json, line 8: kinds.0:"),
        ("metadata.json", _other_name, "the folder is not named escher-aws-ec2-other/v1.0.0"),
        (
            "orchestration.json",
            _unknown_script,
            "orchestration.json, line 39: the library has no script aws-nothing@1.0.0",
        ),
        ("explain_plan.json", Path.unlink, "explain_plan.json, line 1: cannot be read (FileNotFoundError)"),
        ("cases.json", _drop_comma, "cases.json, line"),
    ],
)
def test_a_broken_playbook_is_refused_and_the_other_serves(
    copy: Path, file: str, spoil: Callable[[Path], None], told: str
) -> None:
    """With file, line and cause; the application starts with the rest."""
    spoil(copy / "escher-aws-ec2-start" / "v1.0.0" / file)
    library = load(copy)
    assert [playbook_id for playbook_id, _ in library.entries] == ["escher-aws-ec2-stop"]
    [refused] = library.refused
    assert told in str(refused)
    assert create_app(ServerSettings(library=copy)).title == "Escher server"


def test_a_broken_script_takes_the_playbooks_that_use_it(copy: Path) -> None:
    """A script without its code is refused, and so is whoever refers to it."""
    (copy / "escher-aws-ec2-start/v1.0.0/scripts/aws-ec2-start/v1.0.0/code/bash/main.sh").unlink()
    library = load(copy)
    assert library.entries == {}
    assert "main.sh, line 1: cannot be read" in str(library.refused[0])
    assert ["has no script aws-ec2-start@1.0.0" in str(refused) for refused in library.refused] == [False, True, True]


def test_a_script_that_is_there_twice_is_refused(copy: Path) -> None:
    """An id and version name one script."""
    script = "v1.0.0/scripts/aws-ec2-stop"
    shutil.copytree(copy / "escher-aws-ec2-stop" / script, copy / "escher-aws-ec2-start" / script)
    assert "a script aws-ec2-stop@1.0.0 is already in the library" in str(load(copy).refused[0])
