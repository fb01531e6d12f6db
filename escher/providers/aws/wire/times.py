"""Timestamps as botocore reads them, with a short way for the two forms that nearly all answers use."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from botocore.utils import parse_timestamp

_SHORTEST = len("2024-01-01T00:00:00Z")


def moment(value: Any) -> datetime:
    """A moment from ISO 8601, RFC 822 or epoch seconds. Raises ValueError for anything else."""
    if isinstance(value, str):
        # Only with a zone: without one, botocore leaves it out, and so must we.
        if len(value) >= _SHORTEST and value[-1] == "Z" and value[10] == "T":
            try:
                return datetime.fromisoformat(value)
            except ValueError:
                return parse_timestamp(value)
    elif isinstance(value, int | float) and 0 <= value < 253402300800:
        return datetime.fromtimestamp(value, UTC)
    return parse_timestamp(value)
