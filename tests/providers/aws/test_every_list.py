"""Every list call that is declared is answered by a real emulator, as far as it knows the call."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from escher.providers.declarations import ResourceType
from escher.providers.registry import resource_types
from tests.fixtures.live_aws import entered, sightings
from tests.fixtures.moto_cloud import MotoCloud

# Calls that moto 5.2 does not know.
UNKNOWN_TO_MOTO = {
    "aws_ec2_capacity_reservation",
    "aws_ec2_placement_group",
    "aws_ec2_reserved_instance",
    "aws_lightsail_instance",
}
DECLARED = [
    declared
    for declared in resource_types().values()
    if declared.provider == "aws" and declared.kind != "other" and declared.name not in UNKNOWN_TO_MOTO
]
# What every new account has.
FROM_THE_START = {
    "aws_athena_workgroup",
    "aws_vpc",
    "aws_vpc_network_acl",
    "aws_vpc_route_table",
    "aws_vpc_security_group",
    "aws_vpc_subnet",
}


@pytest.fixture(scope="module")
def empty(moto: MotoCloud) -> Iterator[MotoCloud]:
    """An empty moto, and keys to enter it."""
    moto.reset()
    with entered():
        yield moto


@pytest.mark.parametrize("declared", DECLARED, ids=lambda declared: declared.name)
def test_a_list_call_is_answered(declared: ResourceType, empty: MotoCloud) -> None:
    """The list of a new account ends without a failure, and all that is in it is read whole."""
    seen = sightings(empty, declared)
    assert [failure for one in seen for failure in one.failures] == []
    assert all(one.resource and one.resource.resource_type == declared.name for one in seen)
    assert seen or declared.name not in FROM_THE_START
