"""Cloud Control in front of moto, as boto3 lists with it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from escher.demo.clouds.aws.control_types import CONTROL_TYPES
from tests.demo.aws.conftest import AwsDemo

pytestmark = [pytest.mark.demo, pytest.mark.xdist_group("demo-aws")]


def _listed(aws: AwsDemo, type_name: str, account: str = "web-shop", region: str = "us-east-1") -> dict[str, Any]:
    """The properties of every resource by identifier, over all pages."""
    pages = aws.client("cloudcontrol", account, region).get_paginator("list_resources").paginate(TypeName=type_name)
    return {one["Identifier"]: json.loads(one["Properties"]) for page in pages for one in page["ResourceDescriptions"]}


@pytest.mark.parametrize("type_name", CONTROL_TYPES)
def test_every_type_lists_something_and_gets_it(aws: AwsDemo, type_name: str) -> None:
    """In at least one account; what is listed can be asked for by its identifier."""
    for account in ("web-shop", "analytics"):
        found = _listed(aws, type_name, account)
        if found:
            identifier = next(iter(found))
            got = aws.client("cloudcontrol", account).get_resource(TypeName=type_name, Identifier=identifier)
            properties = json.loads(got["ResourceDescription"]["Properties"])
            assert properties[CONTROL_TYPES[type_name].identifier] == identifier
            return
    pytest.fail(f"there is no {type_name}")


def test_it_lists_what_the_service_lists(aws: AwsDemo) -> None:
    """Queues and streams are those that SQS and Kinesis tell of."""
    queues = aws.client("sqs").get_paginator("list_queues").paginate().build_full_result()["QueueUrls"]
    assert set(_listed(aws, "AWS::SQS::Queue")) == set(queues)
    streams = aws.client("kinesis", "analytics").list_streams()["StreamNames"]
    assert set(_listed(aws, "AWS::Kinesis::Stream", "analytics")) == set(streams)
    assert _listed(aws, "AWS::Kinesis::Stream", "sandbox") == {}


def test_a_resource_tells_its_tags(aws: AwsDemo) -> None:
    """GetResource has properties and tags that the list leaves out."""
    found = aws.client("cloudcontrol", "analytics").get_resource(
        TypeName="AWS::Kinesis::Stream", Identifier="ingest-clickstream"
    )
    properties = json.loads(found["ResourceDescription"]["Properties"])
    assert properties["ShardCount"] == 4
    assert {"Key": "env", "Value": "prod"} in properties["Tags"]


def test_lists_come_in_pages(aws: AwsDemo) -> None:
    """A page holds what was asked for at most, and leads to the next."""
    control = aws.client("cloudcontrol")
    first = control.list_resources(TypeName="AWS::SQS::Queue", MaxResults=2)
    second = control.list_resources(TypeName="AWS::SQS::Queue", MaxResults=2, NextToken=first["NextToken"])
    found = {one["Identifier"] for page in (first, second) for one in page["ResourceDescriptions"]}
    assert len(found) == 4


def test_unknown_types_are_refused(aws: AwsDemo) -> None:
    """One that nobody knows, one that cannot be listed, and a resource that is not there, each by its own error."""
    control = aws.client("cloudcontrol")
    with pytest.raises(control.exceptions.TypeNotFoundException):
        control.list_resources(TypeName="AWS::Halden::Shop")
    with pytest.raises(control.exceptions.UnsupportedActionException):
        control.list_resources(TypeName="AWS::CodeBuild::Project")
    with pytest.raises(control.exceptions.ResourceNotFoundException):
        control.get_resource(TypeName="AWS::SQS::Queue", Identifier="none")
