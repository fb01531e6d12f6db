"""The catalogue against the SDK that it was made from."""

from __future__ import annotations

from collections.abc import Iterator

import botocore
import botocore.session
import pytest
from botocore import xform_name

from escher.apis import catalogue
from escher.apis.flags import Flag, hyphenated
from escher.apis.special_effects import DESTROYS, READS, RUNS, SECRETS, WRITES
from escher.contract.vocabulary import Provider

SESSION = botocore.session.get_session()
same_version = pytest.mark.skipif(
    catalogue.versions("aws")["botocore"] != botocore.__version__,
    reason="another botocore than the data's is installed",
)


def sdk_operations() -> Iterator[tuple[str, str, str]]:
    """Every client, method and API operation of the installed SDK."""
    for client in SESSION.get_available_services():
        for api in SESSION.get_service_model(client).operation_names:
            yield client, xform_name(api), api


def test_an_operation_has_its_parameters_and_flags() -> None:
    """stop-instances takes a list of ids, which is required, and switches for yes and no."""
    spec = catalogue.operation("aws", "ec2", "stop-instances")
    assert spec is not None
    assert (spec.api, spec.required, spec.effect) == ("StopInstances", ("InstanceIds",), "write")
    assert spec.parameters["InstanceIds"].type == "list"
    assert spec.flags["instance-ids"] == Flag("InstanceIds")
    assert spec.flags["no-hibernate"] == Flag("Hibernate", value=False)


def test_a_waiter_is_the_operation_that_it_polls() -> None:
    """`wait instance-stopped` takes what DescribeInstances takes, and only reads."""
    spec = catalogue.operation("aws", "ec2", "wait instance-stopped")
    assert spec is not None
    assert (spec.api, spec.operation, spec.effect) == ("DescribeInstances", "wait instance-stopped", "read")
    assert catalogue.sdk_waiter("aws", "ec2", "instance_stopped") == spec


@pytest.mark.parametrize(
    ("service", "name"),
    [("ec2", "stop-instance"), ("ec3", "stop-instances"), ("ec2", "wait instance-tired"), ("", ""), ("ec2", "wait")],
)
def test_what_does_not_exist_is_not_found(service: str, name: str) -> None:
    """A misspelt service, operation or waiter is None, not something near."""
    assert catalogue.operation("aws", service, name) is None


@pytest.mark.parametrize(
    ("provider", "client", "method", "required"),
    [
        (
            "azure",
            "azure.mgmt.compute ComputeManagementClient",
            "virtual_machines.begin_deallocate",
            ("resource_group_name", "vm_name"),
        ),
        ("gcp", "compute v1", "instances.stop", ("instance", "project", "zone")),
        ("gcp", "sqladmin v1beta4", "instances.import_", ("instance", "project")),
    ],
)
def test_methods_of_the_other_sdks_are_found(
    provider: Provider, client: str, method: str, required: tuple[str, ...]
) -> None:
    """Azure's and Google's methods are spelt as their SDKs spell them, with what they cannot go without."""
    spec = catalogue.sdk_operation(provider, client, method)
    assert spec is not None and not spec.in_cli
    assert sorted(spec.required) == sorted(required)


def test_commands_of_the_other_clis_are_not_in_the_catalogue() -> None:
    """`az vm stop` is a command, in `commands`; no method of an SDK bears its name."""
    assert catalogue.operation("azure", "vm", "stop") is None


def test_the_cli_renames_flags() -> None:
    """Where the CLI has another name for a parameter, only that name is a flag."""
    spec = catalogue.operation("aws", "sns", "subscribe")
    assert spec is not None
    assert spec.flags["notification-endpoint"] == Flag("Endpoint")
    assert "endpoint" not in spec.flags


def test_the_clients_of_the_sdk_have_other_names() -> None:
    """boto3's `s3` is the CLI's `s3api`, and `codedeploy` its `deploy`."""
    put = catalogue.sdk_operation("aws", "s3", "put_object")
    deploy = catalogue.sdk_operation("aws", "codedeploy", "create_deployment")
    assert put is not None and (put.service, put.operation) == ("s3api", "put-object")
    assert deploy is not None and deploy.service == "deploy"


def test_commands_that_work_on_this_machine_are_known() -> None:
    """They are told apart from what does not exist."""
    assert catalogue.is_local("aws", "configure", "")
    assert catalogue.is_local("aws", "codeartifact", "login")
    assert not catalogue.is_local("aws", "ec2", "stop-instances")


@same_version
def test_every_operation_of_the_sdk_is_here() -> None:
    """By its Python name, and it is the same operation of the API."""
    found = {(client, method): catalogue.sdk_operation("aws", client, method) for client, method, _ in sdk_operations()}
    wrong = [name for *name, api in sdk_operations() if (spec := found[*name]) is None or spec.api != api]
    assert len(found) > 19_000
    assert wrong == []


@same_version
@pytest.mark.parametrize("client", ["ec2", "rds", "s3", "storagegateway", "iam", "dynamodb"])
def test_parameters_are_spelt_as_the_cli_spells_them(client: str) -> None:
    """The flags' names follow botocore's own rule."""
    model = SESSION.get_service_model(client)
    names = {
        member
        for api in model.operation_names
        if (shape := model.operation_model(api).input_shape)
        for member in shape.members
    }
    assert {name: hyphenated(name) for name in names} == {name: xform_name(name, "-") for name in names}


def test_every_special_effect_names_an_operation() -> None:
    """A list of exceptions with a misspelt name would protect nothing."""
    special = [
        (service, name)
        for table in (SECRETS, DESTROYS, RUNS, WRITES, READS)
        for service, names in table.items()
        for name in names
    ]
    assert [entry for entry in special if catalogue.operation("aws", *entry) is None] == []


def test_every_flag_leads_to_a_declared_type() -> None:
    """Also those that set something inside a parameter."""
    specs = [
        spec
        for service in catalogue.services("aws")
        for name in catalogue.operations("aws", service)
        if (spec := catalogue.operation("aws", service, name)) is not None and spec.changed_flags
    ]
    types = [spec.shape_of(flag).type for spec in specs for flag in spec.flags.values()]
    assert len(types) > 1_000
