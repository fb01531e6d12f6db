"""Lists of what the company has none of. moto knows no such thing and would answer with an error instead of an empty list."""

from __future__ import annotations

from typing import Any

from escher.demo.clouds.aws.call import Call

EMPTY: dict[tuple[str, str], str] = {
    ("ec2", "DescribeCapacityReservations"): "CapacityReservations",
    ("ec2", "DescribePlacementGroups"): "PlacementGroups",
    ("ec2", "DescribeReservedInstances"): "ReservedInstances",
    ("lightsail", "GetInstances"): "instances",
}
"""Service and operation, and the member of the answer that holds the list."""


def empty_list(call: Call) -> dict[str, Any]:
    """What AWS answers where there is none."""
    return {EMPTY[call.service, call.operation]: []}
