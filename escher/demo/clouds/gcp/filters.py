"""The filter languages of the APIs, as far as the demo understands them: comparisons, AND, OR, NOT, parentheses.

`=`, `!=`, `<`, `>`, `<=`, `>=` compare; `:` means contains, `field:*` present; `eq` and `ne` match a whole regular
expression, `=~` a part of one; a bare word looks in every text. Terms side by side must all hold.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from escher.demo.clouds.gcp.errors import ApiError

Test = Callable[[Any], bool]
_TOKEN = re.compile(
    r"""\s*(?:(?P<paren>[()])|(?P<op>=~|!=|<=|>=|=|<|>|:)|"(?P<double>(?:\\.|[^"\\])*)"|'(?P<single>[^']*)'|(?P<word>[^\s()=!<>:"']+))"""
)
_WORDS = {"eq": "eq", "ne": "ne"}


def matching(text: str) -> Test:
    """The test that a filter is. An empty one lets all pass. Raises ApiError if it is not understood."""
    if not text.strip():
        return lambda found: True
    parser = _Parser(_tokens(text))
    test = parser.either()
    if parser.left():
        raise _wrong(text)
    return test


def _tokens(text: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    place = 0
    while text[place:].strip():
        match = _TOKEN.match(text, place)
        if match is None or match.lastgroup is None:
            raise _wrong(text)
        kind = match.lastgroup
        value = match[kind]
        found.append(("text" if kind in ("double", "single") else kind, re.sub(r"\\(.)", r"\1", value)))
        place = match.end()
    return found


class _Parser:
    """Recursive descent over the tokens."""

    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self._tokens, self._place = tokens, 0

    def left(self) -> bool:
        return self._place < len(self._tokens)

    def either(self) -> Test:
        tests = [self._both()]
        while self._take("word", "OR"):
            tests.append(self._both())
        return lambda found: any(test(found) for test in tests)

    def _both(self) -> Test:
        tests = [self._one()]
        while self.left() and not self._at("word", "OR") and not self._at("paren", ")"):
            self._take("word", "AND")
            tests.append(self._one())
        return lambda found: all(test(found) for test in tests)

    def _one(self) -> Test:
        if self._take("word", "NOT") or self._take("word", "-"):
            negated = self._one()
            return lambda found: not negated(found)
        if self._take("paren", "("):
            inner = self.either()
            if not self._take("paren", ")"):
                raise _wrong("(")
            return inner
        return self._comparison()

    def _comparison(self) -> Test:
        _, name = self._next()
        if name == "log_id" and self._take("paren", "("):
            _, value = self._next()
            self._take("paren", ")")
            return comparison("logName", ":", value.replace("/", "%2F"))
        if self._at("op") or (self._at("word") and self._tokens[self._place][1] in _WORDS):
            _, operator = self._next()
            if self._take("paren", "("):
                return self._alternatives(name, operator)
            _, value = self._next()
            return comparison(name, operator, value)
        return lambda found: any(name.lower() in text.lower() for text in _texts(found))

    def _alternatives(self, name: str, operator: str) -> Test:
        values: list[str] = []
        while not self._take("paren", ")"):
            _, value = self._next()
            if value not in ("OR", ","):
                values.append(value)
        tests = [comparison(name, operator, value) for value in values]
        return lambda found: any(test(found) for test in tests)

    def _at(self, kind: str, value: str = "") -> bool:
        if not self.left():
            return False
        found_kind, found = self._tokens[self._place]
        return found_kind == kind and value in ("", found)

    def _take(self, kind: str, value: str) -> bool:
        if self._at(kind, value):
            self._place += 1
            return True
        return False

    def _next(self) -> tuple[str, str]:
        if not self.left():
            raise _wrong("its end")
        self._place += 1
        return self._tokens[self._place - 1]


def comparison(name: str, operator: str, value: str) -> Test:
    """The test of one field, a path with dots; lists are searched."""
    return lambda found: _compare([_plain(item) for item in _at_path(found, name.split("."))], operator, value)


def _compare(found: list[str], operator: str, value: str) -> bool:
    if operator in ("!=", "ne"):
        return not _compare(found, {"!=": "=", "ne": "eq"}[operator], value)
    if operator == ":":
        return bool(found) if value == "*" else any(value.lower().strip("*") in item.lower() for item in found)
    if operator == "=":
        pattern = re.escape(value).replace(r"\*", ".*")
        return any(re.fullmatch(pattern, item, re.IGNORECASE) for item in found)
    if operator in ("eq", "=~"):
        matched = re.fullmatch if operator == "eq" else re.search
        return any(matched(value, item) for item in found)
    return any(_ordered(item, operator, value) for item in found)


def _ordered(item: str, operator: str, value: str) -> bool:
    left: Any = item
    right: Any = value
    if re.fullmatch(r"-?[\d.]+", item) and re.fullmatch(r"-?[\d.]+", value):
        left, right = float(item), float(value)
    elif item.endswith("Z") and value.endswith("Z"):
        left, right = _moment(item), _moment(value)
    return {"<": left < right, ">": left > right, "<=": left <= right, ">=": left >= right}[operator]


def _moment(text: str) -> str:
    """A time of day in UTC with nine digits of a second, so that texts compare as times."""
    seconds, _, fraction = text.removesuffix("Z").partition(".")
    return f"{seconds}.{fraction:0<9}"


def _at_path(found: Any, path: list[str]) -> list[Any]:
    if isinstance(found, list):
        return [item for inner in found for item in _at_path(inner, path)]
    if not path:
        return [] if found is None else [found]
    if not isinstance(found, dict):
        return []
    return _at_path(found.get(path[0]), path[1:])


def _plain(item: Any) -> str:
    return str(item).lower() if isinstance(item, bool) else str(item)


def _texts(found: Any) -> list[str]:
    if isinstance(found, dict):
        return [text for inner in found.values() for text in _texts(inner)]
    if isinstance(found, list):
        return [text for inner in found for text in _texts(inner)]
    return [_plain(found)]


def _wrong(text: str) -> ApiError:
    return ApiError(400, f"Invalid value for field 'filter': '{text}'. Invalid list filter expression.", "invalid")
