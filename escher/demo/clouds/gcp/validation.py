"""Refuse what Google's own description of a method does not allow: parameters and bodies."""

from __future__ import annotations

import re
from typing import Any

from escher.demo.clouds.gcp.discovery import Document, Method
from escher.demo.clouds.gcp.errors import ApiError

_TYPES: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "boolean": bool,
    "integer": int,
    "number": (int, float),
    "array": list,
    "object": dict,
}
# Parameters that the newest documents no longer name, but that clients in use (gcloud among them) still send.
_RETIRED = {"returnPartialSuccess": {"type": "boolean"}}
_WIDE = frozenset({"int64", "uint64"})


def check_query(document: Document, method: Method, query: dict[str, list[str]]) -> None:
    """Raise ApiError for a parameter that is unknown, missing or out of bounds."""
    for name, values in query.items():
        declared = method.parameters.get(name) or document.parameters.get(name) or _RETIRED.get(name)
        if declared is None and not name.startswith("$"):
            raise _bad(
                f'Invalid JSON payload received. Unknown name "{name}": Cannot bind query parameter. '
                f"Field '{name}' could not be found in request message."
            )
        for value in values:
            _check_text(name, value, declared or {})
    for name, declared in method.parameters.items():
        if declared.get("required") and declared.get("location") == "query" and name not in query:
            raise ApiError(400, f"Required parameter: {name}", "required")


def check_body(document: Document, schema: str, body: Any) -> None:
    """Raise ApiError for a body that is not of its schema."""
    for problem in problems(document, {"$ref": schema}, body, ""):
        raise _bad(f"Invalid JSON payload received. {problem}")


def problems(document: Document, schema: dict[str, Any], value: Any, place: str) -> list[str]:
    """What is wrong with a value, as sentences. `null` stands for an absent value."""
    if "$ref" in schema:
        schema = document.schemas[schema["$ref"]]
    kind = schema.get("type", "any")
    if kind == "any" or value is None:
        return []
    if not _is(kind, schema, value):
        return [f"Invalid value at '{place}' ({kind}), {str(value)[:80]!r}"]
    if kind == "array":
        return [
            problem
            for number, item in enumerate(value)
            for problem in problems(document, schema["items"], item, f"{place}[{number}]")
        ]
    if kind == "object":
        return _in_object(document, schema, value, place)
    if value not in (schema.get("enum") or [value]):
        return [f"Invalid value at '{place}' ({kind}), {value!r}"]
    return []


def _in_object(document: Document, schema: dict[str, Any], value: dict[str, Any], place: str) -> list[str]:
    declared, others = schema.get("properties", {}), schema.get("additionalProperties")
    found: list[str] = []
    for name, inner in value.items():
        where = f"{place}.{name}" if place else name
        form = declared.get(name, others)
        if form is None:
            found.append(f"Unknown name \"{name}\" at '{place}': Cannot find field.")
        else:
            found += problems(document, form, inner, where)
    return found


def _is(kind: str, schema: dict[str, Any], value: Any) -> bool:
    if kind == "string" and schema.get("format") in _WIDE:
        return isinstance(value, str | int) and not isinstance(value, bool) and _whole(str(value))
    if kind in ("integer", "number") and isinstance(value, bool):
        return False
    return isinstance(value, _TYPES[kind])


def _whole(text: str) -> bool:
    return re.fullmatch(r"-?\d+", text) is not None


def _check_text(name: str, value: str, declared: dict[str, Any]) -> None:
    kind = declared.get("type", "string")
    if kind == "integer":
        _check_number(name, value, declared)
    if kind == "boolean" and value.lower() not in ("true", "false", "0", "1"):
        raise _bad(f"Invalid value for field '{name}': '{value}'. A boolean is expected.")
    if value not in (declared.get("enum") or [value]) and not value.isdigit():
        raise _bad(f"Invalid value for field '{name}': '{value}'.")


def _check_number(name: str, value: str, declared: dict[str, Any]) -> None:
    lowest, highest = int(declared.get("minimum", -(2**63))), int(declared.get("maximum", 2**63))
    if not _whole(value) or not lowest <= int(value) <= highest:
        raise ApiError(
            400,
            f"Invalid value for field '{name}': '{value}'. Values must be between {lowest} and {highest}.",
            "invalidParameter",
        )


def _bad(message: str) -> ApiError:
    return ApiError(400, message, "badRequest")
