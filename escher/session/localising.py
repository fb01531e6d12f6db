"""Put real names where the server could only write aliases. What this returns is for the user's eyes, never for the wire."""

from __future__ import annotations

import re
from typing import Any, TypeVar

from escher.contract.ports import Resolver
from escher.contract.understanding import Clarification, Understanding

Model = TypeVar("Model", Understanding, Clarification)
_ALIAS = re.compile(r"\b[rat]\d{4,}\b")


def localise(text: str, resolver: Resolver) -> str:
    """The text with every alias replaced by what it stands for here."""
    return _ALIAS.sub(lambda found: resolver.value(found[0]), text)


def localised(model: Model, resolver: Resolver) -> Model:
    """The model with real names in every text of it."""
    return type(model).model_validate(_walk(model.model_dump(mode="json"), resolver))


def _walk(node: Any, resolver: Resolver) -> Any:
    if isinstance(node, dict):
        return {key: _walk(value, resolver) for key, value in node.items()}
    if isinstance(node, list):
        return [_walk(value, resolver) for value in node]
    return localise(node, resolver) if isinstance(node, str) else node
