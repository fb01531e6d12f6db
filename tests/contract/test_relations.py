"""How the things of an estate hang together, and what a change reaches."""

from __future__ import annotations

from escher.contract.relations import Graph
from tests.inventory.resources import resource

VPC = resource("vpc-1", "aws_ec2_instance")
WEB = resource("i-web", relations={"uses": ["aws_vpc_security_group/sg-1"], "member_of": ["aws_vpc_subnet/subnet-1"]})
DATA = resource("vol-1", "aws_ebs_volume", relations={"attached_to": ["aws_ec2_instance/i-web"]})
COPY = resource("snap-1", "aws_ebs_snapshot", relations={"copy_of": ["aws_ebs_volume/vol-1"]})
GROUP = resource("sg-1", "aws_vpc_security_group")
TABLE = resource("cdn", "aws_dynamodb_table", relations={"routes_to": [WEB.resource_id.upper()]})
ALL = [VPC, WEB, DATA, COPY, GROUP, TABLE]


def names(found: list[object]) -> list[str]:
    """The identifiers, in order."""
    return [one.identifier for one in found]  # type: ignore[attr-defined] resources


def test_ties_are_followed_both_ways() -> None:
    """What a thing knows of, and what knows of it; an id that leads nowhere is left out."""
    assert sorted(names(Graph(ALL).related(WEB))) == ["cdn", "sg-1", "vol-1"]


def test_a_second_step_reaches_further() -> None:
    """From the group over the instance to its volume."""
    graph = Graph(ALL)
    assert names(graph.related(GROUP)) == ["i-web"]
    assert set(names(graph.related(GROUP, depth=2))) == {"i-web", "vol-1", "cdn"}


def test_a_change_reaches_what_depends_on_its_target() -> None:
    """The instance uses the group, the volume and the route hang on the instance; a snapshot lives on by itself."""
    reached = Graph(ALL).blast_radius([GROUP])
    assert [(one.resource.identifier, one.distance) for one in reached] == [("i-web", 1), ("vol-1", 2), ("cdn", 2)]
    assert reached[1].through.verb == "attached_to"


def test_targets_are_not_in_their_own_radius() -> None:
    """What is changed anyway is no surprise."""
    assert names([one.resource for one in Graph(ALL).blast_radius([GROUP, WEB])]) == ["vol-1", "cdn"]


def test_copies_are_found() -> None:
    """A snapshot is a copy of its volume."""
    assert names(Graph(ALL).copies(DATA)) == ["snap-1"]


def test_a_name_that_several_have_leads_to_the_one_nearby() -> None:
    """A group of the same name in another region is another one; without one nearby nobody can say which is meant."""
    far, near = (
        resource("sg-2", "aws_vpc_security_group", region="eu-west-1"),
        resource("sg-2", "aws_vpc_security_group"),
    )
    user = resource("i-2", relations={"uses": ["aws_vpc_security_group/sg-2"]})
    abroad = resource("i-3", region="us-west-2", relations={"uses": ["aws_vpc_security_group/sg-2"]})
    graph = Graph([far, near, user, abroad])
    assert [one.region for one in graph.related(user)] == ["us-east-1"]
    assert graph.related(abroad) == []
