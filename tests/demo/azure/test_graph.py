"""The Resource Graph as a plain HTTP client meets it: pages, subscriptions, groups, and bad options."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fixtures.azure_cloud import AzureCloud

GRAPH = "/providers/Microsoft.ResourceGraph/resources"


def test_the_graph_is_paged_by_token(cloud: AzureCloud) -> None:
    """All rows once, in order, however small the pages."""
    query = "resources | project id | order by id asc"
    whole = cloud.graph(query)
    assert cloud.graph(query, **{"$top": 50}) == whole
    page = cloud.send("POST", GRAPH, {"query": query, "options": {"$top": 50}}, "2022-10-01").json()
    assert (page["count"], page["totalRecords"], page["resultTruncated"]) == (50, len(whole), "false")


def test_without_an_id_the_graph_cuts_off(cloud: AzureCloud) -> None:
    """There is no token then, and the answer says so."""
    given = {"query": "resources | project name", "options": {"$top": 5}}
    page = cloud.send("POST", GRAPH, given, "2022-10-01").json()
    assert (page["count"], page["resultTruncated"]) == (5, "true")
    assert "$skipToken" not in page


def test_the_graph_keeps_to_the_subscriptions_asked(cloud: AzureCloud) -> None:
    """None named means all."""
    query = "resources | summarize by subscriptionId"
    one = {"query": query, "subscriptions": [cloud.subscriptions["analytics"]]}
    assert cloud.send("POST", GRAPH, one, "2022-10-01").json()["data"] == [
        {"subscriptionId": cloud.subscriptions["analytics"]}
    ]
    assert {row["subscriptionId"] for row in cloud.graph(query)} == set(cloud.subscriptions.values())


def test_the_graph_has_subscriptions_and_groups(cloud: AzureCloud) -> None:
    """In the table of containers, which joins to resources."""
    query = (
        "resources | where name == 'vm-jump-01' | join kind=leftouter (resourcecontainers | where type == "
        "'microsoft.resources/subscriptions' | project subscriptionId, subscription = name) on subscriptionId "
        "| project subscription | order by subscription asc"
    )
    assert cloud.graph(query) == [{"subscription": "analytics"}, {"subscription": "web-shop"}]


@pytest.mark.parametrize("options", [{"$top": "x"}, {"$top": -1}, {"$skip": "x"}, {"$skipToken": "zz"}])
def test_the_graph_refuses_bad_options(cloud: AzureCloud, options: dict[str, Any]) -> None:
    """With 400."""
    assert cloud.send("POST", GRAPH, {"query": "resources", "options": options}, "2022-10-01").status_code == 400
