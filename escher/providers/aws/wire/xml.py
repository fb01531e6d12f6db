"""Readers of XML answers, made once from botocore's output shapes: EC2, query and REST-XML services.

A reader walks an element's children and looks each up by its tag, where botocore looks each member of the shape up
among the children. What both yield is equal; where an answer contradicts its model, a reader raises.
"""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Callable
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, XMLParser

from botocore.parsers import ResponseParserError

from escher.providers.aws.wire.times import moment

Reader = Callable[[Element], Any]

_LOCATED = ("header", "headers", "statusCode")
_MOST_NAMES = 2_000
# Atomic, so that a long prolog takes no longer than it is long.
_PROLOG = re.compile(rb"(?:\xef\xbb\xbf)?(?>\s+|<\?(?>.*?\?>)|<!--(?>.*?-->))*+<!DOCTYPE", re.DOTALL)
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


class _Slot(NamedTuple):
    """Where a child goes: the member's name, what reads it (None: its text), and what else is to be done.

    `many` is list or map for one of several children, unknown for one to be left out, shared where several members
    have the same tag, which are in `others`.
    """

    name: str
    read: Reader | None
    many: str = ""
    others: tuple[_Slot, ...] = ()


_UNKNOWN = _Slot("", None, "unknown")


class _Slots(dict[str, _Slot]):
    """The slots by tag."""

    def put(self, tag: str, slot: _Slot) -> None:
        """Give a tag to a member; S3 has members that share one."""
        held = self.get(tag)
        self[tag] = slot if held is None else _Slot("", None, "shared", (held, slot))

    def learnt(self, tag: str) -> _Slot:
        """The slot of a tag that was not seen before: it may be in a namespace, and is known from now on."""
        slot = self.get(tag.rpartition("}")[2], _UNKNOWN)
        if len(self) < _MOST_NAMES:
            self[tag] = slot
        return slot


def parse(body: bytes) -> Element:
    """The root of a document. Raises ResponseParserError for what is not XML, and for a document type with entities."""
    refuse_entities(body)
    parser = XMLParser(target=TreeBuilder(), encoding="utf-8")  # noqa: S314 - entities are refused above
    try:
        parser.feed(body)
        return parser.close()
    except ParseError as cause:
        raise ResponseParserError(f"the answer is not valid XML ({cause}).") from None


def refuse_entities(body: bytes) -> None:
    """Raise ResponseParserError for a document that declares its type: AWS sends none, and entities blow up in memory."""
    if body.startswith(_UTF_16) or (b"<!DOCTYPE" in body and _PROLOG.match(body)):
        raise ResponseParserError("the answer is no answer of AWS: it declares a document type, or is not UTF-8.")


def local(tag: str) -> str:
    """A tag without its namespace."""
    return tag.rpartition("}")[2]


def knows(shape: Any, root: Element) -> bool:
    """Whether a child of the root is a member of the shape, or there is none: no other document looks like that."""
    names = {_tag(member, name) for name, member in shape.members.items()}
    return not len(root) or any(local(child.tag) in names for child in root)


def reader(shape: Any, made: dict[str, Reader] | None = None) -> Reader:
    """What reads an element of this shape."""
    made = {} if made is None else made
    match shape.type_name:
        case "structure":
            return _structure(shape, made)
        case "list":
            return _list(shape, made)
        case "map":
            return _map(shape, made)
        case kind:
            return _SCALARS.get(kind, _text)


def _structure(shape: Any, made: dict[str, Reader]) -> Reader:
    if shape.name in made:
        return made[shape.name]
    slots = _Slots()
    find = slots.get
    attributes: list[tuple[str, str]] = []

    def read(node: Element) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for child in node:
            slot = find(child.tag) or slots.learnt(child.tag)
            name, read_child, many, _ = slot
            if many:
                _add(found, slot, child)
            elif name not in found:
                found[name] = (child.text or "") if read_child is None else read_child(child)
        return found

    def read_with_attributes(node: Element) -> dict[str, Any]:
        found = read(node)
        for name, wanted in attributes:
            prefix = wanted.partition(":")[0]
            for key, value in node.attrib.items():
                if re.sub("{.*}", prefix + ":", key) == wanted:
                    found.setdefault(name, value)
        return found

    attributes += [
        (name, member.serialization["name"])
        for name, member in shape.members.items()
        if member.serialization.get("xmlAttribute")
    ]
    chosen = read_with_attributes if attributes else read
    chosen = _union(shape, chosen) if shape.is_tagged_union else chosen
    made[shape.name] = chosen
    for name, member in shape.members.items():
        if member.serialization.get("location") not in _LOCATED and not member.serialization.get("eventheader"):
            slots.put(_tag(member, name), _slot(name, member, made))
    return chosen


def _slot(name: str, member: Any, made: dict[str, Reader]) -> _Slot:
    if member.serialization.get("flattened") and member.type_name == "list":
        return _Slot(name, _leaf(member.member, made), "list")
    if member.serialization.get("flattened") and member.type_name == "map":
        return _Slot(name, _entry(member, made), "map")
    return _Slot(name, _leaf(member, made))


def _leaf(shape: Any, made: dict[str, Reader]) -> Reader | None:
    """A reader, or None where only the text is wanted: that is most of all, and saves a call."""
    read = reader(shape, made)
    return None if read is _text else read


def _add(found: dict[str, Any], slot: _Slot, child: Element) -> None:
    name, read, many, others = slot
    if many == "list":
        found.setdefault(name, []).append((child.text or "") if read is None else read(child))
    elif many == "map" and read is not None:
        found.setdefault(name, {}).update(read(child))
    elif not many and name not in found:
        found[name] = (child.text or "") if read is None else read(child)
    for other in others:
        _add(found, other, child)


def _list(shape: Any, made: dict[str, Reader]) -> Reader:
    read = _leaf(shape.member, made)
    if read is None:
        return lambda node: [child.text or "" for child in node]
    return lambda node: [read(child) for child in node]


def _map(shape: Any, made: dict[str, Reader]) -> Reader:
    read_entry = _entry(shape, made)

    def read(node: Element) -> dict[Any, Any]:
        found: dict[Any, Any] = {}
        for entry in node:
            found.update(read_entry(entry))
        return found

    return read


def _entry(shape: Any, made: dict[str, Reader]) -> Reader:
    key_tag = shape.key.serialization.get("name") or "key"
    value_tag = shape.value.serialization.get("name") or "value"
    read_key, read_value = reader(shape.key, made), reader(shape.value, made)

    def read(entry: Element) -> dict[Any, Any]:
        pair = {local(child.tag): child for child in entry}
        if pair.keys() != {key_tag, value_tag}:
            raise ResponseParserError(f"an entry of a map holds {sorted(pair)} instead of a key and a value.")
        return {read_key(pair[key_tag]): read_value(pair[value_tag])}

    return read


def _union(shape: Any, read: Reader) -> Reader:
    known = {member.serialization.get("name", name) for name, member in shape.members.items()}

    def read_union(node: Element) -> dict[str, Any]:
        tags = list(dict.fromkeys(local(child.tag) for child in node))
        if len([tag for tag in tags if tag != "__type"]) != 1:
            raise ResponseParserError(f"{shape.name} must have exactly one member, not {len(tags)}.")
        return read(node) if tags[0] in known else {"SDK_UNKNOWN_MEMBER": {"name": tags[0]}}

    return read_union


def _tag(member: Any, name: str) -> str:
    if member.type_name == "list" and member.serialization.get("flattened"):
        inner = member.member.serialization.get("name")
        if inner is not None:
            return str(inner)
    return str(member.serialization.get("name", name))


def _text(node: Element) -> str:
    return node.text or ""


_SCALARS: dict[str, Reader] = {
    "boolean": lambda node: node.text == "true",
    "integer": lambda node: int(node.text or ""),
    "long": lambda node: int(node.text or ""),
    "float": lambda node: float(node.text or ""),
    "double": lambda node: float(node.text or ""),
    "timestamp": lambda node: moment(node.text or ""),
    "blob": lambda node: b64decode(node.text or ""),
}
