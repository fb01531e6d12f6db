"""Patterns by which the user leaves resources out or protects them."""

from __future__ import annotations

import pytest

from escher.contract.marks import fitting, mark
from escher.errors import InvalidInput
from tests.inventory.resources import resource

WEB = resource("i-1", name="web-7", tags={"env": "prod", "team": ""}, account_name="shop")


@pytest.mark.parametrize(
    ("pattern", "fits"),
    [
        ("tag:env=prod", True),
        ("tag:env=pr*", True),
        ("tag:env", True),
        ("tag:env=dev", False),
        ("tag:owner", False),
        ("name:web-*", True),
        ("name:WEB-*", False),
        ("type:aws_ec2_instance", True),
        ("kind:disk", False),
        ("id:i-1", True),
        ("id:arn:aws:x:*", True),
        ("account:shop", True),
        ("region:eu-*", False),
    ],
)
def test_a_pattern_means_what_it_says(pattern: str, fits: bool) -> None:
    """Field, colon, value with wildcards; case counts, as it does in a cloud."""
    assert mark("protect", pattern).fits(WEB) is fits


@pytest.mark.parametrize("pattern", ["*", "name:*", "tag:", "prod", "state:running", "name: * ", ""])
def test_a_pattern_that_means_everything_or_nothing_is_refused(pattern: str) -> None:
    """To leave everything out of an estate by a slip would be a loss."""
    with pytest.raises(InvalidInput, match="is no pattern"):
        mark("ignore", pattern)


def test_only_marks_of_the_wanted_effect_count() -> None:
    """What is left out is not protected by that."""
    marks = [mark("ignore", "tag:env=prod"), mark("protect", "name:web-?")]
    assert fitting(marks, "protect", WEB) == marks[1]
    assert fitting(marks[:1], "protect", WEB) is None
