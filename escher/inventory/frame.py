"""The estate as a pandas frame: one row a resource, one column a field.

A notebook saves what a cell shows, so these frames show their shape and their columns; `.show()` prints rows.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import Any

import numpy as np
import pandas as pd

from escher.contract.estate import Resource
from escher.providers.declarations import Bool, FieldSpec, Holds, Int, Time
from escher.providers.registry import resource_types

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
    "last_synced",
)


class EstateFrame(pd.DataFrame):
    """A frame that shows its shape; everything else is pandas."""

    @property
    def _constructor(self) -> type[EstateFrame]:
        return EstateFrame

    @property
    def _constructor_sliced(self) -> type[EstateColumn]:  # pyright: ignore[reportIncompatibleMethodOverride] a property in pandas, too
        return EstateColumn

    def __repr__(self) -> str:
        columns = ", ".join(str(column) for column in self.columns)
        return f"{len(self):,} rows × {len(self.columns)} columns: {columns}\n.show() prints rows."

    def _repr_html_(self) -> str:
        columns = ", ".join(f"<code>{column}</code>" for column in self.columns)
        return (
            f"<p>{len(self):,} rows × {len(self.columns)} columns: {columns}<br><code>.show()</code> prints rows.</p>"
        )

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
        return f"{self.name}: {len(self):,} values of {self.dtype}\n.show() prints them."

    def show(self, rows: int = 20) -> None:
        """Print the first values; they become part of the notebook."""
        print(pd.Series(self).head(rows).to_string())


def frame(resources: Sequence[Resource], now: float | None = None) -> EstateFrame:
    """All resources with the fields that their types declare; what a type does not know is missing.

    Times are UTC without a zone; `age_days` counts from `created_at` to `now` (Unix seconds, default: the clock).
    """
    data: dict[str, Any] = {name: list(map(attrgetter(name), resources)) for name in COLUMNS}
    specs = _fields_of({resource.resource_type for resource in resources})
    for name, values in _attributes(resources).items():
        if name not in data:
            data[name] = _typed(values, specs.get(name))
    data["last_synced"] = _typed(data["last_synced"], Time(""))
    if "created_at" in data:
        age = np.datetime64(int(now or time.time()), "s") - data["created_at"]
        data["age_days"] = age / np.timedelta64(1, "D")
    return EstateFrame(data)


def _attributes(resources: Sequence[Resource]) -> dict[str, list[Any]]:
    columns: dict[str, list[Any]] = {}
    for row, resource in enumerate(resources):
        for name, value in resource.attributes.items():
            if name not in columns:
                columns[name] = [None] * len(resources)
            columns[name][row] = value
    return columns


def _fields_of(types: Iterable[str]) -> dict[str, FieldSpec]:
    declared = resource_types()
    return {name: spec for type_ in types if type_ in declared for name, spec in declared[type_].fields.items()}


def _typed(values: list[Any], spec: FieldSpec | None) -> Any:
    match spec:
        case Int():
            return pd.Series(values, dtype="Int64")
        case Bool() | Holds():
            return pd.Series(values, dtype="boolean")
        case Time():
            return np.array(values, dtype=float).astype("datetime64[s]")
        case _:
            return values
