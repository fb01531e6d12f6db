"""Commands of az and gcloud in bash scripts: read, kept in their subscription or project, and refused."""

from __future__ import annotations

from typing import Any

import pytest

from escher.contract.ports import Reading
from escher.contract.vocabulary import Effect
from escher.scripts.reader import Reader

HERE = {"AZURE_SUBSCRIPTION_ID": "sub-1", "CLOUDSDK_CORE_PROJECT": "shop", "GOOGLE_CLOUD_PROJECT": "shop"}
VM = "/subscriptions/sub-1/resourceGroups/web/providers/Microsoft.Compute/virtualMachines/vm-1"
WEB = "projects/shop/zones/us-east1-b/instances/web"
START = "#!/usr/bin/env bash\nset -euo pipefail\n"


def read(script: str, *arguments: str, environment: dict[str, str] | None = HERE) -> Reading:
    """The reading of a bash script in one subscription and project."""
    return Reader().read(START + script, "bash", arguments, environment)


READ: list[tuple[str, tuple[str, ...], str, dict[str, Any], Effect]] = [
    ('az vm deallocate --ids "$@" --output none', (VM,), "vm deallocate", {"ids": [VM]}, "write"),
    ("az vm start -g web --name=vm-1 --no-wa", (), "vm start", {"resource-group": "web", "name": "vm-1", "no-wait": True}, "write"),
    ("az disk delete --ids \"$1\" --yes", (VM,), "disk delete", {"ids": [VM], "yes": True}, "destroy"),
    ('az tag update --resource-id "$1" --operation merge --tags "$2=$3"', (VM, "owner", "Ana's; $(x)"), "tag update", {"resource-id": VM, "operation": "merge", "tags": ["owner=Ana's; $(x)"]}, "write"),
    ('az vm list --query "[].id" --output tsv --subscription "$AZURE_SUBSCRIPTION_ID"', (), "vm list", {}, "read"),
    ('az network nsg rule update -g web --nsg-name n -n r --access deny --priority "$1"', ("100",), "network nsg rule update", {"resource-group": "web", "nsg-name": "n", "name": "r", "access": "deny", "priority": 100}, "write"),
    ("az keyvault secret show --vault-name v --name s", (), "keyvault secret show", {"vault-name": "v", "name": "s"}, "secret"),
    ('gcloud compute instances stop "$@" --quiet', (WEB,), "compute instances stop", {"instance-names": [WEB]}, "write"),
    ('gcloud --quiet compute instances delete web --zone="$1" --project=shop', ("us-east1-b",), "compute instances delete", {"zone": "us-east1-b", "instance-names": ["web"]}, "destroy"),
    ('gcloud beta compute instances add-labels web --labels="owner=$1" --zone z', ("ana",), "compute beta instances add-labels", {"labels": "owner=ana", "zone": "z", "instance-name": "web"}, "write"),
    ("gcloud run services update api --no-cpu-throttling", (), "run services update", {"cpu-throttling": False, "SERVICE": "api"}, "write"),
    ("gcloud sql instances list --format='value(name)' --filter='state:RUNNABLE'", (), "sql instances list", {"filter": "state:RUNNABLE"}, "read"),
    ("gcloud secrets versions access latest --secret=s", (), "secrets versions access", {"VERSION": "latest", "secret": "s"}, "secret"),
]  # fmt: skip


@pytest.mark.parametrize(("script", "arguments", "name", "parameters", "effect"), READ)
def test_commands_are_read(
    script: str, arguments: tuple[str, ...], name: str, parameters: dict[str, Any], effect: Effect
) -> None:
    """The command, its options by their clearest names, and what it does."""
    reading = read(script, *arguments)
    assert reading.problems == ()
    (operation,) = reading.operations
    assert (f"{operation.service} {operation.operation}", operation.parameters) == (name, parameters)
    assert reading.effect == effect


@pytest.mark.parametrize(
    "command",
    [
        "az vm frobnicate", "az vm", "az", "az vm start -g web", "az vm start --name", "az vm start --ids x", "az vm start -g web -n vm-1 --force-it",
        "az vm start -g web -n vm-1 left-over", "az vm list --output csv", "az vm list --no", "az network nsg rule create -g g --nsg-name n -n r --priority high",
        "az network nsg rule create -g g --nsg-name n -n r --priority 100 --access perhaps", "az vm list --only-show-errors=yes",
        "gcloud compute instances", "gcloud compute instances stop", "gcloud compute instances stop web --zon z", "gcloud compute instances stop web --zone",
        "gcloud beta beta compute instances stop web", "gcloud compute instances list --limit many", "gcloud compute instances list --verbosity loud",
        "gcloud container clusters resize c --zone z", "gcloud container clusters describe c --zone z --region r", "gcloud compute instances create a --network-interface=nic=x",
        "gcloud run services update api --cpu-throttling=yes", "gcloud compute instances describe a b",
    ],
)  # fmt: skip
def test_what_the_cli_would_not_take_is_invalid(command: str) -> None:
    """No such command or option, something missing, too much, no number, none of the values there are."""
    reading = read(command)
    assert (reading.effect, reading.invalid) == ("unknown", True)


@pytest.mark.parametrize(
    "command",
    [
        # another account, other credentials, other addresses
        "az vm start -g g -n vm --subscription other", "az vm start --ids ${VM/sub-1/sub-2}", "az vm start --ids /subscriptions/sub-2/resourceGroups/web/x",
        "az vm start -g g -n vm --debug", "az storage blob list -c c --account-name a --account-key k", "az storage blob list -c c --blob-endpoint https://evil.example",
        "gcloud compute instances stop web --project other", "gcloud compute instances stop projects/other/zones/z/instances/web", "gcloud --account=x compute instances list",
        "gcloud compute instances list --impersonate-service-account=x", "gcloud compute instances list --configuration=x", "gcloud compute instances list --billing-project=x",
        "gcloud compute instances list --log-http", "gcloud compute instances list --access-token-file=x", "gcloud compute instances list --trace-token=x",
        # files
        "az vm create -g g -n n --custom-data cloud-init.txt", "az vm create -g g -n n --tags @tags", "az vm create -g g -n n --generate-ssh-keys", "gcloud storage mv gs://a/b x", "az vm create -g g -n n --tags a=@/etc/passwd", "az tag update --resource-id x --operation merge --tags @x",
        "az deployment group create -g g --template-file x.json", "az network vnet create -g g -n n --subnets /etc/passwd", "az keyvault secret download --vault-name v -n s --file x",
        "gcloud compute instances create a --metadata-from-file=startup-script=x", "gcloud compute instances list --flags-file=x", "gcloud projects set-iam-policy shop policy.json",
        "gcloud kms decrypt --ciphertext-file=x --plaintext-file=y --key=k", "gcloud compute instances import a --source-uri=gs://b/x --description='x' --flags-file x",
        # words that are handed on
        "gcloud compute ssh web -- rm -rf /", "gcloud compute ssh web --command 'rm -rf /'", "az vm run-command invoke -g g -n n --command-id RunShellScript --scripts 'rm -rf /'",
        "az rest --method delete --url /subscriptions/sub-1/x", "az aks command invoke -g g -n n --command x", "gcloud storage cp gs://a/b .", "gcloud sql connect db",
        # values from outside that are no plain values
        'az vm start -g g -n "$1"', 'az vm start --ids "$1"', 'az vm create -g g -n n --tags "$1=x"', 'gcloud compute instances stop "$1"', 'gcloud compute instances add-labels w --labels "a=$1"', 'gcloud "$1" list',
        'az "$1" list', 'gcloud compute instances list --format="$1"', 'az vm list --query "$1"', 'gcloud compute instances stop web "--$1"', 'az vm start --ids $(az vm list --query "[].name" -o tsv)',
        'x=$(az vm list --query "[].name" -o tsv); az vm start -g g -n "$x"', 'for x in $(gcloud compute instances list --format="value(name)"); do echo "$x"; done',
    ],
)  # fmt: skip
def test_what_may_not_be_done_is_unknown(command: str) -> None:
    """Other accounts and credentials, files, other programs, values that are more than values."""
    assert read(command, "-x=a,b @file://").effect == "unknown"


@pytest.mark.parametrize(
    "value", ["@/etc/passwd", "-x", "", "a\nb", "null", "file:///etc/passwd", "https://evil.example", "'a'"]
)
@pytest.mark.parametrize(
    "command", ['az tag update --resource-id x --operation merge --tags "owner=$1"', 'az vm start -g g -n "$1"']
)
def test_hostile_values_are_refused(command: str, value: str) -> None:
    """What az would read from a file, take for an option or understand in a way of its own."""
    assert read(command, value).effect == "unknown"


def test_without_a_place_any_account_may_be_named() -> None:
    """A script that is only looked at runs nowhere yet."""
    command = "az vm start --ids /subscriptions/any/resourceGroups/web/x --subscription any"
    assert read(command, environment=None).problems == ()
    assert read("gcloud compute instances stop web --project any --zone z", environment=None).problems == ()


def test_a_place_of_another_cloud_is_no_place() -> None:
    """Where only a region of AWS is given, no command of az or gcloud may run."""
    aws = {"AWS_REGION": "us-east-1"}
    assert read("az vm list", environment=aws).effect == "unknown"
    assert read("gcloud compute instances list", environment=aws).effect == "unknown"


def test_an_answer_of_the_provider_may_be_compared_and_used_to_read() -> None:
    """A state that az itself printed is no free text."""
    script = 'state=$(az vm show --ids "$1" --query provisioningState -o tsv)\nif [[ "$state" == "Failed" ]]; then exit 1; fi\n'
    assert read(script, VM).effect == "read"
    script = 'disk=$(gcloud compute instances describe web --zone z --format="value(id)")\ngcloud compute disks describe "$disk" --zone z'
    assert read(script).problems == ()
