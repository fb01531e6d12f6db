"""Readers of JSON answers, made once from botocore's output shapes: JSON and REST-JSON services.

A reader changes the decoded answer in place, and touches only what its shape says must be changed: timestamps, blobs,
renamed members, and members that are null or not in the model. What comes out is equal to what botocore yields.
"""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Callable, Iterable
from typing import Any, cast

import orjson
from botocore.parsers import ResponseParserError
from botocore.utils import ensure_boolean

from escher.providers.aws.wire.times import moment

Reader = Callable[[Any], Any]


def parse(body: bytes) -> Any:
    """The decoded answer. Raises ResponseParserError for what is not JSON."""
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        pass
    try:
        # What the standard allows beyond the fast decoder: NaN, lone surrogates, numbers of any length.
        return json.loads(body)
    except (ValueError, RecursionError):
        raise ResponseParserError("the answer is not valid JSON.") from None


def reader(shape: Any, *, rest: bool) -> Reader:
    """What reads a decoded value of this shape; `rest` services convert numbers and booleans, too."""
    return _Maker(rest).reader(shape) or _same


class _Maker:
    """Makes the readers of one answer; None stands for a value that stays as it is."""

    def __init__(self, rest: bool) -> None:
        self._scalars: dict[str, Reader] = {"timestamp": moment, "blob": b64decode}
        if rest:
            self._scalars |= _CONVERTED
        self._made: dict[str, Reader] = {}

    def reader(self, shape: Any) -> Reader | None:
        match shape.type_name:
            case "structure":
                return self._structure(shape)
            case "list":
                return _list(self.reader(shape.member))
            case "map":
                return _map(self.reader(shape.key), self.reader(shape.value))
            case kind:
                return self._scalars.get(kind)

    def _structure(self, shape: Any) -> Reader | None:
        if shape.is_document_type:
            return None
        if shape.name in self._made:
            return self._made[shape.name]
        names = {name: member.serialization.get("name", name) for name, member in shape.members.items()}
        readers: dict[str, Reader] = {}
        as_it_is: dict[str, type] = {}
        read = _structure(shape.name, readers, as_it_is)
        read = _renaming(read, names) if any(name != wire for name, wire in names.items()) else read
        read = _union(shape.name, frozenset(names.values()), read) if shape.is_tagged_union else read
        self._made[shape.name] = read
        for name, member in shape.members.items():
            readers[names[name]] = self.reader(member) or _same
            if (plain := self._plain(member)) is not None:
                as_it_is[names[name]] = plain
        return read

    def _plain(self, shape: Any) -> type | None:
        """The type of a decoded value that nothing has to be done to."""
        match shape.type_name:
            case "list" if self.reader(shape.member) is None:
                return list
            case "map" if self.reader(shape.key) is None and self.reader(shape.value) is None:
                return dict
            case kind:
                return _PLAIN.get(kind)


def _structure(name: str, readers: dict[str, Reader], as_it_is: dict[str, type]) -> Reader:
    plain, reader_of = as_it_is.get, readers.get

    def read(value: Any) -> Any:
        if value is None:
            return None
        if value.__class__ is not dict:
            raise ResponseParserError(f"{name} is a {type(value).__name__} instead of an object.")
        left_out: list[str] = []
        for key, held in value.items():
            if held.__class__ is plain(key, _Unknown):
                continue
            inner = reader_of(key)
            if inner is None or held is None:
                left_out.append(key)
            else:
                value[key] = inner(held)
        for key in left_out:
            del value[key]
        return value

    return read


def _renaming(read: Reader, names: dict[str, str]) -> Reader:
    def renamed(value: Any) -> Any:
        found = read(value)
        return None if found is None else {name: found[wire] for name, wire in names.items() if wire in found}

    return renamed


def _union(name: str, known: frozenset[str], read: Reader) -> Reader:
    def read_union(value: Any) -> Any:
        if value.__class__ is not dict:
            return read(value)
        held = [key for key, member in value.items() if member is not None and key != "__type"]
        if len(held) != 1:
            raise ResponseParserError(f"{name} must have exactly one member, not {len(held)}.")
        return read(value) if held[0] in known else {"SDK_UNKNOWN_MEMBER": {"name": next(iter(value))}}

    return read_union


def _list(inner: Reader | None) -> Reader:
    def read(value: Any) -> Any:
        if value.__class__ is not list:
            raise ResponseParserError(f"there is a {type(value).__name__} instead of a list in the answer.")
        if inner is None:
            return value
        return [None if item is None else inner(item) for item in cast("Iterable[Any]", value)]

    return read


def _map(read_key: Reader | None, read_value: Reader | None) -> Reader:
    def read(value: Any) -> Any:
        if value.__class__ is not dict:
            raise ResponseParserError(f"there is a {type(value).__name__} instead of a map in the answer.")
        if read_key is None and read_value is None:
            return value
        keys, values = read_key or _same, read_value or _same
        return {keys(key): values(held) for key, held in value.items()}

    return read


def _same(value: Any) -> Any:
    return value


class _Unknown:
    """The type of nothing."""


_PLAIN: dict[str, type] = {
    "string": str,
    "character": str,
    "boolean": bool,
    "integer": int,
    "long": int,
    "float": float,
    "double": float,
}
_CONVERTED: dict[str, Reader] = {
    "boolean": ensure_boolean,
    "integer": int,
    "long": int,
    "float": float,
    "double": float,
}
