"""How scopes share a list of Cloud Asset Inventory, and what is kept of an asset."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from escher.contract.estate import GLOBAL, Account
from escher.providers.gcp.assets import LONGEST_FILTER, asset_types, canonical, shares
from escher.providers.registry import resource_types
from escher.providers.source import ReadFailed, Record, Unit
from tests.fixtures.gcp_answers import ACCOUNT, PROJECT, Recorded, pages_of, reader_of, unit_of

PATH = f"cloudasset.googleapis.com/v1/projects/{PROJECT}/assets"
MAPS, OTHER = resource_types()["gcp_compute_url_map"], resource_types()["gcp_other"]


def asset(type_: str, full_name: str, **data: Any) -> dict[str, Any]:
    """An asset as the inventory gives it."""
    return {"assetType": type_, "name": full_name, "resource": {"data": data}, "ancestors": ["projects/111111111111"]}


async def shared(answer: Any, *names: str) -> tuple[dict[str, list[Record]], Recorded]:
    """The records of types that are read together, and the network that gave them."""
    network = Recorded({PATH: answer})
    units = [unit_of(resource_types()[name]) for name in names]
    pages = await pages_of(reader_of(network), *units)
    return {
        unit.declared.name: [one for page in pages for one in page.records.get(unit, ())] for unit in units
    }, network


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("compute.googleapis.com/RegionDisk", "compute.googleapis.com/Disk"),
        ("compute.googleapis.com/GlobalForwardingRule", "compute.googleapis.com/ForwardingRule"),
        ("compute.googleapis.com/Disk", "compute.googleapis.com/Disk"),
        ("run.googleapis.com/RegionService", "run.googleapis.com/RegionService"),
    ],
)
def test_a_type_has_one_name_in_every_place(given: str, name: str) -> None:
    """Compute Engine calls some things by where they are; they are of one type."""
    assert canonical(given) == name


async def test_a_regional_thing_is_of_its_type() -> None:
    """It is neither lost nor taken for something that nobody declares."""
    name = f"//compute.googleapis.com/projects/{PROJECT}/regions/us-central1/urlMaps/inner"
    found, _ = await shared(
        {"assets": [asset("compute.googleapis.com/RegionUrlMap", name, name="inner")]}, MAPS.name, OTHER.name
    )
    assert [record["_place"] for record in found[MAPS.name]] == ["us-central1"]
    assert found[OTHER.name] == []


async def test_only_wanted_types_are_asked_for() -> None:
    """Without the catch-all the list is filtered; Compute Engine's types by an expression that knows every place."""
    _, network = await shared({}, MAPS.name, "gcp_pubsub_topic")
    assert network.asked[0].url.params.get_list("assetTypes") == [
        "compute.googleapis.com/(Region|Global)?UrlMap",
        "pubsub.googleapis.com/Topic",
    ]


async def test_everything_is_asked_for_with_the_catch_all() -> None:
    """One list without a filter; declared types that this scan does not want are not taken for undeclared ones."""
    topic = asset("pubsub.googleapis.com/Topic", f"//pubsub.googleapis.com/projects/{PROJECT}/topics/t", name="t")
    found, network = await shared({"assets": [topic]}, MAPS.name, OTHER.name)
    assert network.asked[0].url.params.get_list("assetTypes") == []
    assert found == {MAPS.name: [], OTHER.name: []}


def test_a_filter_fits_into_an_address() -> None:
    """Too many types are asked for in several lists, each type once."""
    declared = [one for one in resource_types().values() if one.provider == "gcp" and one.name != OTHER.name]
    units = [Unit(Account("gcp", f"p{number}", ""), GLOBAL, one) for number in range(6) for one in declared]
    groups = shares(units)
    assert [unit for group in groups for unit in group] == units
    assert len(groups) > 1
    for group in groups:
        assert sum(len(name) for unit in group for name in asset_types(unit.declared)) < LONGEST_FILTER


@pytest.mark.parametrize("answer", [{"items": []}, {"assets": [{"name": "x"}]}, {"assets": "none"}])
async def test_a_malformed_answer_is_a_failure(answer: dict[str, Any]) -> None:
    """It is never taken for an empty project."""
    with pytest.raises(ReadFailed, match="MalformedAnswer"):
        await shared(answer, MAPS.name, OTHER.name)


async def test_an_asset_without_data_is_reported_alone() -> None:
    """One thing that cannot be read leaves the others whole."""
    name = f"//compute.googleapis.com/projects/{PROJECT}/global/urlMaps"
    answer = {
        "assets": [
            {"assetType": "compute.googleapis.com/UrlMap", "name": f"{name}/bad"},
            asset("compute.googleapis.com/UrlMap", f"{name}/good", name="good"),
        ]
    }
    reader = reader_of({PATH: answer})
    (page,) = await pages_of(reader, unit_of(MAPS), unit_of(OTHER))
    seen = [await reader.look(unit_of(MAPS), record) for record in page.records[unit_of(MAPS)]]
    assert [one.resource.name for one in seen if one.resource] == ["good"]
    assert [failure.native_code for one in seen for failure in one.failures] == ["MalformedAnswer"]


async def test_pages_that_were_read_are_given_out_before_a_failure() -> None:
    """A list that fails on its second page has told of the first."""
    good = asset(
        "compute.googleapis.com/UrlMap", f"//compute.googleapis.com/projects/{PROJECT}/global/urlMaps/a", name="a"
    )

    def answer(request: httpx.Request) -> httpx.Response:
        if "pageToken" in request.url.params:
            return httpx.Response(403, json={"error": {"code": 403, "status": "PERMISSION_DENIED", "message": "no"}})
        return httpx.Response(200, json={"assets": [good], "nextPageToken": "2"})

    reader, seen = reader_of({PATH: answer}), 0
    with pytest.raises(ReadFailed, match="PERMISSION_DENIED") as caught:
        async for page in reader.pages((unit_of(MAPS), unit_of(OTHER))):
            seen += len(page.records[unit_of(MAPS)])
    assert (seen, caught.value.permission) == (1, "cloudasset.assets.listResource")


async def test_batches_of_several_projects_do_not_mix() -> None:
    """Each project is a list of its own."""
    types = [one for one in resource_types().values() if one.provider == "gcp"]
    accounts = [ACCOUNT, Account("gcp", "data-222222", "data")]
    batches = reader_of({}).batches([Unit(account, GLOBAL, one) for account in accounts for one in types])
    assert {len({unit.account for unit in batch}) for batch in batches} == {1}
    assert sorted(unit.key for batch in batches for unit in batch) == sorted(
        Unit(account, GLOBAL, one).key for account in accounts for one in types
    )
    assert len(batches) == 4
