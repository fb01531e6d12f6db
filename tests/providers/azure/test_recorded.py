"""Answers that real Azure gave to others go through the mapping. Their folder is named by ESCHER_REAL_DATA."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from escher.contract.estate import GLOBAL, Account, Resource
from escher.providers.azure.records import arm_id, in_lower_case, normalised
from escher.providers.declarations import ResourceType
from escher.providers.mapping import is_of_type, to_resource
from escher.providers.registry import resource_types

ACCOUNT = Account("azure", "recorded", "recorded")
Pair = tuple[dict[str, Any], Resource]


@pytest.fixture(scope="module")
def answers() -> list[Any]:
    """What real Azure answered, parsed."""
    folder = Path(os.environ.get("ESCHER_REAL_DATA", "")) / "recorded/azure"
    if not folder.is_dir():
        pytest.skip("ESCHER_REAL_DATA does not name a folder with recorded/azure, so real answers are not tried.")
    exchanges = [
        one for file in sorted(folder.glob("*/*.json")) for one in json.loads(file.read_text("utf-8"))["interactions"]
    ]
    bodies = [one["response"].get("body") for one in exchanges]
    return [body["data"] for body in bodies if isinstance(body, dict) and isinstance(body.get("data"), dict)]


@pytest.fixture(scope="module")
def listed(answers: list[Any]) -> list[dict[str, Any]]:
    """The records of all lists."""
    values = [value for answer in answers if isinstance(value := answer.get("value"), list)]
    return [one for value in values for one in value if isinstance(one, dict) and "properties" in one and "id" in one]


@pytest.fixture(scope="module")
def rows(answers: list[Any]) -> list[dict[str, Any]]:
    """The rows of the Resource Graph, which it gave as a table then."""
    tables = [table for answer in answers if isinstance(table := answer.get("data"), dict) and "rows" in table]
    return [
        dict(zip([column["name"] for column in table["columns"]], row, strict=True))
        for table in tables
        for row in table["rows"]
    ]


def mapped(records: list[dict[str, Any]]) -> Iterator[Pair]:
    """Each raw record of a declared type beside the resource made of it. None may get lost."""
    for raw in records:
        record = normalised(raw)
        for declared in _declared(record):
            resource = to_resource(record, declared, ACCOUNT, GLOBAL, 0)
            assert resource, raw["id"]
            yield raw, in_lower_case(resource)


def test_no_real_record_is_lost(listed: list[dict[str, Any]]) -> None:
    """Every record of a declared type becomes one resource of that type, with its id, name, place and tags."""
    pairs = list(mapped(listed))
    assert len({resource.resource_type for _, resource in pairs}) >= 20
    for raw, resource in pairs:
        assert resource.resource_id == raw["id"].lower().rstrip("/")
        assert resource.name == raw["name"].rpartition("/")[2]
        assert resource.region == raw["location"].replace(" ", "").lower()
        assert resource.tags == {key: value or "" for key, value in (raw.get("tags") or {}).items()}
        assert resource.identifier.endswith(resource.name.lower())


def test_real_states_are_known(listed: list[dict[str, Any]]) -> None:
    """Only machines have a state that this list does not tell: whether they run is another call."""
    unknown = [resource for _, resource in mapped(listed) if resource.state == "unknown"]
    assert {(one.resource_type, one.native_state) for one in unknown} <= {
        ("azure_compute_virtual_machine", "Succeeded")
    }


def test_real_relations_lead_to_whole_ids(listed: list[dict[str, Any]]) -> None:
    """What a real thing is tied to is named by ids of things, not of their parts."""
    related = [id_ for _, one in mapped(listed) for ids in one.relations.values() for id_ in ids]
    assert related
    assert all(id_ == arm_id(id_).text and arm_id(id_).names for id_ in related)


def test_real_machines(listed: list[dict[str, Any]]) -> None:
    """Size, system and disks of every real machine are those that Azure states."""
    pairs = [pair for pair in mapped(listed) if pair[1].resource_type == "azure_compute_virtual_machine"]
    assert pairs
    for raw, machine in pairs:
        properties = raw["properties"]
        assert machine.attributes["instance_type"] == properties["hardwareProfile"]["vmSize"]
        assert machine.attributes["platform"] == properties["storageProfile"]["osDisk"]["osType"]
        disks = [properties["storageProfile"]["osDisk"], *properties["storageProfile"]["dataDisks"]]
        assert machine.attributes["volumes"] == [disk["name"] for disk in disks]


def test_real_rows_and_lists_tell_the_same(listed: list[dict[str, Any]], rows: list[dict[str, Any]]) -> None:
    """A real thing has the same id, name and relations, whether the graph told of it or a list."""
    known = {(one.resource_id, one.natural_key, one.name, repr(one.relations)) for _, one in mapped(listed)}
    from_graph = [(one.resource_id, one.natural_key, one.name, repr(one.relations)) for _, one in mapped(rows)]
    shared = [one for one in from_graph if one[0] in {id_ for id_, *_ in known}]
    assert shared
    assert set(shared) <= known


def _declared(record: dict[str, Any]) -> list[ResourceType]:
    of_type = [one for one in resource_types().values() if one.native_type and one.native_type == record["type"]]
    return [one for one in of_type if is_of_type(record, one)]
