"""Rows with named columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows; each has all the columns."""

    columns: Sequence[str]
    rows: list[Row]
