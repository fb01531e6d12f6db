"""The commands of az and gcloud as data."""

from __future__ import annotations

from fnmatch import filter as fitting

import pytest

from escher.apis import catalogue, cli_effect, commands
from escher.apis.effect import effect_of
from escher.apis.spelling import command_line
from escher.contract.plan import Operation
from escher.contract.vocabulary import Effect, Provider
from escher.scripts.reader import Reader

COUNTS = {"azure": 6_000, "gcp": 13_000}
each_cloud = pytest.mark.parametrize("provider", ["azure", "gcp"])


@each_cloud
def test_every_command_can_be_looked_up_by_its_words(provider: Provider) -> None:
    """As it is typed, every command is found, and it is the one that its service and operation name."""
    found = list(commands.all_commands(provider))
    assert len(found) > COUNTS[provider]
    assert all(
        commands.command(provider, spec.words[1:]) == spec and spec.words[0] in commands.PROGRAMS
        for spec in found[::50]
    )


def test_options_are_as_the_parsers_declare_them() -> None:
    """Spellings, what must be there, what an id stands in for, closed values and files."""
    start = {option.name: option for option in _options("azure", "vm", "start")}
    rule = {option.name: option for option in _options("azure", "network", "nsg rule create")}
    stop = {option.name: option for option in _options("gcp", "compute", "beta instances stop")}
    assert start["resource-group"].names == ("--resource-group", "-g")
    assert start["name"].required and start["name"].by_id and start["ids"].many
    assert rule["priority"].type == "integer" and rule["access"].choices == ("Allow", "Deny")
    assert stop["instance-names"].positional and stop["instance-names"].many
    assert {option.name for option in _options("gcp", "kms", "decrypt") if option.file} >= {"ciphertext-file"}


def _options(provider: Provider, service: str, operation: str) -> tuple[commands.Option, ...]:
    spec = commands.find(provider, service, operation)
    assert spec is not None
    return spec.options


@pytest.mark.parametrize("words", [["vm", "frobnicate"], ["vm"], ["beta"], [], ["beta", "vm", "start"]])
@each_cloud
def test_what_is_no_command_is_not_found(provider: Provider, words: list[str]) -> None:
    """A group alone, a track alone, nothing, and what nobody has."""
    assert commands.command(provider, words) is None


EFFECTS: list[tuple[Provider, str, str, Effect]] = [
    ("azure", "vm", "list", "read"),
    ("azure", "vm", "show", "read"),
    ("azure", "vm", "start", "write"),
    ("azure", "vm", "deallocate", "write"),
    ("azure", "vm", "delete", "destroy"),
    ("azure", "group", "delete", "destroy"),
    ("azure", "vm", "run-command invoke", "unknown"),
    ("azure", "rest", "", "unknown"),
    ("azure", "keyvault", "secret show", "secret"),
    ("azure", "keyvault", "secret list", "read"),
    ("azure", "keyvault", "purge", "destroy"),
    ("azure", "account", "get-access-token", "secret"),
    ("azure", "storage", "account keys list", "secret"),
    ("azure", "storage", "account keys renew", "secret"),
    ("azure", "cosmosdb", "keys list", "secret"),
    ("azure", "aks", "get-credentials", "secret"),
    ("azure", "webapp", "config appsettings list", "secret"),
    ("azure", "storage", "blob delete-batch", "destroy"),
    ("azure", "network", "nsg rule create", "write"),
    ("azure", "webapp", "connection create keyvault", "write"),
    ("azure", "tag", "update", "write"),
    ("azure", "compute", "virtual_machines.begin_power_off", "write"),
    ("azure", "compute", "virtual_machines.begin_run_command", "unknown"),
    ("azure", "compute", "virtual_machines.instance_view", "read"),
    ("azure", "storage", "storage_accounts.list_keys", "secret"),
    ("azure", "web", "web_apps.list_application_settings", "secret"),
    ("azure", "resource", "resource_groups.begin_delete", "destroy"),
    ("gcp", "compute", "instances list", "read"),
    ("gcp", "compute", "beta instances stop", "write"),
    ("gcp", "compute", "instances delete", "destroy"),
    ("gcp", "compute", "instances remove-labels", "write"),
    ("gcp", "compute", "ssh", "unknown"),
    ("gcp", "compute", "alpha ssh", "unknown"),
    ("gcp", "compute", "reset-windows-password", "secret"),
    ("gcp", "compute", "health-checks create http", "write"),
    ("gcp", "auth", "print-access-token", "secret"),
    ("gcp", "secrets", "versions access", "secret"),
    ("gcp", "secrets", "versions destroy", "destroy"),
    ("gcp", "iam", "service-accounts keys create", "secret"),
    ("gcp", "iam", "service-accounts keys list", "read"),
    ("gcp", "projects", "get-iam-policy", "read"),
    ("gcp", "projects", "remove-iam-policy-binding", "destroy"),
    ("gcp", "sql", "export sql", "unknown"),
    ("gcp", "compute", "instances.aggregatedList", "read"),
    ("gcp", "compute", "instances.setMachineType", "write"),
    ("gcp", "compute", "instances.getSerialPortOutput", "secret"),
    ("gcp", "secretmanager", "projects.secrets.versions.access", "secret"),
    ("gcp", "iam", "projects.serviceAccounts.keys.create", "secret"),
    ("gcp", "sqladmin.v1beta4", "instances.restoreBackup", "destroy"),
    ("gcp", "cloudresourcemanager", "projects.getIamPolicy", "read"),
]


@pytest.mark.parametrize(("provider", "service", "operation", "effect"), EFFECTS)
def test_effects(provider: Provider, service: str, operation: str, effect: Effect) -> None:
    """Reading, changing, destroying, handing out credentials, running what one cannot see."""
    assert effect_of(service, operation, provider=provider) == effect


@each_cloud
def test_every_special_effect_is_of_a_command(provider: Provider) -> None:
    """No pattern fits nothing: a typing error in one would leave a secret a read."""
    typed = (
        f"{spec.service} {spec.operation.removeprefix(spec.track).strip()}".rstrip()
        for spec in commands.all_commands(provider)
    )
    methods = (
        f"{service.partition('.')[0]} {name}"
        for service in catalogue.services(provider)
        for name in catalogue.operations(provider, service)
    )
    names = [*typed, *methods]
    assert [pattern for pattern in cli_effect.patterns(provider) if not fitting(names, pattern)] == []


@pytest.mark.parametrize("verb", ["create", "delete", "update", "set", "start", "stop", "add", "remove", "restart"])
@each_cloud
def test_no_command_that_changes_something_reads(provider: Provider, verb: str) -> None:
    """Of commands whose last word says that they change something, none is taken for a read."""
    changing = [spec for spec in commands.all_commands(provider) if spec.operation.split(" ")[-1].startswith(verb)]
    reading = [spec for spec in changing if spec.effect == "read"]
    assert len(changing) > 5 and reading == []


@pytest.mark.parametrize(
    "command",
    [
        "az vm deallocate --ids /subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/v",
        "az tag update --resource-id /subscriptions/s --tags owner=ana env=dev --operation Merge",
        "az vm list",
        "gcloud compute instances stop web db --zone us-east1-b",
        "gcloud beta compute instances add-labels web --labels owner=ana --zone us-east1-b",
        "gcloud run services update api --no-cpu-throttling --region europe-west1",
    ],
)
def test_a_command_is_spelt_as_it_was_read(command: str) -> None:
    """What is shown in a plan reads back as the same operation."""
    (operation,) = Reader().read(command, "bash").operations
    again = Reader().read(command_line(operation, ""), "bash")
    assert again.operations == (operation,) and not again.problems


def test_a_call_of_an_sdk_is_spelt_as_a_call() -> None:
    """An SDK's method has no command of its own; it is shown with its parameters."""
    call = Operation(
        provider="gcp", service="compute", operation="instances.stop", parameters={"instance": "web"}, effect="write"
    )
    assert command_line(call, "") == 'compute.instances.stop(instance="web")'
