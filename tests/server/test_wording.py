"""What the server says it understood."""

from __future__ import annotations

from typing import Any

import pytest

from escher.contract.understanding import (
    Comparison,
    Conditions,
    Filters,
    Parameter,
    Parameters,
    TagFilter,
    Understanding,
)
from escher_server.composer.wording import order, understood


def meaning(action: str, *kinds: str, filters: Filters | None = None, **fields: Any) -> Understanding:
    return Understanding.model_validate(
        {"class": "operation", "action": action, "kinds": kinds, "filters": filters or Filters(), "confidence": 0.9}
        | fields
    )


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (
            meaning("stop", "compute_instance", filters=Filters(environments=("dev",), regions=("us-east-1",))),
            "**stop** every **dev** compute instance in **us-east-1**",
        ),
        (
            meaning("stop", "compute_instance", filters=Filters(names=("r4821", "r1111"))),
            "**stop** the compute instances **r4821** and **r1111**",
        ),
        (
            meaning("delete", "disk", filters=Filters(attached=False, states=("available",))),
            "**delete** every **available** **unattached** volume",
        ),
        (
            meaning(
                "list",
                "disk",
                "ip_address",
                filters=Filters(
                    applications=("t0001",), owners=("t0002",), tags=(TagFilter(key="cost", values=("t3", "t4")),)
                ),
            ),
            "**list** every volume and address of **t0001** owned by **t0002** tagged **cost=t3/t4**",
        ),
        (
            meaning(
                "snapshot",
                "disk",
                limit=5,
                filters=Filters(
                    untagged=("owner",), comparisons=(Comparison(field="age_days", operator="gt", value=30),)
                ),
            ),
            "**take a snapshot of** at most 5 volumes without the tag **owner** that are **over 30 days old**",
        ),
        (
            meaning(
                "resize", filters=Filters(accounts=("a0377",)), parameters={"instance_type": {"value": "t3.large"}}
            ),
            "**resize** every resource in the account **a0377** to **t3.large**",
        ),
        (
            meaning(
                "tag",
                "object_storage",
                filters=Filters(public=True, encrypted=False),
                parameters=Parameters(tag_key=Parameter(value="owner"), tag_value=Parameter(value="t9113")),
            ),
            "**tag** every **public** **unencrypted** bucket with **owner=t9113**",
        ),
        (
            meaning("start", "database_instance", filters=Filters(exclude=(Conditions(environments=("prod",)),))),
            "**start** every database instance except **prod**",
        ),
    ],
)
def test_an_understanding_is_said_in_words(given: Understanding, said: str) -> None:
    """Every part of it has its place in the sentence."""
    assert order(given) == said
    assert understood(given) == f"I understood: {said}."


def test_a_choice_is_plain_text() -> None:
    """It becomes the next prompt, so it bears no marks."""
    given = meaning("stop", "compute_instance", filters=Filters(environments=("dev",)))
    assert order(given, plain=True) == "stop every dev compute instance"
