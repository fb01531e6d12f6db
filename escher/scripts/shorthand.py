"""The AWS CLI's shorthand for structures: `Key=Name,Values=a,b` and `Key={A=1,B=[x,y]}`. Pure.

The grammar is that of the CLI (its user guide, "Using shorthand syntax"); `@=`, which reads a file, is refused.
"""

from __future__ import annotations

import re
from typing import Any

from escher.apis.shapes import Shape

_BLANK = re.compile(r"\s*")
_KEY = re.compile(r"[A-Za-z0-9_.#/:-]*")
_START = r"(?:\\,|[!#-&(-+\--<>-Z\\-z|-\uffff])"
_VALUE = re.compile(_START + r"(?:\\,|[\s!#-&(-+\--\\^-|~-\uffff])*")
_FOLLOWING = re.compile(_START + r"(?:\\,|[\s!#-&(-+\--<>-\uffff])*")
_QUOTED = {"'": re.compile(r"'(?:\\'|[^'])*'"), '"': re.compile(r'"(?:\\"|[^"])*"')}


class ShorthandError(ValueError):
    """A text that is no shorthand."""


def parse(text: str) -> dict[str, Any]:
    """The object that a shorthand text stands for, all values as text. Raises ShorthandError."""
    reader = _Reader(text)
    found: dict[str, Any] = {}
    while True:
        key, value = reader.pair(reader.values)
        if key in found:
            raise ShorthandError(f"the key {key!r} is given twice")
        found[key] = value
        if reader.at_end:
            return found
        reader.expect(",")


def fitted(shape: Shape, value: Any) -> Any:
    """Parsed shorthand with the types that the shape asks for. Raises ShorthandError for a number that is none."""
    if shape.type == "structure" and isinstance(value, dict):
        return {
            name: fitted(shape.members[name], part) if name in shape.members else part for name, part in value.items()
        }
    if shape.type == "map" and isinstance(value, dict):
        return {name: fitted(shape.value, part) for name, part in value.items()}
    if shape.type == "list":
        return [fitted(shape.element, part) for part in (value if isinstance(value, list) else [value])]
    return _scalar(shape, value) if isinstance(value, str) else value


def _scalar(shape: Shape, text: str) -> Any:
    try:
        if shape.type == "integer":
            return int(text)
        if shape.type == "float":
            return float(text)
    except ValueError as cause:
        raise ShorthandError(f"{text!r} is not a number") from cause
    if shape.type == "boolean":
        return {"true": True, "false": False}.get(text.lower(), text)
    if shape.type in ("document", "json"):
        raise ShorthandError("a free-form value cannot be given as shorthand; give the parameter as JSON")
    return text


class _Reader:
    """A place in a text, and the rules of the grammar as methods that move it on."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    @property
    def at_end(self) -> bool:
        return self._at >= len(self._text)

    @property
    def _next(self) -> str:
        return self._text[self._at : self._at + 1]

    def expect(self, character: str) -> None:
        self._skip_blank()
        if self._next != character:
            raise ShorthandError(f"{character!r} is expected before {self._text[self._at :][:20]!r}")
        self._at += 1
        self._skip_blank()

    def pair(self, values: Any) -> tuple[str, Any]:
        """`key=values`."""
        key = self._take(_KEY)
        self._skip_blank()
        if self._next == "@":
            raise ShorthandError("'@=' reads a file")
        self.expect("=")
        return key, values()

    def values(self) -> Any:
        """One value, or several with commas between them as a list."""
        if self._next in ("[", "{"):
            return self._value()
        first = self._value()
        self._skip_blank()
        if self._next != ",":
            return first
        self.expect(",")
        found = [first]
        while (following := self._following()) is not None:
            found.append(following)
            if self.at_end:
                break
            self.expect(",")
        return found if len(found) > 1 else first

    def _following(self) -> str | None:
        """The next value of a list; None, and back before its comma, when it is the next pair's key."""
        start = self._at
        value = self._quoted() if self._next in _QUOTED else self._plain(_FOLLOWING)
        self._skip_blank()
        if value is not None and (self.at_end or self._next == ","):
            return value
        if value is None and self.at_end:
            raise ShorthandError("a value is missing at the end")
        self._at = self._text.rindex(",", 0, start)
        return None

    def _value(self) -> Any:
        if self._next == "[":
            return self._list()
        if self._next == "{":
            return self._object()
        return self._quoted() if self._next in _QUOTED else self._plain(_VALUE) or ""

    def _list(self) -> list[Any]:
        self.expect("[")
        found: list[Any] = []
        while self._next != "]":
            found.append(self._value())
            self._separate("]")
        self._at += 1
        return found

    def _object(self) -> dict[str, Any]:
        self.expect("{")
        found: dict[str, Any] = {}
        while self._next != "}":
            key, value = self.pair(self._value)
            found[key] = value
            self._separate("}")
        self._at += 1
        return found

    def _separate(self, closing: str) -> None:
        self._skip_blank()
        if self._next != closing:
            self.expect(",")

    def _quoted(self) -> str:
        quote = self._next
        found = self._match(_QUOTED[quote])
        if found is None:
            raise ShorthandError(f"the quote {quote} is not closed")
        return found[1:-1].replace(f"\\{quote}", quote).replace("\\\\", "\\")

    def _plain(self, pattern: re.Pattern[str]) -> str | None:
        found = self._match(pattern)
        return None if found is None else found.replace("\\,", ",").rstrip()

    def _take(self, pattern: re.Pattern[str]) -> str:
        return self._match(pattern) or ""

    def _match(self, pattern: re.Pattern[str]) -> str | None:
        found = pattern.match(self._text, self._at)
        if found is None:
            return None
        self._at = found.end()
        return found.group()

    def _skip_blank(self) -> None:
        self._take(_BLANK)
