"""Every declared resource type keeps the rules; a new one is found and checked without touching this file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import get_args

import jmespath
import pytest
from botocore.session import Session

from escher.contract.vocabulary import Kind, State
from escher.inventory.frame import COLUMNS
from escher.providers.declarations import FieldSpec, Holds, ResourceType
from escher.providers.registry import resource_types
from tests.fixtures.answers import FOLDER, answers_for, resources_of

TYPES = tuple(resource_types().values())
EACH = pytest.mark.parametrize("declared", TYPES, ids=lambda declared: declared.name)
MODELS = Session()


def test_the_first_release_is_declared() -> None:
    """The types that the product promises are there."""
    assert set(resource_types()) >= {
        "aws_dynamodb_table",
        "aws_ebs_snapshot",
        "aws_ebs_volume",
        "aws_ec2_instance",
        "aws_iam_role",
        "aws_lambda_function",
        "aws_rds_db_instance",
        "aws_s3_bucket",
        "aws_vpc_eip",
        "aws_vpc_security_group",
    }


def test_the_file_is_named_as_the_type() -> None:
    """`ec2_instance.py` in `aws/resources` declares `aws_ec2_instance`, and nothing else does."""
    folders = Path(sys.modules["escher.providers"].__path__[0]).glob("*/resources/*.py")
    names = {f"{path.parent.parent.name}_{path.stem}" for path in folders if path.stem != "__init__"}
    assert names == set(resource_types())


def test_there_is_no_fixture_without_a_type() -> None:
    """What is recorded is used."""
    assert {path.stem for path in FOLDER.glob("*.json")} == set(resource_types())


@EACH
def test_words_are_those_of_the_contract(declared: ResourceType) -> None:
    """Kinds and states are closed sets."""
    assert declared.kind in get_args(Kind)
    assert {*declared.state.states.values(), declared.state.missing} <= set(get_args(State))


@EACH
def test_calls_and_permissions_are_real(declared: ResourceType) -> None:
    """Every operation and every fixed parameter is in the provider's model, and has its permission declared."""
    model = MODELS.get_service_model(declared.service)
    names = {*declared.listing.parameters}
    assert names <= set(model.operation_model(declared.listing.operation).input_shape.members)
    for detail in declared.details:
        assert set(detail.arguments) <= set(model.operation_model(detail.operation).input_shape.members)
    assert [permission for permission in declared.reads if not permission.startswith(f"{declared.service}:")] == []


@EACH
def test_all_that_is_declared_reads(declared: ResourceType) -> None:
    """Paths parse, needs name details, and no field hides a column that every resource has."""
    details = {detail.into for detail in declared.details}
    for name, spec in declared.fields.items():
        assert jmespath.compile(spec if isinstance(spec, str) else spec.path)
        assert name not in COLUMNS
        assert not isinstance(spec, Holds) or set(spec.needs) <= details


def test_a_field_means_the_same_in_every_type() -> None:
    """A name has one form, so that it can be one column."""
    forms: dict[str, set[type[FieldSpec]]] = {}
    for declared in TYPES:
        for name, spec in declared.fields.items():
            forms.setdefault(name, set()).add(bool if _is_boolean(spec) else type(spec))
    assert {name: kinds for name, kinds in forms.items() if len(kinds) > 1} == {}


@EACH
def test_every_declared_field_is_filled(declared: ResourceType) -> None:
    """The recorded answers fill each field at least once, with tags and a state that the declaration knows."""
    resources = resources_of(declared, answers_for(declared.name)).values()
    filled = {name for resource in resources for name in resource.attributes}
    assert filled == set(declared.fields)
    assert any(resource.tags for resource in resources)
    assert all(resource.state != "unknown" for resource in resources)


@EACH
def test_ids_are_global_and_unique(declared: ResourceType) -> None:
    """Every resource has an ARN of its own that ends with its identifier."""
    resources = resources_of(declared, answers_for(declared.name)).values()
    ids = [resource.resource_id for resource in resources]
    assert len(set(ids)) == len(ids) > 0
    assert all(id_.startswith(f"arn:aws:{declared.service}:") for id_ in ids)
    assert all(resource.resource_id.endswith(resource.identifier) for resource in resources)


def _is_boolean(spec: FieldSpec) -> bool:
    return type(spec).__name__ in ("Bool", "Holds")
