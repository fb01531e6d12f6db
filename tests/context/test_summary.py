"""Counts in buckets, and things as what they are."""

from __future__ import annotations

from dataclasses import replace

from escher.context.summary import aliased_resources, bucket, estate_summary
from tests.fixtures import hard_names


def test_counts_are_exact_below_five_and_rounded_down_above() -> None:
    """1, 2, 3, 4, 5, 10, 20, 50, 100 …"""
    assert [bucket(n) for n in (0, 1, 4, 5, 9, 10, 19, 20, 49, 50, 99, 100, 199, 4_999)] == [
        0,
        1,
        4,
        5,
        5,
        10,
        10,
        20,
        20,
        50,
        50,
        100,
        100,
        2_000,
    ]


def test_the_summary_counts_by_public_values_only() -> None:
    """Providers, types, regions and environments of the allow-list; nothing a user made up."""
    resources = hard_names.estate()
    odd = replace(resources[0], region="Our Cellar!", tags={"env": "basement"})
    summary = estate_summary([*resources, odd], hard_names.scopes(), now=1_700_007_200)
    assert {count.value for count in summary.environments} == {"prod", "dev", "staging", "qa", "sandbox"}
    assert "Our Cellar!" not in {count.value for count in summary.regions}
    assert summary.oldest_scan_hours == 2
    assert {count.value: count.count for count in summary.resource_types}["aws_ec2_instance"] == 10


def test_mentioned_things_are_described_without_saying_which() -> None:
    """At most twenty descriptions; two alike things under one name are one."""
    resources = hard_names.estate()
    described = aliased_resources({"r1": [0], "r2": [1, 1], "r3": range(len(resources))}, resources)
    assert described[0].alias == "r1"
    assert described[0].resource_type == "aws_ec2_instance"
    assert len(described) == 20
    assert not any(resource.name in one.model_dump_json() for one in described for resource in resources[:3])
