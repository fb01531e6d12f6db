"""What the scripts of the library's GCP playbooks do, as the script reader reads them, in both languages."""

from __future__ import annotations

import re

import pytest

from escher.contract.estate import Resource
from escher.contract.playbook import ScriptCall, StepSpec
from escher.contract.vocabulary import Language
from escher.procedures.bind import Bindings, bind
from escher.providers.registry import resource_types
from escher.scripts.reader import Reader
from escher_server.library.loader import Entry, load
from escher_server.settings import PACKAGED_LIBRARY
from tests.server.test_library import calls

_PROJECT = "shop-111111"
_PLACE = {"CLOUDSDK_CORE_PROJECT": _PROJECT, "GOOGLE_CLOUD_PROJECT": _PROJECT}
_PARAMETERS = {"instance_type": "e2-standard-4", "days": 30, "count": 3, "size_gib": 100, "tag_key": "owner", "tag_value": "team-red"}  # fmt: skip
_ATTRIBUTES = {"instance_type": "e2-small", "backups_kept": 7, "desired_capacity": 2, "retention_days": 30}
# Their identifier is the relative name, which gcloud takes as it is.
_PLACED = {
    "gcp_compute_instance": "zones/us-central1-a/instances",
    "gcp_compute_disk": "zones/us-central1-a/disks",
    "gcp_compute_instance_group_manager": "zones/us-central1-a/instanceGroupManagers",
}
_PERMISSION = re.compile(r"[a-z]+\.[A-Za-z]+\.[A-Za-z]+")
_READING = (".get", ".list", ".getIamPolicy")
each_playbook = pytest.mark.parametrize(
    "entry",
    [
        pytest.param(entry, id=playbook_id)
        for (playbook_id, _), entry in load(PACKAGED_LIBRARY).entries.items()
        if entry.playbook.metadata.cloud_provider == ("gcp",)
    ],
)


def sample(resource_type: str) -> Resource:
    """A resource of this type as a scan of Google Cloud finds it."""
    name = f"web@{_PROJECT}.iam.gserviceaccount.com" if resource_type == "gcp_service_account" else "web-0"
    path = f"projects/{_PROJECT}/{_PLACED.get(resource_type, 'global')}/{name}"
    return Resource(
        provider="gcp",
        account_id=_PROJECT,
        region="us-central1",
        zone="us-central1-a",
        resource_type=resource_type,
        kind=resource_types()[resource_type].kind,
        resource_id=f"//api.googleapis.com/{path}",
        identifier=path if resource_type in _PLACED else name,
        name="web-0",
        state="running",
        tags={"owner": "bo"},
        attributes=_ATTRIBUTES,
    )


def arguments(entry: Entry, step: StepSpec, call: ScriptCall) -> tuple[str, ...]:
    """What the script of a call is given, for one target."""
    types = step.only_types or entry.playbook.orchestration.targets.resource_types
    given = Bindings(
        targets=(sample(types[0]),),
        parameters={spec.name: _PARAMETERS[spec.name] for spec in entry.playbook.parameters},
        plan={"id": "plan-0a1b2c3d4e5f", "date": "20261124"},
        single=step.for_each == "target",
    )
    return bind(call.arguments, given)


@each_playbook
@pytest.mark.parametrize("language", ["bash", "python"])
def test_a_script_does_what_it_says(entry: Entry, language: Language) -> None:
    """The reader finds no problem, its verdict equals the declared effect, checks only read, and permissions are Google's."""
    for step, call in calls(entry.playbook):
        script = entry.playbook.scripts[f"{call.script_ref.script_id}@{call.script_ref.version}"]
        reading = Reader().read(script.code[language], language, arguments(entry, step, call), _PLACE)
        found = (script.metadata.script_id, reading.effect, reading.problems)
        assert found == (script.metadata.script_id, script.metadata.effect, ())
        assert step.phase == "change" or reading.effect == "read"
        assert all(_PERMISSION.fullmatch(permission) for permission in script.metadata.permissions_required)
        assert bool([one for one in script.metadata.permissions_required if not one.endswith(_READING)]) == (
            script.metadata.effect != "read"
        )


@each_playbook
def test_both_languages_change_the_same(entry: Entry) -> None:
    """A script has the same effect in bash and in Python, and in both names each of its targets."""
    for step, call in calls(entry.playbook):
        script = entry.playbook.scripts[f"{call.script_ref.script_id}@{call.script_ref.version}"]
        given = arguments(entry, step, call)
        bash, python = (Reader().read(script.code[word], word, given, _PLACE) for word in ("bash", "python"))
        assert bash.effect == python.effect
        assert all("web" in str([operation.parameters for operation in one.operations]) for one in (bash, python))
