"""What the demo's Azure holds at the start."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import Any

import pytest

from escher.demo.blueprint.company import APPLICATIONS
from escher.demo.clouds.azure.made import checked
from escher.demo.clouds.azure.seed import seed
from escher.demo.clouds.azure.state import Record, State
from escher.demo.clouds.azure.subscriptions import LOCATIONS, SUBSCRIPTIONS
from escher.providers.ownership import managed_by

_ID = re.compile(r"/subscriptions/[^\"\s]+/providers/[^\"\s]+")
_SECRETS = re.compile(r"password|secret(?!s\": \[\])|accountkey|connectionstring|sharedkey\"", re.IGNORECASE)


def seeded() -> State:
    state = State()
    seed(state)
    return state


@pytest.fixture(scope="module")
def state() -> State:
    """A fresh state; no test changes it."""
    return seeded()


def tracked(state: State) -> list[Record]:
    return [one for one in state.records.values() if one.tracked]


def test_there_are_at_least_500_resources_in_two_subscriptions(state: State) -> None:
    """Each has about half of them."""
    number = Counter(one.key.split("/")[2] for one in tracked(state))
    assert set(number) == set(SUBSCRIPTIONS.values())
    assert min(number.values()) >= 250
    assert sum(number.values()) >= 500


def test_there_are_at_least_35_types(state: State) -> None:
    """Children are counted as types of their own."""
    assert len({one.type for one in tracked(state)}) >= 45


def test_ids_are_the_same_at_every_start(state: State) -> None:
    """So are the GUIDs inside."""
    again = seeded()
    assert list(again.records) == list(state.records)
    assert [one.body["properties"].get("vmId") for one in again.records.values()] == [
        one.body["properties"].get("vmId") for one in state.records.values()
    ]


def test_every_reference_leads_to_something(state: State) -> None:
    """No id in any body is of a thing that does not exist."""
    known = {match.lower() for one in state.records.values() for match in _own_ids(one.body)}
    named = {match.lower() for one in state.records.values() for match in _ID.findall(json.dumps(one.body))}
    assert named - known == set()


def _own_ids(value: Any) -> list[str]:
    if isinstance(value, list):
        return [found for one in value for found in _own_ids(one)]
    if not isinstance(value, dict):
        return []
    own = [value["id"]] if "name" in value and "id" in value else []
    return own + [found for one in value.values() for found in _own_ids(one)]


def test_arm_would_take_every_body(state: State) -> None:
    """The checks that a PUT goes through find nothing to refuse, and every location exists."""
    for one in state.records.values():
        checked(state, one.body)
    assert {one.body["location"] for one in tracked(state)} <= LOCATIONS.keys() | {"global"}


def test_disks_know_their_machines(state: State) -> None:
    """Attached, reserved by a deallocated machine, or on nothing."""
    number = Counter(one.body["properties"]["diskState"] for one in tracked(state) if one.type.endswith("/disks"))
    assert number["Unattached"] >= 12
    assert number["Attached"] >= 40
    assert number["Reserved"] >= 4


def test_back_references_follow_the_references(state: State) -> None:
    """An NSG shows its subnets, a subnet its cards, a card its machine, a pool its members."""
    bodies = {
        one.body["name"]: one.body["properties"] for one in state.under(f"/subscriptions/{SUBSCRIPTIONS['web-shop']}")
    }
    subnet = next(one for one in bodies["vnet-westeurope"]["subnets"] if one["name"] == "snet-web")
    assert [one["id"] for one in bodies["nsg-web-westeurope"]["subnets"]] == [subnet["id"]]
    assert any("vm-checkout-prod-web-01-nic" in one["id"] for one in subnet["properties"]["ipConfigurations"])
    assert bodies["vm-checkout-prod-web-01-nic"]["virtualMachine"]["id"].endswith("/vm-checkout-prod-web-01")
    assert len(bodies["lb-checkout-prod"]["backendAddressPools"][0]["properties"]["backendIPConfigurations"]) == 4


def test_tags_follow_the_company(state: State) -> None:
    """Who owns and who pays is the application's; some things are waste that nobody labelled."""
    tagged = [one.body["tags"] for one in tracked(state) if one.body["tags"].get("app")]
    assert {tags["app"] for tags in tagged} <= APPLICATIONS.keys()
    assert all(tags["owner"] == APPLICATIONS[tags["app"]].owner for tags in tagged)
    assert sum(not one.body["tags"] for one in tracked(state)) >= 10


def test_some_things_are_kept_by_terraform_or_a_cluster(state: State) -> None:
    """Each subscription has things of both, and many that nobody keeps but people."""
    for subscription in SUBSCRIPTIONS.values():
        own = [one.body["tags"] for one in tracked(state) if one.key.split("/")[2] == subscription]
        managers = Counter(managed_by(tags, {}).partition(":")[0] for tags in own)
        assert managers["terraform"] >= 20
        assert managers["kubernetes"] >= 2
        assert managers[""] >= len(own) / 2


def test_names_keep_the_limits_of_their_types(state: State) -> None:
    """Storage accounts and registries: lower case, no hyphen; vaults at most 24 letters; no name twice."""
    for kind, pattern in (("/storageaccounts", r"[a-z0-9]{3,24}"), ("/registries", r"[a-z0-9]{5,50}"), ("/vaults", r"[a-z][a-z0-9-]{1,22}[a-z0-9]")):  # fmt: skip
        found = [one.body["name"] for one in tracked(state) if one.type.endswith(kind)]
        assert all(re.fullmatch(pattern, name) for name in found)
        assert len(found) == len(set(found))


def test_no_two_things_have_one_address(state: State) -> None:
    """Public addresses are unique, private ones in their network."""
    public = [one.body["properties"]["ipAddress"] for one in tracked(state) if one.type.endswith("/publicipaddresses")]
    private = [
        (config["properties"]["subnet"]["id"], config["properties"]["privateIPAddress"])
        for one in tracked(state)
        if one.type.endswith("/networkinterfaces")
        for config in one.body["properties"]["ipConfigurations"]
    ]
    assert [name for name, number in Counter([*public, *private]).items() if number > 1] == []


def test_there_are_no_secrets(state: State) -> None:
    """Nothing that looks like a key or a password is in any body."""
    told = [one.key for one in state.records.values() if _SECRETS.search(json.dumps(one.body).replace("disablePasswordAuthentication", "").replace("allowSharedKeyAccess", ""))]  # fmt: skip
    assert told == []


def test_nothing_has_changed_yet(state: State) -> None:
    """The seed is no news."""
    assert (state.changes, state.events) == ([], [])
