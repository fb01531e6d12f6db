"""The parameter `fields`: only these of an answer, as in `items(name,labels/env),nextPageToken`."""

from __future__ import annotations

from typing import Any

from escher.demo.clouds.gcp.errors import ApiError
from escher.demo.clouds.gcp.state import Json

Mask = dict[str, Any]


def masked(answer: Json, fields: str) -> Json:
    """The answer with only the named fields; all of it without a name."""
    if not fields:
        return answer
    mask, rest = _parse(fields)
    if rest:
        raise ApiError(400, f"Invalid field selection {fields}", "invalidParameter")
    return _pick(answer, mask)


def _pick(value: Any, mask: Mask) -> Any:
    if not mask or "*" in mask:
        return value
    if isinstance(value, list):
        return [_pick(item, mask) for item in value]
    if not isinstance(value, dict):
        return value
    return {name: _pick(inner, mask[name]) for name, inner in value.items() if name in mask}


def _parse(text: str) -> tuple[Mask, str]:
    """The mask at the start of a text and what is left of it."""
    mask: Mask = {}
    while text and text[0] != ")":
        end = min((place for sign in ",()/" if (place := text.find(sign)) >= 0), default=len(text))
        inner, name, text = mask, text[:end].strip(), text[end:]
        inner = inner.setdefault(name, {})
        while text.startswith("/"):
            end = min((place for sign in ",()/" if (place := text.find(sign, 1)) >= 0), default=len(text))
            inner, text = inner.setdefault(text[1:end].strip(), {}), text[end:]
        if text.startswith("("):
            below, text = _parse(text[1:])
            inner.update(below)
            text = text[1:]
        text = text.removeprefix(",")
    return mask, text
