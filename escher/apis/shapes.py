"""The types of an API's parameters, read on demand from a compact table. Pure.

A reference is a letter (a plain scalar) or an index into the service's table, whose entries are: an object for a
structure (`"Name!"` = required), `["union", {…}]` for a structure with exactly one member set, `["list", ref, min]`,
`["map", ref, ref]`, and `[letter, min, [values]]` for a scalar with a minimum or a closed set of values.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

ShapeType = Literal[
    "string", "integer", "float", "boolean", "blob", "file", "timestamp", "document", "json", "structure", "list", "map"
]
Reference = str | int

LETTERS: dict[str, ShapeType] = {
    "s": "string",
    "i": "integer",
    "f": "float",
    "b": "boolean",
    "B": "blob",
    "F": "file",
    "t": "timestamp",
    "D": "document",
    "J": "json",
}


@dataclass(frozen=True)
class Shape:
    """One type. `file` is a blob that the CLI reads from a file; `json` a string that the CLI takes as JSON text."""

    table: Sequence[Any] = field(repr=False)
    reference: Reference

    @cached_property
    def _entry(self) -> Any:
        return self.reference if isinstance(self.reference, str) else self.table[self.reference]

    @cached_property
    def type(self) -> ShapeType:
        """What kind of value this is."""
        entry = self._entry
        if isinstance(entry, Mapping) or entry[0] == "union":
            return "structure"
        return entry[0] if entry[0] in ("list", "map") else LETTERS[entry[0]]

    @property
    def exclusive(self) -> bool:
        """Whether exactly one member of this structure must be set."""
        return isinstance(self._entry, list) and self._entry[0] == "union"

    @cached_property
    def members(self) -> Mapping[str, Shape]:
        """A structure's members by name."""
        return {name.rstrip("!"): Shape(self.table, ref) for name, ref in self._declared.items()}

    @cached_property
    def required(self) -> tuple[str, ...]:
        """The members without which a structure is incomplete."""
        return tuple(name[:-1] for name in self._declared if name.endswith("!"))

    @property
    def _declared(self) -> Mapping[str, Reference]:
        return self._entry[1] if self.exclusive else self._entry

    @property
    def element(self) -> Shape:
        """What a list holds."""
        return Shape(self.table, self._entry[1])

    @property
    def key(self) -> Shape:
        """A map's keys."""
        return Shape(self.table, self._entry[1])

    @property
    def value(self) -> Shape:
        """A map's values."""
        return Shape(self.table, self._entry[2])

    @property
    def minimum(self) -> float:
        """The least number, or the least length of a list; without one, less than any."""
        entry = self._entry
        place = 2 if self.type == "list" else 1
        constrained = isinstance(entry, list) and self.type not in ("map", "structure") and len(entry) > place
        return entry[place] if constrained and entry[place] is not None else float("-inf")

    @property
    def values(self) -> tuple[str, ...]:
        """The closed set of values of a string; empty when any value goes."""
        entry = self._entry
        return tuple(entry[2]) if self.type == "string" and isinstance(entry, list) and len(entry) > 2 else ()

    @property
    def scalar(self) -> bool:
        """Whether this is neither a structure, a list nor a map."""
        return self.type not in ("structure", "list", "map")
