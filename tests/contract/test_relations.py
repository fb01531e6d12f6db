"""How the things of an estate hang together, and what a change reaches."""

from __future__ import annotations

from dataclasses import replace

from escher.contract.relations import Graph
from escher.providers.registry import resource_types
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


def test_what_is_attached_and_what_it_is_attached_to_feel_each_other() -> None:
    """An instance loses its volume, and a volume its instance; a key is felt by the volume it encrypts, then by both."""
    key = resource("key-1", "aws_kms_key")
    data = replace(DATA, relations=DATA.relations | {"uses": ["aws_kms_key/key-1"]})
    graph = Graph([WEB, data, key])
    assert names([one.resource for one in graph.blast_radius([data])]) == ["i-web"]
    assert names([one.resource for one in graph.blast_radius([WEB])]) == ["vol-1"]
    reached = graph.blast_radius([key])
    assert [(one.resource.identifier, one.distance) for one in reached] == [("vol-1", 1), ("i-web", 2)]


def test_what_shares_an_attached_thing_does_not_feel_each_other() -> None:
    """A route table serves two subnets: its change reaches both, that of one subnet not the other."""
    near, far = resource("subnet-1", "aws_vpc_subnet"), resource("subnet-2", "aws_vpc_subnet")
    served = ["aws_vpc_subnet/subnet-1", "aws_vpc_subnet/subnet-2"]
    table = resource("rtb-1", "aws_vpc_route_table", relations={"attached_to": served})
    graph = Graph([near, far, table])
    assert names([one.resource for one in graph.blast_radius([table])]) == ["subnet-1", "subnet-2"]
    assert names([one.resource for one in graph.blast_radius([near])]) == ["rtb-1"]


def test_what_only_watches_a_thing_is_not_felt_by_it() -> None:
    """An alarm, a flow log and a subscription need what they watch, which lives on without them."""
    watchers = (
        *("aws_cloudwatch_alarm", "aws_vpc_flow_log", "azure_monitor_metric_alert"),
        *("aws_sns_topic_subscription", "gcp_pubsub_subscription"),
    )
    for watcher in watchers:
        verbs = {relation.verb for relation in resource_types()[watcher].relations}
        assert "uses" in verbs and "attached_to" not in verbs


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
