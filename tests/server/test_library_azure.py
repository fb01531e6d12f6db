"""What the scripts of the library's Azure playbooks do, as the script reader reads them, in both languages."""

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

_SUBSCRIPTION = "11111111-1111-4111-8111-111111111111"
_PLACE = {"AZURE_SUBSCRIPTION_ID": _SUBSCRIPTION}
_PARAMETERS = {"instance_type": "Standard_D4s_v5", "tag_key": "owner", "tag_value": "team-red", "days": 30, "count": 3}
_ATTRIBUTES = {
    "resource_group": "rg-shop",
    "instance_type": "Standard_D2s_v5",
    "retention_days": 90,
    "desired_capacity": 2,
    **{
        f"{word}_rule{name}": value
        for word in ("ssh", "rdp")
        for name, value in {"": "let-in", "_priority": 100, "_protocol": "Tcp", "_source": "any", "_description": "a; $(b)"}.items()
    },
}  # fmt: skip
_TLS = {"azure_storage_account": "TLS1_0", "azure_sql_server": "1.0"}
_PERMISSION = re.compile(r"Microsoft\.[A-Za-z]+(/[A-Za-z]+)+/(read|write|delete|action)")
each_playbook = pytest.mark.parametrize(
    "entry",
    [
        pytest.param(entry, id=playbook_id)
        for (playbook_id, _), entry in load(PACKAGED_LIBRARY).entries.items()
        if entry.playbook.metadata.cloud_provider == ("azure",)
    ],
)


def sample(resource_type: str) -> Resource:
    """A resource of this type as a scan of Azure finds it."""
    declared = resource_types()[resource_type]
    provider, *types = declared.native_type.split("/")
    path = "/".join(f"{part}/web-{number}" for number, part in enumerate(types))
    return Resource(
        provider="azure",
        account_id=_SUBSCRIPTION,
        region="westeurope",
        resource_type=resource_type,
        kind=declared.kind,
        resource_id=f"/subscriptions/{_SUBSCRIPTION}/resourcegroups/rg-shop/providers/{provider}/{path}",
        identifier="rg-shop/web-0",
        name="web-0",
        state="running",
        tags={"owner": "bo"},
        attributes=_ATTRIBUTES | {"minimum_tls": _TLS.get(resource_type)},
    )


def arguments(entry: Entry, step: StepSpec, call: ScriptCall) -> tuple[str, ...]:
    """What the script of a call is given, for one target."""
    given = Bindings(
        targets=(sample(entry.playbook.orchestration.targets.resource_types[0]),),
        parameters={spec.name: _PARAMETERS[spec.name] for spec in entry.playbook.parameters},
        plan={"id": "plan-0a1b2c3d4e5f", "date": "20261124"},
        single=step.for_each == "target",
    )
    return bind(call.arguments, given)


@each_playbook
@pytest.mark.parametrize("language", ["bash", "python"])
def test_a_script_does_what_it_says(entry: Entry, language: Language) -> None:
    """The reader finds no problem, its verdict equals the declared effect, checks only read, and permissions are Azure's."""
    for step, call in calls(entry.playbook):
        script = entry.playbook.scripts[f"{call.script_ref.script_id}@{call.script_ref.version}"]
        reading = Reader().read(script.code[language], language, arguments(entry, step, call), _PLACE)
        found = (script.metadata.script_id, reading.effect, reading.problems)
        assert found == (script.metadata.script_id, script.metadata.effect, ())
        assert step.phase == "change" or reading.effect == "read"
        assert all(_PERMISSION.fullmatch(permission) for permission in script.metadata.permissions_required)
        assert bool([one for one in script.metadata.permissions_required if not one.endswith("/read")]) == (
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
        assert bash.operations
        assert python.operations
