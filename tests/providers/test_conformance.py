"""Every declared resource type keeps the rules; a new one is found and checked without touching this file.

These are the rules of all clouds. What a cloud's own answers have to show is in its folder's `test_conformance.py`.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import jmespath
import pytest

from escher.contract.vocabulary import CHANGE_ACTIONS, Kind, State
from escher.inventory.frame import COLUMNS
from escher.providers.declarations import FieldSpec, Holds, ResourceType, Verb
from escher.providers.registry import resource_types
from tests.fixtures.paths_of import paths_of

TYPES = tuple(resource_types().values())
EACH = pytest.mark.parametrize("declared", TYPES, ids=lambda declared: declared.name)


def test_the_first_release_is_declared() -> None:
    """The types that the product cannot do without are there."""
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


@EACH
def test_the_name_begins_with_the_provider(declared: ResourceType) -> None:
    """`aws_…` is of AWS."""
    assert declared.name.startswith(f"{declared.provider}_")


@EACH
def test_words_are_those_of_the_contract(declared: ResourceType) -> None:
    """Kinds, states, changes and verbs are closed sets; `other` is the kind of the generic form alone."""
    assert declared.kind in get_args(Kind)
    assert (declared.kind == "other") == (declared.name == f"{declared.provider}_other")
    assert {*declared.state.states.values(), declared.state.missing} <= set(get_args(State))
    assert set(declared.acts) <= CHANGE_ACTIONS
    assert {relation.verb for relation in declared.relations} <= set(get_args(Verb))


@EACH
def test_all_that_is_declared_reads(declared: ResourceType) -> None:
    """Paths parse, needs name details, extras name fields, and no field hides a column that every resource has."""
    assert all(jmespath.compile(path) for path in paths_of(declared))
    details = {detail.into for detail in declared.details}
    assert not {*COLUMNS, "tags", "name", "state"} & set(declared.fields)
    assert set(declared.extras) <= set(declared.fields)
    for spec in declared.fields.values():
        assert not isinstance(spec, Holds) or set(spec.needs) <= details


@EACH
def test_reading_and_changing_take_permissions(declared: ResourceType) -> None:
    """Every call of a declaration has its permission, and so has every change."""
    assert declared.listing.permission
    assert all(detail.permission for detail in declared.details)
    assert all(acts and all(acts) and len(set(acts)) == len(acts) for acts in declared.acts.values())


@EACH
def test_relations_lead_to_declared_types(declared: ResourceType) -> None:
    """What a relation leads to is a type that is scanned, too, or named by its whole id."""
    assert {relation.to for relation in declared.relations} <= {"", *resource_types()}


def test_a_field_means_the_same_in_every_type() -> None:
    """A name has one form, so that it can be one column."""
    forms: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for declared in TYPES:
        for name, spec in declared.fields.items():
            forms[name][_form(spec)].append(declared.name)
    assert {name: dict(kinds) for name, kinds in forms.items() if len(kinds) > 1} == {}


def test_a_native_type_has_one_declaration() -> None:
    """The provider's name of a type leads to one of ours, or to several that are told apart in the list or by it."""
    bearers: dict[tuple[str, str], list[ResourceType]] = defaultdict(list)
    for declared in TYPES:
        for native in _native_names(declared):
            bearers[declared.provider, native].append(declared)
    assert [native for native, found in bearers.items() if not _told_apart(found)] == []
    assert [declared.name for declared in TYPES if not declared.native_type and declared.kind != "other"] == []


def _told_apart(found: list[ResourceType]) -> bool:
    """Each says which records are its own (`only`), or each asks for its own."""
    return all(declared.only for declared in found) or len({_asked(declared) for declared in found}) == len(found)


def _asked(declared: ResourceType) -> str:
    listing = declared.listing
    return f"{listing.operation} {sorted(map(str, listing.parameters.items()))} {listing.result}"


def _native_names(declared: ResourceType) -> Iterator[str]:
    if declared.native_type:
        yield declared.native_type
    yield from declared.native_aliases


def _form(spec: FieldSpec) -> str:
    form = "Text" if isinstance(spec, str) else type(spec).__name__
    return {"Bool": "boolean", "Holds": "boolean"}.get(form, form)
