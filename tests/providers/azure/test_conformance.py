"""Every declared type of Azure keeps the rules; a new one is found and checked without touching this file."""

from __future__ import annotations

import re
from itertools import chain
from typing import get_args

import jmespath
import pytest

from escher.contract.vocabulary import Kind, State
from escher.inventory.frame import COLUMNS
from escher.providers.declarations import Holds, ResourceType
from escher.providers.mapping import find
from escher.providers.registry import resource_types
from tests.fixtures.azure_answers import ACCOUNT, FOLDER, Way, answers_for, records_of, resources_of

TYPES = tuple(declared for declared in resource_types().values() if declared.provider == "azure")
EACH = pytest.mark.parametrize("declared", TYPES, ids=lambda declared: declared.name)
WAYS = pytest.mark.parametrize("way", get_args(Way))
UNTAGGED = {"azure_subnet", "azure_storage_container", "azure_role_assignment"}
PERMISSION = re.compile(r"(\*|[A-Z][A-Za-z]+\.[A-Za-z]+(/[A-Za-z]+)+)/(read|write|delete|action)")


def test_the_first_release_is_declared() -> None:
    """The product promises forty types, and a form for all others."""
    assert len(TYPES) > 40
    assert "azure_other" in resource_types()


def test_each_type_has_a_fixture_and_no_fixture_is_without_a_type() -> None:
    """What is recorded is used."""
    assert {path.stem for path in FOLDER.glob("*.json")} == {declared.name for declared in TYPES}


@EACH
def test_words_are_those_of_the_contract(declared: ResourceType) -> None:
    """Kinds and states are closed sets; only the generic form is of no kind."""
    assert declared.kind in get_args(Kind)
    assert (declared.kind == "other") == (declared.name == "azure_other")
    assert {*declared.state.states.values(), declared.state.missing} <= set(get_args(State))


@EACH
def test_permissions_are_declared(declared: ResourceType) -> None:
    """Each call has its permission, and each act those that it takes."""
    acts = [permission for needed in declared.acts.values() for permission in needed]
    assert [one for one in (*declared.reads, *acts) if not PERMISSION.fullmatch(one)] == []
    assert all(one.endswith("/read") for one in declared.reads)
    assert declared.name == "azure_other" or {"delete", "update", "tag"} <= set(declared.acts)
    assert declared.name == "azure_other" or declared.native_type == declared.listing.permission.lower().removesuffix(
        "/read"
    )


@EACH
def test_all_that_is_declared_reads(declared: ResourceType) -> None:
    """Paths parse, needs name details, extras name fields, and no field hides a column that every resource has."""
    details = {detail.into for detail in declared.details}
    for name, spec in declared.fields.items():
        assert jmespath.compile(spec if isinstance(spec, str) else spec.path)
        assert name not in COLUMNS
        assert not isinstance(spec, Holds) or set(spec.needs) <= details
    assert set(declared.extras) <= set(declared.fields)


@EACH
@WAYS
def test_every_declared_field_is_filled(declared: ResourceType, way: Way) -> None:
    """The answers fill each field at least once, with tags and a state that the declaration knows."""
    resources = resources_of(declared, answers_for(declared.name), way).values()
    assert len(resources) > 1
    assert {name for resource in resources for name in resource.attributes} == set(declared.fields)
    assert any(resource.tags for resource in resources) != (declared.name in UNTAGGED)
    assert all(resource.state != "unknown" for resource in resources)


@EACH
def test_every_relation_leads_somewhere(declared: ResourceType) -> None:
    """The answers fill each declared relation at least once, with whole ids."""
    records = records_of(declared, answers_for(declared.name))
    for relation in declared.relations:
        found = [one for record in records for one in _texts(find(relation.path, record))]
        assert found, relation
        assert all(one.startswith("/") for one in found)
    related = [
        id_
        for one in resources_of(declared, answers_for(declared.name)).values()
        for id_ in chain(*one.relations.values())
    ]
    assert all(id_ == id_.lower() and "ipconfigurations" not in id_ for id_ in related)


@EACH
def test_the_graph_and_the_lists_tell_the_same(declared: ResourceType) -> None:
    """Which way a resource was read cannot be seen from it."""
    answers = answers_for(declared.name)
    assert resources_of(declared, answers, "graph") == resources_of(declared, answers, "arm")


@EACH
def test_ids_are_unique_and_in_one_case(declared: ResourceType) -> None:
    """Every resource has an id, an identifier and a key of its own, however Azure writes them today."""
    resources = resources_of(declared, answers_for(declared.name)).values()
    for ids in ([one.resource_id for one in resources], [one.natural_key for one in resources]):
        assert len(set(ids)) == len(ids) > 0
    for one in resources:
        assert (one.resource_id, one.identifier) == (one.resource_id.lower(), one.identifier.lower())
        assert one.resource_id.endswith(one.identifier.rpartition("/")[2])
        assert one.name.lower() == one.identifier.rpartition("/")[2]
        assert one.region == one.region.lower().replace(" ", "")
        assert one.account_id == ACCOUNT.account_id


@EACH
def test_nothing_secret_is_kept(declared: ResourceType) -> None:
    """Environment variables, definitions, keys and user data are in Azure's answers, and in no resource."""
    answers = answers_for(declared.name)
    assert "canary" not in str(resources_of(declared, answers))


def _texts(found: object) -> list[str]:
    return [one for one in (found if isinstance(found, list) else [found]) if isinstance(one, str) and one]
