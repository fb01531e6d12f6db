"""Compiled paths yield what jmespath's own interpreter yields, for all that is declared and for much that is not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jmespath
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jmespath.exceptions import JMESPathError
from jmespath.functions import Functions, signature

from escher.providers.declarations import ResourceType
from escher.providers.paths import is_false, search
from escher.providers.registry import resource_types
from tests.fixtures.paths_of import paths_of, results_of

FIXTURES = Path(__file__).parents[1] / "fixtures"
TYPES = tuple(resource_types().values())


class _WithTail(Functions):
    """The one function that is not of JMESPath."""

    @signature({"types": ["string", "null"]}, {"types": ["string"]})
    def _func_tail(self, text: str | None, separator: str) -> str | None:
        return text and (text[text.rindex(separator) + len(separator) :] if separator in text else text)


OPTIONS = jmespath.Options(custom_functions=_WithTail())


@pytest.mark.parametrize("declared", TYPES, ids=lambda declared: declared.name)
def test_declared_paths_yield_what_jmespath_yields(declared: ResourceType) -> None:
    """Every path of a declaration gives the same of every object in the type's recorded answers."""
    path = FIXTURES / declared.provider / f"{declared.name}.json"
    recorded = json.loads(path.read_text("utf-8")) if path.is_file() else {}
    records = [*_objects(recorded), *_detailed(declared, recorded)]
    for expression in [*paths_of(declared), *results_of(declared)]:
        ours, theirs = search(expression), jmespath.compile(expression)
        assert [_outcome(ours, one) for one in records] == [_outcome(_searching(theirs), one) for one in records]


# -- expressions that nobody declared ----------------------------------------------------------------------

KEYS = st.sampled_from(["A", "B", "C", "x-y"])
NAMES = st.sampled_from(["A", "B", "C", '"x-y"'])
TEXTS = st.sampled_from(["", "a", "b", "a/b", "arn:a"])
LITERALS = st.sampled_from(["'a'", "''", "`null`", "`0`", "`1`", "`0.0`", "`true`", "`false`", "`[]`", "`{}`", '`"a"`'])
COMPARED = st.sampled_from(["==", "!=", "<", "<=", ">", ">="])
SCALARS = st.none() | st.booleans() | st.integers(-1, 2) | st.sampled_from([0.0, 1.0, 1.5]) | TEXTS
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=12
)
RECORDS = st.dictionaries(KEYS, VALUES | st.lists(st.dictionaries(KEYS, VALUES, max_size=4), max_size=3), max_size=4)
FORMS = (
    "{0}.{name}",
    "{0}[]",
    "{0}[].{name}",
    "{0}[].{name}[]",
    "{0}[*].{name}",
    "{0}[0]",
    "{0}[-1].{name}",
    "{0}[:2]",
    "{0}.*",
    "{0}[?{1}]",
    "{0}[?{1}].{name}",
    "{0}[?{name} == {literal}].{name}",
    "{0}[?{1}] | [0].{name}",
    "{0} | {1}",
    "{0} || {1}",
    "{0} && {1}",
    "!{0}",
    "{0} {compared} {literal}",
    "{0} {compared} {1}",
    "[{0}, {1}]",
    "[{0}][?@]",
    "{{A: {0}, B: {1}}}",
)
CALLS = (
    "not_null({0}, {1})",
    "to_string({0})",
    "length(not_null({0}, `[]`))",
    "sum(not_null({0}, `[]`))",
    "contains(['a', 'b'], {0})",
    "starts_with({0}, 'a')",
    "{0}[?@ && starts_with(@, 'a')]",
    "join('-', {0})",
    "tail({0}, '/')",
)


def _larger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """The forms that declarations use, and others, around smaller expressions; few calls, as most refuse most values."""
    form = st.one_of(*[st.sampled_from(FORMS)] * 4, st.sampled_from(CALLS))
    part = inner.map(lambda text: text if text.isalnum() else f"({text})")
    return st.builds(str.format, form, part, part, name=NAMES, literal=LITERALS, compared=COMPARED)


EXPRESSIONS = st.recursive(NAMES | NAMES | LITERALS | st.just("@"), _larger, max_leaves=6)


@settings(deadline=None)
@given(expression=EXPRESSIONS, value=RECORDS | VALUES)
def test_any_path_yields_what_jmespath_yields(expression: str, value: Any) -> None:
    """The same value of the same type, or the same refusal."""
    assert _outcome(search(expression), value) == _outcome(_searching(jmespath.compile(expression)), value)


@settings(deadline=None)
@given(value=VALUES)
def test_what_is_false_is_what_jmespath_takes_for_false(value: Any) -> None:
    """Nothing and what is empty, but no number."""
    assert is_false(value) == (jmespath.search('@ || `"other"`', value) == "other" != value)


def test_an_empty_path_yields_nothing() -> None:
    """What is not declared is not known."""
    assert search("")({"A": 1}) is None


def _searching(compiled: Any) -> Any:
    return lambda value: compiled.search(value, options=OPTIONS)


def _outcome(find: Any, value: Any) -> str:
    """What comes of a search, told apart by type: 0, 0.0 and False are three things."""
    try:
        return repr(find(value))
    except (JMESPathError, TypeError) as refusal:  # `contains` raises a TypeError of its own
        return type(refusal).__name__


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    """Every object within a JSON value."""
    if isinstance(value, dict):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _objects(inner)


def _detailed(declared: ResourceType, recorded: Any) -> Iterator[dict[str, Any]]:
    """Listed things with the answers of the detail calls beside them, as a scan puts them together (AWS)."""
    if declared.provider != "aws":
        return
    last = declared.listing.batch or declared.listing
    listed = [one for data in _answers(recorded, last.operation) for one in jmespath.search(last.result, data) or ()]
    for number, one in enumerate(found for found in listed if isinstance(found, dict)):
        known = dict(one)
        for detail in declared.details:
            answers = _answers(recorded, detail.operation) or [{}]
            known[detail.into] = jmespath.search(detail.result, answers[number % len(answers)])
        yield known


def _answers(recorded: Any, operation: str) -> list[Any]:
    return [answer["data"] for answer in recorded.get(operation, ()) if "data" in answer]
