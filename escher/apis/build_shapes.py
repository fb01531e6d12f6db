"""The compact table of a service's shapes that `shapes.Shape` reads; a part of `build`."""

from __future__ import annotations

from typing import Any

from escher.apis.shapes import Reference

_SCALARS = {
    "string": "s",
    "char": "s",
    "integer": "i",
    "long": "i",
    "float": "f",
    "double": "f",
    "boolean": "b",
    "blob": "B",
    "timestamp": "t",
}


class ShapeTable:
    """Entries that grow as shapes are added; a shape that was seen before is not added again."""

    def __init__(self) -> None:
        self.entries: list[Any] = []
        self._seen: dict[str, int] = {}

    def append(self, entry: Any) -> int:
        """A new entry; its index."""
        self.entries.append(entry)
        return len(self.entries) - 1

    def add(self, shape: Any) -> Reference:
        """A reference to a botocore shape."""
        if getattr(shape, "is_document_type", False):
            return "D"
        if shape.type_name in _SCALARS:
            return self._scalar(shape)
        if shape.name in self._seen:
            return self._seen[shape.name]
        index = self._seen[shape.name] = self.append(None)
        self.entries[index] = self._complex(shape)
        return index

    def of_argument(self, argument: Any) -> Reference:
        """A reference to the type of an argument that belongs to the CLI alone."""
        model = argument.argument_model
        # The names of these shapes are made up by the CLI, anew for every argument.
        self._seen = {}
        if model is not None:
            return self.add(model)
        return self.append(["list", "s"]) if argument.nargs != "?" or argument.positional_arg else "s"

    def _scalar(self, shape: Any) -> Reference:
        if shape.type_name == "blob" and shape.serialization.get("streaming"):
            return "F"
        if shape.serialization.get("jsonvalue") and shape.serialization.get("location") == "header":
            return "J"
        letter = _SCALARS[shape.type_name]
        minimum = shape.metadata.get("min") if letter in "if" else None
        values = list(shape.enum) if letter == "s" else []
        if minimum is None and not values:
            return letter
        key = f"{shape.name} {letter}"
        if key not in self._seen:
            self._seen[key] = self.append([letter, minimum, values] if values else [letter, minimum])
        return self._seen[key]

    def _complex(self, shape: Any) -> Any:
        if shape.type_name == "map":
            return ["map", self.add(shape.key), self.add(shape.value)]
        if shape.type_name == "list":
            minimum = shape.metadata.get("min")
            return ["list", self.add(shape.member), *([minimum] if minimum else [])]
        required = {name for name in shape.required_members if not _filled_in(shape.members[name])}
        members = {name + "!" * (name in required): self.add(member) for name, member in shape.members.items()}
        return ["union", members] if getattr(shape, "is_tagged_union", False) else members


def _filled_in(member: Any) -> bool:
    """Whether the SDK and the CLI make a value of their own when none is given."""
    return bool(member.metadata.get("idempotencyToken"))
