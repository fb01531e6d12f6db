"""What the demo's GCP holds before anybody changes anything."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from escher.demo.clouds.gcp.discovery import document
from escher.demo.clouds.gcp.seed import seeded
from escher.demo.clouds.gcp.state import Resource, State
from escher.demo.clouds.gcp.validation import problems

COMPUTE = "https://www.googleapis.com/compute/v1/"
# What was there once, and what the clusters keep to themselves.
GONE = ("/disks/gone-", "/gateways/", "/diskTypes/", "/instanceGroupManagers/gke-")
MOMENT = datetime(2026, 2, 3, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def state() -> State:
    """A seeded state."""
    return seeded(MOMENT)


def assets(state: State) -> Iterator[Resource]:
    """All of its assets."""
    return (found for project in state.projects for found in state.all(project) if found.asset_type)


def links_in(value: Any) -> Iterator[str]:
    """All links to resources of compute in a value."""
    if isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from links_in(inner)
    elif isinstance(value, str) and value.startswith(COMPUTE):
        yield value.removeprefix(COMPUTE)


def test_every_resource_is_of_its_schema(state: State) -> None:
    """Google's own description of each type knows every field and value of the seed."""
    wrong = {}
    for found in assets(state):
        assert found.asset_type
        described = document(found.api, found.asset_type.version)
        assert described
        if says := problems(described, {"$ref": found.asset_type.schema}, found.data, ""):
            wrong[found.path] = says
    assert wrong == {}


def test_there_is_enough_of_it(state: State) -> None:
    """Two projects of at least 260 resources, at least 35 types, instances in three states."""
    projects = Counter(found.project for found in assets(state))
    types = {found.asset_type.name for found in assets(state) if found.asset_type}
    statuses = {(found.data or {}).get("status") for found in assets(state) if "/instances/" in found.path}
    assert min(projects.values()) >= 260 and len(types) >= 60
    assert {"RUNNING", "TERMINATED", "SUSPENDED"} <= statuses


def test_names_are_unique(state: State) -> None:
    """No two assets have the same full resource name."""
    names = Counter(state.named(found, found.data or {}) for found in assets(state))
    assert [name for name, count in names.items() if count > 1] == []


def test_every_start_is_the_same(state: State) -> None:
    """The same names, ids and fields whenever it is seeded on a day."""
    again = {found.path: found.data for found in assets(seeded(MOMENT))}
    assert again == {found.path: found.data for found in assets(state)}


def test_links_lead_somewhere(state: State) -> None:
    """What a resource of compute refers to exists, unless it is told to be gone."""
    lost = {
        target
        for found in assets(state)
        for target in links_in(found.data)
        if not any(part in target for part in GONE) and state.find("compute", target) is None
    }
    assert lost == set()


def test_disks_and_instances_agree(state: State) -> None:
    """A disk's users are exactly the instances that have it, and some disks have none."""
    held = {
        (disk["source"].removeprefix(COMPUTE), found.path)
        for found in assets(state)
        if found.asset_type and found.asset_type.name == "compute.googleapis.com/Instance"
        for disk in (found.data or {})["disks"]
    }
    disks = [found for found in assets(state) if found.asset_type and found.asset_type.schema == "Disk"]
    told = {(found.path, user.removeprefix(COMPUTE)) for found in disks for user in (found.data or {}).get("users", [])}
    assert told == held and any("users" not in (found.data or {}) for found in disks)
