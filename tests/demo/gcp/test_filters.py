"""The filter languages of the demo's APIs."""

from __future__ import annotations

from typing import Any

import pytest

from escher.demo.clouds.gcp.errors import ApiError
from escher.demo.clouds.gcp.filters import matching

FOUND: dict[str, Any] = {
    "name": "web-01",
    "status": "RUNNING",
    "sizeGb": "200",
    "labels": {"env": "prod"},
    "disks": [{"source": "zones/a/disks/one"}, {"source": "zones/a/disks/two"}],
    "timestamp": "2026-03-01T10:00:00.5Z",
    "deletionProtection": True,
}


@pytest.mark.parametrize(
    ("text", "passes"),
    [
        ("", True),
        ('status = "RUNNING"', True),
        ("status != RUNNING", False),
        ("(status = RUNNING) (labels.env = dev)", False),
        ("status = RUNNING AND NOT labels.env = dev", True),
        ("labels.env = dev OR labels.env = prod", True),
        ("labels.owner:*", False),
        ("labels.env:*", True),
        ('name eq "web-.*"', True),
        ('name ne "web-.*"', False),
        ("name = web-*", True),
        ("disks.source:two", True),
        ("sizeGb > 99", True),
        ("deletionProtection = true", True),
        ('timestamp > "2026-03-01T10:00:00Z"', True),
        ('timestamp >= "2026-03-01T10:00:00.500000Z" timestamp < "2026-03-02T00:00:00Z"', True),
        ('name =~ "^web"', True),
        ("labels.env = (dev OR prod)", True),
        ("two", True),
        ("three", False),
    ],
)
def test_a_filter_selects(text: str, passes: bool) -> None:
    """Each form of a term passes what it should and nothing else."""
    assert matching(text)(FOUND) is passes


@pytest.mark.parametrize("text", ["(name", "name =", "name = x)", '"open'])
def test_what_is_no_filter_is_refused(text: str) -> None:
    """With 400, as the real ones do."""
    with pytest.raises(ApiError) as refused:
        matching(text)
    assert refused.value.code == 400
