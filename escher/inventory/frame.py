"""The estate as a pandas frame: one row a resource, one column a field.

A notebook saves what a cell shows, so these frames show their shape and their columns; `.show()` prints rows.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from functools import cache
from html import escape
from operator import attrgetter
from typing import Any

import numpy as np
import pandas as pd
from pandas.arrays import IntegerArray

from escher.contract.estate import Resource
from escher.providers.declarations import Bool, FieldSpec, Holds, Int, Time
from escher.providers.registry import resource_types
from escher.store.estate import EstateSnapshot, EstateStore

COLUMNS = (
    "provider",
    "account_id",
    "account_name",
    "region",
    "zone",
    "service",
    "resource_type",
    "kind",
    "resource_id",
    "identifier",
    "name",
    "state",
    "native_state",
    "tags",
    "managed_by",
    "last_synced",
)

AGE = "age_days"


class EstateFrame(pd.DataFrame):
    """A frame that shows its shape; everything else is pandas."""

    @property
    def _constructor(self) -> type[EstateFrame]:
        return EstateFrame

    @property
    def _constructor_sliced(self) -> type[EstateColumn]:  # pyright: ignore[reportIncompatibleMethodOverride] a property in pandas, too
        return EstateColumn

    def __repr__(self) -> str:
        return f"{self._shape()}\n.show() prints rows."

    def _repr_html_(self) -> str:
        return f"<p>{escape(self._shape())}<br><code>.show()</code> prints rows.</p>"

    def _shape(self) -> str:
        # A pivot makes columns of values; only names that a declaration gave are told.
        known = [str(column) for column in self.columns if column in _known_columns()]
        others = len(self.columns) - len(known)
        names = ", ".join([*known, *([f"{others} others"] if others else [])])
        return f"{len(self):,} rows × {len(self.columns)} columns: {names}"

    def show(self, rows: int = 20) -> None:
        """Print the first rows; they become part of the notebook."""
        print(pd.DataFrame(self).head(rows).to_string())


class EstateColumn(pd.Series):
    """A column that shows its length."""

    @property
    def _constructor(self) -> type[EstateColumn]:
        return EstateColumn

    @property
    def _constructor_expanddim(self) -> type[EstateFrame]:
        return EstateFrame

    def __repr__(self) -> str:
        name = f"{self.name}: " if self.name in _known_columns() else ""
        return f"{name}{len(self):,} values of {self.dtype}\n.show() prints them."

    def show(self, rows: int = 20) -> None:
        """Print the first values; they become part of the notebook."""
        print(pd.Series(self).head(rows).to_string())


class EstateFrames:
    """The estate as a frame, built once for each state of the store."""

    def __init__(self, estate: EstateStore) -> None:
        self._estate = estate
        self._snapshot: EstateSnapshot | None = None
        self._frame = EstateFrame()

    def current(self, now: float | None = None) -> EstateFrame:
        """The whole estate as of the last commit; a copy, so that nobody's changes reach anybody else."""
        snapshot = self._estate.snapshot()
        if snapshot is not self._snapshot:
            self._snapshot, self._frame = snapshot, _frame(list(snapshot.resources.values()))
        return _with_age(self._frame, now)


def frame(resources: Iterable[Resource], now: float | None = None) -> EstateFrame:
    """All resources with the fields that their types declare; what a type does not know is missing.

    Times are UTC without a zone; `age_days` counts from `created_at` to `now` (Unix seconds, default: the clock).
    """
    return _with_age(_frame(list(resources)), now)


def _frame(resources: Sequence[Resource]) -> EstateFrame:
    data: dict[str, Any] = {name: list(map(attrgetter(name), resources)) for name in COLUMNS}
    data["tags"] = list(map(dict, data["tags"]))
    data["last_synced"] = _typed(data["last_synced"], Time(""))
    specs = _fields_of({resource.resource_type for resource in resources})
    for name, values in _attributes(resources).items():
        if name not in data:
            data[name] = _typed(values, specs.get(name))
    return EstateFrame(data)


def _with_age(estate: EstateFrame, now: float | None) -> EstateFrame:
    if "created_at" not in estate:
        return EstateFrame(estate.copy(deep=False))
    age = np.datetime64(int(now or time.time()), "s") - estate["created_at"]
    return EstateFrame(estate.assign(**{AGE: age / np.timedelta64(1, "D")}))


def _attributes(resources: Sequence[Resource]) -> dict[str, list[Any]]:
    columns: dict[str, list[Any]] = {}
    for row, resource in enumerate(resources):
        for name, value in resource.attributes.items():
            if name not in columns:
                columns[name] = [None] * len(resources)
            columns[name][row] = value
    return columns


@cache
def _known_columns() -> frozenset[str]:
    return frozenset({*COLUMNS, AGE, *_fields_of(resource_types())})


def _fields_of(types: Iterable[str]) -> dict[str, FieldSpec]:
    declared = resource_types()
    return {name: spec for type_ in types if type_ in declared for name, spec in declared[type_].fields.items()}


def _typed(values: list[Any], spec: FieldSpec | None) -> Any:
    match spec:
        case Int():
            # Through floats, which hold any size or count exactly, this takes half the time of pandas' own reading.
            numbers = np.array(values, dtype=float)
            missing = np.isnan(numbers)
            return IntegerArray(np.where(missing, 0, numbers).astype("int64"), missing)
        case Bool() | Holds():
            return pd.Series(values, dtype="boolean")
        case Time():
            return np.array(values, dtype=float).astype("datetime64[s]")
        case _:
            return values
