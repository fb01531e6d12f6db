"""Things that are listed by a parent, described in batches, or paged where botocore knows no pages."""

from __future__ import annotations

from typing import Any

import pytest

from escher.providers.paths import search
from escher.providers.registry import resource_types
from escher.providers.source import ReadFailed
from tests.fixtures.answers import Answers, answers_for, records_of, resources_of

TYPES = resource_types()
CLUSTERS = "arn:aws:ecs:us-east-1:111111111111:cluster"
SERVICES = "arn:aws:ecs:us-east-1:111111111111:service"


def services(count: int) -> Answers:
    """A cluster `shop` with services; each call that describes some of them must ask for what the list says, in order."""
    arns = [f"{SERVICES}/shop/web-{number}" for number in range(count)]
    chunks = [arns[start : start + 10] for start in range(0, count, 10)]
    described = [{"when": {"services": chunk}, "data": {"services": list(map(service, chunk))}} for chunk in chunks]
    return {
        "ListClusters": [{"data": {"clusterArns": [f"{CLUSTERS}/shop"]}}],
        "ListServices": [{"data": {"serviceArns": arns}}],
        "DescribeServices": described,
    }


def service(arn: str) -> dict[str, Any]:
    """What ECS says of a service."""
    return {"serviceArn": arn, "serviceName": arn.rpartition("/")[2], "clusterArn": f"{CLUSTERS}/shop"}


def test_what_is_listed_is_described_in_batches() -> None:
    """ECS describes ten services with one call; all come, each with its cluster."""
    records = records_of(TYPES["aws_ecs_service"], services(23))
    assert [record["serviceName"] for record in records] == [f"web-{number}" for number in range(23)]
    assert {record["Parent"] for record in records} == {f"{CLUSTERS}/shop"}


def test_every_parent_is_listed() -> None:
    """The same name in two clusters is two services."""
    found = resources_of(TYPES["aws_ecs_service"], answers_for("aws_ecs_service"))
    assert set(found) == {"shop/web", "shop/worker", "batch/web"}


def test_a_parent_that_is_gone_has_nothing() -> None:
    """A bus that was deleted after it was listed does not keep the rules of the others from being seen."""
    found = resources_of(TYPES["aws_eventbridge_rule"], answers_for("aws_eventbridge_rule"))
    assert set(found) == {"nightly", "managed", "orders/nightly"}


def test_a_thing_that_is_gone_is_left_out() -> None:
    """A node group that was deleted after it was listed is not there, and no failure."""
    found = resources_of(TYPES["aws_eks_node_group"], answers_for("aws_eks_node_group"))
    assert sorted(one.name for one in found.values()) == ["general", "general"]


def test_a_refused_parent_is_told() -> None:
    """Without the list of clusters, the services are unknown: the failure names what is missing."""
    answers = services(1) | {"ListClusters": [{"error": "AccessDeniedException"}]}
    with pytest.raises(ReadFailed) as caught:
        records_of(TYPES["aws_ecs_service"], answers)
    assert caught.value.permission == "ecs:ListClusters"


def test_a_refused_batch_is_told() -> None:
    """A list of names alone is no list: the failure names the call that describes."""
    answers = services(1) | {"DescribeServices": [{"error": "AccessDeniedException"}]}
    with pytest.raises(ReadFailed, match="DescribeServices") as caught:
        records_of(TYPES["aws_ecs_service"], answers)
    assert caught.value.permission == "ecs:DescribeServices"


def test_an_answer_without_its_list_is_a_failure() -> None:
    """Who describes services without a list of them does not say that there are none."""
    with pytest.raises(ReadFailed, match="DescribeServices"):
        records_of(TYPES["aws_ecs_service"], services(1) | {"DescribeServices": [{"data": {}}]})


def test_pages_that_botocore_does_not_know_are_read() -> None:
    """EventBridge pages its buses; botocore would stop after the first page."""
    found = resources_of(TYPES["aws_eventbridge_bus"], answers_for("aws_eventbridge_bus"))
    assert set(found) == {"default", "orders"}


def test_a_page_mark_that_comes_again_ends_the_listing() -> None:
    """Pages that lead to themselves are a failure, not a scan without end."""
    with pytest.raises(ReadFailed, match="ListEventBuses"):
        records_of(TYPES["aws_eventbridge_bus"], {"ListEventBuses": [{"data": {"EventBuses": [], "NextToken": "2"}}]})


def test_what_the_details_exclude_is_left_out() -> None:
    """AWS's own keys are told from the account's only when they are described."""
    declared, answers = TYPES["aws_kms_key"], answers_for("aws_kms_key")
    listed, kept = records_of(declared, answers), resources_of(declared, answers)
    assert {record["KeyId"] for record in listed} - set(kept) == {"0a1b2c3d-0001-4000-8000-000000000002"}


def test_listing_tells_all_its_permissions() -> None:
    """The parent's call and the one that describes take permissions, too."""
    assert TYPES["aws_ecs_service"].reads == ("ecs:ListClusters", "ecs:ListServices", "ecs:DescribeServices")


@pytest.mark.parametrize(
    ("value", "expected"),
    [("arn:aws:sns:us-east-1:111111111111:alerts", "alerts"), ("alerts", "alerts"), ("a:", ""), (None, None)],
)
def test_the_tail_is_what_follows_the_last_separator(value: str | None, expected: str | None) -> None:
    """`tail` takes an id out of an ARN."""
    assert search("tail(Arn, ':')")({"Arn": value}) == expected


def test_a_slash_is_not_doubled_in_an_arn() -> None:
    """The ARN of the parameter /prod/db/password has one slash before `prod`."""
    found = resources_of(TYPES["aws_ssm_parameter"], answers_for("aws_ssm_parameter"))
    assert found["/prod/db/password"].resource_id.endswith(":parameter/prod/db/password")
    assert found["banner"].resource_id.endswith(":parameter/banner")
