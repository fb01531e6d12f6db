"""Google's own description of its APIs, as routes and schemas. Documents are read when the first call needs them."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

VERSION = re.compile(r"v\d+((alpha|beta)\d*)?$")
_READ_BY_PEOPLE = ("description", "enumDescriptions", "documentationLink", "annotations", "icons", "auth", "scopes")


@dataclass(frozen=True, slots=True)
class Method:
    """A method of an API. `segments` is its whole path, parameters as `{}`; `custom` is what follows a colon in it."""

    id: str
    verb: str
    segments: tuple[str, ...]
    custom: str
    parameters: dict[str, Any]
    request: str
    response: str

    @property
    def name(self) -> str:
        """The last word of the id: `list` of `compute.instances.list`."""
        return self.id.rpartition(".")[2]

    @property
    def literals(self) -> int:
        """How many parts of the path are fixed; the more, the better a match."""
        return sum(segment != "{}" for segment in self.segments)

    def fits(self, segments: list[str]) -> bool:
        """Whether a path of as many segments is one of this method's."""
        return all(mine in ("{}", given) for mine, given in zip(self.segments, segments, strict=True))


@dataclass(slots=True)
class Document:
    """One version of an API."""

    api: str
    version: str
    title: str
    schemas: dict[str, Any]
    parameters: dict[str, Any]
    methods: dict[tuple[str, int, str], list[Method]] = field(default_factory=lambda: defaultdict(list))

    def route(self, verb: str, path: str) -> Method | None:
        """The method that answers a path (without leading slash)."""
        segments = path.split("/")
        last, _, custom = segments[-1].partition(":")
        found = self._best(verb, [*segments[:-1], last], custom) if custom else None
        return found or self._best(verb, segments, "")

    def _best(self, verb: str, segments: list[str], custom: str) -> Method | None:
        fitting = [method for method in self.methods.get((verb, len(segments), custom), ()) if method.fits(segments)]
        return max(fitting, key=lambda method: method.literals, default=None)

    def kind(self, schema: str) -> str:
        """What objects of a schema carry as `kind`; empty where they carry none."""
        return self.properties(schema).get("kind", {}).get("default", "")

    def properties(self, schema: str) -> dict[str, Any]:
        """The declared fields of a schema."""
        return self.schemas.get(schema, {}).get("properties", {})


@cache
def document(api: str, version: str) -> Document | None:
    """The document of a version of an API, None if Google has none."""
    path = _folder() / f"{api}.{version}.json"
    if not path.exists():
        return None
    raw = json.loads(path.read_bytes(), object_hook=_without_prose)
    made = Document(api, version, raw.get("title", api), raw.get("schemas", {}), raw.get("parameters", {}))
    _collect(made, raw, raw.get("servicePath", ""))
    return made


def version_in(path: str) -> str:
    """The version that a path names, empty if none."""
    return next((part for part in path.split("/") if VERSION.match(part)), "")


def after_version(path: str) -> str:
    """What a path names within its API: `projects/p/zones` of `compute/v1/projects/p/zones`."""
    return path.partition(f"{version_in(path)}/")[2]


def _folder() -> Path:
    spec = find_spec("googleapiclient")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("The demo's GCP needs google-api-python-client. Run: pip install 'escher[demo]'")
    return Path(spec.origin).parent / "discovery_cache" / "documents"


def _without_prose(found: dict[str, Any]) -> dict[str, Any]:
    """An object without its texts; a property that happens to be called so is an object and stays."""
    for name in _READ_BY_PEOPLE:
        if isinstance(found.get(name), str | list):
            del found[name]
    return found


def _collect(made: Document, raw: dict[str, Any], service_path: str) -> None:
    for declared in raw.get("methods", {}).values():
        method = _method(declared, service_path)
        made.methods[method.verb, len(method.segments), method.custom].append(method)
    for inner in raw.get("resources", {}).values():
        _collect(made, inner, service_path)


def _method(declared: dict[str, Any], service_path: str) -> Method:
    path = service_path + (declared.get("flatPath") or declared["path"])
    path, _, custom = path.partition("}:") if "}:" in path else (path, "", "")
    path = path + "}" if custom else path
    if not custom and ":" in path:
        path, _, custom = path.partition(":")
    return Method(
        id=declared["id"],
        verb=declared["httpMethod"],
        segments=tuple("{}" if part.startswith("{") else part for part in path.split("/")),
        custom=custom,
        parameters=declared.get("parameters", {}),
        request=declared.get("request", {}).get("$ref", ""),
        response=declared.get("response", {}).get("$ref", ""),
    )
