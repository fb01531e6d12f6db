"""How Kusto compares, orders and turns values into others."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

_EPOCH = datetime(1, 1, 1, tzinfo=UTC)


def text(value: Any) -> str:
    """A value as `tostring()` gives it; nothing is the empty text."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f") + "0Z"
    if isinstance(value, timedelta):
        return str(value)
    return json.dumps(value, separators=(",", ":"))


def number(value: Any) -> float | int | None:
    """A value as a number; None for what is none."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, int | float):
        return value
    try:
        return float(str(value)) if "." in str(value) else int(str(value))
    except ValueError:
        return None


def moment(value: Any) -> datetime | None:
    """A value as a date and time in UTC; None for what is none."""
    if isinstance(value, datetime):
        return value
    plain = re.sub(r"(\.\d{6})\d+", r"\1", str(value).replace("Z", "+00:00"))
    try:
        found = datetime.fromisoformat(plain)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def truth(value: Any) -> bool:
    """Whether a condition holds; nothing does not."""
    return value if isinstance(value, bool) else str(value).lower() == "true" if isinstance(value, str) else bool(value)


def same(left: Any, right: Any) -> bool:
    """`==`: numbers by value, times by moment, text by its letters."""
    if left is None or right is None:
        return text(left) == text(right) == "" and not isinstance(left if right is None else right, bool | int | float)
    if isinstance(left, bool) or isinstance(right, bool):
        return text(left).lower() == text(right).lower()
    a, b = _alike(left, right)
    return a == b


def before(left: Any, right: Any) -> bool:
    """`<`; nothing is before nothing."""
    if left is None or right is None:
        return False
    a, b = _alike(left, right)
    return a < b


def order(value: Any) -> tuple[int, Any]:
    """A key that sorts any values: nothing first, then numbers, times, text."""
    if value is None:
        return (0, 0)
    if isinstance(value, int | float):
        return (1, value)
    if isinstance(value, timedelta):
        return (1, value.total_seconds())
    if isinstance(value, datetime):
        return (2, (value - _EPOCH).total_seconds())
    return (3, text(value))


def _alike(left: Any, right: Any) -> tuple[Any, Any]:
    """Two values as the same kind of thing."""
    if isinstance(left, datetime) or isinstance(right, datetime):
        a, b = moment(left), moment(right)
        return (a or _EPOCH, b or _EPOCH)
    if isinstance(left, timedelta) and isinstance(right, timedelta):
        return left, right
    if isinstance(left, int | float) or isinstance(right, int | float):
        a, b = number(left), number(right)
        if a is not None and b is not None:
            return a, b
    return text(left), text(right)
