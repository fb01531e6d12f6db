"""The contract: closed, canonical, exported."""

from __future__ import annotations

import json
import re

import pytest
from pydantic import ValidationError

from escher.contract.events import EVENT
from escher.contract.schema import schema
from escher.contract.understanding import Conditions, Understanding
from escher.contract.wire import canonical, digest


def test_an_unknown_field_is_refused() -> None:
    """A model takes its own fields and no other."""
    with pytest.raises(ValidationError):
        Conditions.model_validate({"regions": ["us-east-1"], "surprise": 1})


def test_class_is_called_class_on_the_wire() -> None:
    """The Python name never crosses."""
    understood = Understanding.model_validate({"class": "query", "action": "list", "confidence": 1})
    assert understood.model_dump(mode="json")["class"] == "query"


def test_equal_documents_have_equal_digests() -> None:
    """The order of keys does not matter to canonical JSON."""
    assert digest({"b": 1, "a": [1.0, "é"]}) == digest({"a": [1, "é"], "b": 1})
    assert canonical({"b": 1, "a": 2}) == b'{"a":2,"b":1}'


def test_every_closed_word_is_exported() -> None:
    """Checks from outside find class, action, kind, risk, effect, filters and parameters as closed definitions."""
    definitions = schema()["$defs"]
    for name in ("class", "action", "kind", "risk", "effect"):
        assert definitions[name]["enum"]
    for name in ("Filters", "Parameters", "Selector", "Plan", "Reply"):
        assert definitions[name]["additionalProperties"] is False


def test_what_a_command_prints_is_exported() -> None:
    """Each leads to closed definitions that are there."""
    exported = schema()
    assert exported["commands"]["estate --coverage"]["items"] == {"$ref": "#/$defs/ScopeRow"}
    assert exported["$defs"]["ScopeRow"]["additionalProperties"] is False
    named = set(re.findall(r'"#/\$defs/(\w+)"', json.dumps(exported["commands"])))
    assert named and named <= exported["$defs"].keys()


def test_an_event_is_found_by_its_type() -> None:
    """The event's name is its type, and an unknown one is refused."""
    assert EVENT.validate_python({"type": "stream", "seq": 1, "content": "x"}).type == "stream"
    with pytest.raises(ValidationError):
        EVENT.validate_python({"type": "surprise"})
