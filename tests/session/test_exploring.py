"""`escher.resource`, `escher.changes` and `escher.estate(where=…)`, and their async twins, in one process."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest

import escher
from escher.errors import InvalidInput, NotFound
from escher.session.current import close_session
from tests.fixtures.moto_cloud import REGIONS, SHOP
from tests.fixtures.small_estate import FOUND, NAMES, TYPES, SmallEstate, small_estate

HOME = REGIONS[0]


@pytest.fixture(scope="module")
def estate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallEstate]:
    """Scanned twice; between the scans an instance is stopped. This process's session is on it."""
    with small_estate(tmp_path_factory.mktemp("small")) as small, pytest.MonkeyPatch.context() as patch:
        for name, value in small.environment.items():
            patch.setenv(name, value)
        close_session()
        escher.scan(types=TYPES)
        small.cloud.client("ec2", SHOP, HOME).stop_instances(InstanceIds=[instance(small)])
        escher.scan(types=TYPES)
        yield small
        close_session()


def instance(small: SmallEstate) -> str:
    """The id of the instance that is stopped."""
    found = small.cloud.client("ec2", SHOP, HOME).describe_instances()
    return found["Reservations"][0]["Instances"][0]["InstanceId"]


def volume(small: SmallEstate) -> str:
    """The id of its volume."""
    return small.cloud.client("ec2", SHOP, HOME).describe_volumes()["Volumes"][0]["VolumeId"]


def test_a_resource_has_its_fields_and_its_ties(estate: SmallEstate) -> None:
    """Found by its identifier; what it is tied to, and what would feel a change of it."""
    one = escher.resource(instance(estate))
    assert (one.state, one.region, one.account_id, one.tags["env"]) == ("stopped", HOME, SHOP, "dev")
    assert list(one.related()["identifier"]) == [volume(estate)]
    assert list(one.blast_radius()["identifier"]) == [volume(estate)]
    assert [tie["verb"] for tie in one.ties()] == ["attached_to"]


def test_a_resource_does_not_print_what_it_is(estate: SmallEstate) -> None:
    """A notebook saves what a cell shows."""
    one = escher.resource(instance(estate))
    assert not any(word in repr(one) for word in (one.name, one.identifier, one.account_id, one.region))


def test_a_name_of_several_and_a_name_of_none_are_told_apart(estate: SmallEstate) -> None:
    """The first with the ids to choose from."""
    with pytest.raises(InvalidInput, match=r"2 resources are called") as several:
        escher.resource(f"web-{HOME}")
    assert all(account_id in several.value.hint for account_id in NAMES)
    with pytest.raises(NotFound):
        escher.resource("nothing-like-it")


def test_changes_are_a_frame_with_a_row_for_each_field(estate: SmallEstate) -> None:
    """The state of the instance that was stopped, before and after, with the time of the scan."""
    frame = escher.changes("1h")
    states = frame[frame["field"] == "state"]
    assert [tuple(row) for row in states[["change", "before", "after"]].to_numpy()] == [
        ("changed", "running", "stopped")
    ]
    assert set(frame["resource_id"].map(lambda one: one.rpartition("/")[2])) == {instance(estate)}
    assert str(frame["at"].dtype).startswith("datetime64")
    assert len(escher.changes("1h", "1h")) == 0


def test_an_estate_takes_a_predicate(estate: SmallEstate) -> None:
    """The rows that it says, in the same columns."""
    whole, stopped = escher.estate(), escher.estate(where="state = 'stopped'")
    assert len(whole) == FOUND
    assert list(stopped["identifier"]) == [instance(estate)]
    assert list(stopped.columns) == list(whole.columns)
    with pytest.raises(InvalidInput):
        escher.estate(where="nonsense =")


TWINS: list[tuple[Callable[..., Any], Callable[..., Awaitable[Any]], tuple[Any, ...]]] = [
    (escher.estate, escher.aestate, ("state = 'stopped'",)),
    (escher.changes, escher.achanges, ("1h",)),
]


@pytest.mark.parametrize(("waits", "twin", "arguments"), TWINS, ids=["estate", "changes"])
async def test_the_async_twins_answer_alike(
    estate: SmallEstate, waits: Callable[..., Any], twin: Callable[..., Awaitable[Any]], arguments: tuple[Any, ...]
) -> None:
    """The same frame, but for ages: a second may pass between the two."""
    found, waited = (
        frame.drop(columns="age_days", errors="ignore") for frame in (await twin(*arguments), waits(*arguments))
    )
    assert found.equals(waited)


async def test_a_resource_can_be_awaited(estate: SmallEstate) -> None:
    """The same resource."""
    word = instance(estate)
    assert (await escher.aresource(word)).resource == escher.resource(word).resource
