"""What a server may ask of an estate, and what it is told: counts by closed words, rounded down, never of fewer than five.

A request goes to the client in the stream of an answer (`data_request`); what was counted is shown to the user there,
and only then goes along with the next question of the conversation (`data_result`).
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from escher.contract.vocabulary import Kind, Provider
from escher.contract.wire import Whole, Wire

SMALLEST = 5
MOST_ROWS = 100
# Requests that a client answers in one conversation; what a context holds is the newest of their results.
BUDGET = 12
MOST_RESULTS = 4
# What does not bear a value that may be told, or shares it with too few.
OTHER = "other"

DataMeasure = Literal["resources", "public", "unencrypted", "unattached"]
Dimension = Literal["provider", "kind", "region", "environment", "state"]
Told = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]


class DataRequest(Wire):
    """How many resources there are that show `measure`, by at most two dimensions; of these clouds and kinds, or all."""

    type: Literal["data_request"] = "data_request"
    measure: DataMeasure = "resources"
    by: tuple[Dimension, ...] = Field(default=(), max_length=2)
    providers: tuple[Provider, ...] = Field(default=(), max_length=3)
    kinds: tuple[Kind, ...] = Field(default=(), max_length=10)


class DataRow(Wire):
    """One group: its value in each dimension of the request, and at least how many there are (5, 10, 20, 50, 100 …)."""

    values: tuple[Told, ...] = Field(default=(), max_length=2)
    at_least: Whole = Field(ge=SMALLEST)


class DataResult(Wire):
    """The answer to a request, the largest groups first; groups of fewer than five are not in it."""

    request: DataRequest
    rows: tuple[DataRow, ...] = Field(default=(), max_length=MOST_ROWS)
