"""What is declared of GCP is what Google's own descriptions of its APIs and the recorded answers say."""

from __future__ import annotations

import asyncio
import json
import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from escher.contract.estate import Resource
from escher.providers.declarations import ResourceType
from escher.providers.mapping import find
from escher.providers.registry import resource_types
from escher.providers.source import Record
from tests.fixtures.gcp_answers import (
    ACCOUNT,
    FOLDER,
    answers_for,
    as_assets,
    pages_of,
    reader_of,
    records_of,
    resources_of,
    sightings_of,
    unit_of,
)

TYPES = tuple(declared for declared in resource_types().values() if declared.provider == "gcp")
DECLARED = tuple(declared for declared in TYPES if declared.kind != "other")
EACH = pytest.mark.parametrize("declared", DECLARED, ids=lambda declared: declared.name)
EVERY = pytest.mark.parametrize("declared", TYPES, ids=lambda declared: declared.name)
OTHER = resource_types()["gcp_other"]

# Google has no labels on these, or none in their lists.
UNLABELLED = {declared.name for declared in TYPES if not declared.tags}


@cache
def documents() -> Path:
    """The folder of Google's descriptions of its APIs, which google-api-python-client brings."""
    found = find_spec("googleapiclient")
    if found is None or found.origin is None:
        pytest.skip("google-api-python-client is not installed: pip install google-api-python-client")
    return Path(found.origin).parent / "discovery_cache/documents"


@cache
def known_paths(service: str, version: str) -> frozenset[str]:
    """The paths of all GET methods of an API, every parameter as `*`."""
    document = json.loads((documents() / f"{service}.{version}.json").read_text("utf-8"))
    prefix = document.get("servicePath", "")
    return frozenset(
        re.sub(r"\{[^}]*\}", "*", prefix + (method.get("flatPath") or method["path"]))
        for method in methods_of(document)
        if method["httpMethod"] == "GET"
    )


def methods_of(part: dict[str, Any]) -> list[dict[str, Any]]:
    """All methods below a part of a description."""
    below = [method for one in part.get("resources", {}).values() for method in methods_of(one)]
    return [*part.get("methods", {}).values(), *below]


def generic(path: str) -> str:
    """A path of ours in the form of `known_paths`."""
    parent = re.sub(r"\{gcp_kms_key_ring\}", "projects/*/locations/*/keyRings/*", path)
    parent = parent.replace("{path}:", "projects/*/locations/*/services/*:")
    return re.sub(r"\{[^}]*\}|(?<=locations/)-", "*", parent)


def version_of(path: str) -> str:
    """The version within a path."""
    found = re.search(r"(?:^|/)(v\d\w*)/", path)
    assert found
    return found[1]


@EACH
def test_calls_are_google_s_own(declared: ResourceType) -> None:
    """Every path that is asked for is a GET method in Google's description of the API."""
    paths = [declared.listing.operation, declared.listing.each, *(detail.operation for detail in declared.details)]
    for path in filter(None, paths):
        assert generic(path) in known_paths(declared.service, version_of(path))


def test_there_is_no_fixture_without_a_type_and_no_type_without_a_fixture() -> None:
    """What is recorded is used."""
    assert {f"gcp_{path.stem}" for path in FOLDER.glob("*.json")} == {declared.name for declared in TYPES}


def test_at_least_forty_types_are_declared() -> None:
    """The first release promises forty."""
    assert len(DECLARED) >= 40


@EVERY
def test_every_declared_field_is_filled(declared: ResourceType) -> None:
    """The recorded answers fill each field at least once, with labels where the type has them, and only known states."""
    resources = resources_of(declared, answers_for(declared.name)).values()
    filled = {name for resource in resources for name in resource.attributes}
    assert filled == set(declared.fields)
    assert any(resource.tags for resource in resources) == (declared.name not in UNLABELLED)
    assert all(resource.state != "unknown" for resource in resources)


@EACH
def test_every_relation_leads_somewhere(declared: ResourceType) -> None:
    """Each relation is filled by some record, with whole names or with short ones of a declared type."""
    answers = answers_for(declared.name)

    async def listed() -> list[Record]:
        reader = reader_of(answers)
        await reader.check(ACCOUNT)
        return await records_of(reader, unit_of(declared))

    records = asyncio.run(listed())
    assert [one.path for one in declared.relations if not any(find(one.path, record) for record in records)] == []
    resources = resources_of(declared, answers).values()
    for other in (other for one in resources for others in one.relations.values() for other in others):
        assert other.startswith("//") or other.partition("/")[0] in resource_types()


@EVERY
def test_ids_are_google_s_and_unique(declared: ResourceType) -> None:
    """Every resource has a full name of its own, and its identifier is unique among its type and region."""
    sightings = sightings_of(declared, answers_for(declared.name))
    resources = [seen.resource for seen in sightings if seen.resource]
    assert len({one.resource_id for one in resources}) == len(resources) == len(sightings) > 0
    assert len({one.natural_key for one in resources}) == len(resources)
    assert all(one.resource_id.startswith("//") and ".googleapis.com/" in one.resource_id for one in resources)


@EVERY
def test_no_secret_is_kept(declared: ResourceType) -> None:
    """What the fixtures mark as secret (scripts, passwords, environment, certificates) is in no resource."""
    answers = answers_for(declared.name)
    assert "CANARY" not in repr(list(resources_of(declared, answers).values()))


def test_the_fixtures_hold_secrets() -> None:
    """The check above has something to find."""
    marked = [path.stem for path in FOLDER.glob("*.json") if "CANARY" in path.read_text("utf-8")]
    assert {"compute_instance", "cloud_run_service", "sql_database_instance", "kubernetes_cluster"} <= set(marked)
    assert len(marked) >= 10


@EACH
def test_the_inventory_tells_the_same(declared: ResourceType) -> None:
    """A record of Cloud Asset Inventory and one of the API itself become the same resource."""
    answers = answers_for(declared.name)

    async def both() -> tuple[list[Resource | None], list[Resource | None]]:
        own, unit, other = reader_of(answers), unit_of(declared), unit_of(OTHER)
        await own.check(ACCOUNT)
        records = await records_of(own, unit)
        shared = reader_of(answers | as_assets(declared, records))
        await shared.check(ACCOUNT)
        listed = [record for page in await pages_of(shared, unit, other) for record in page.records.get(unit, ())]
        return (
            [(await own.look(unit, record)).resource for record in records],
            [(await shared.look(unit, record)).resource for record in listed],
        )

    by_service, by_inventory = asyncio.run(both())
    assert by_inventory == by_service
    assert len(by_service) > 0
