"""A part of the Kusto query language, as Resource Graph speaks it: a pure evaluator over tables of plain rows."""

from __future__ import annotations

from escher.demo.clouds.azure.kql.operators import run
from escher.demo.clouds.azure.kql.table import Table
from escher.demo.clouds.azure.kql.words import KqlError

__all__ = ["KqlError", "Table", "run"]
