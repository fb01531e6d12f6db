"""Write the methods of azure-mgmt's clients into `data/azure.zip`: `python -m escher.apis.build_azure_sdk`.

A tool for developers; nothing imports it. A method is spelt `virtual_machines.begin_deallocate`; bodies have the names of
the REST API, as the clients take them in plain dictionaries. What can be said of a method is stored in the form of
`catalogue`. The part of `escher.apis.build_azure` is kept.
"""

# pyright: reportPrivateUsage=false, reportUnknownMemberType=false

from __future__ import annotations

import importlib
import inspect
import typing
from collections.abc import Iterator, Mapping, MutableMapping
from enum import Enum
from importlib.metadata import version
from types import ModuleType, UnionType
from typing import Any

import typing_extensions

from escher.apis.archive import replace
from escher.apis.shapes import Reference

_MODULES = """
azure.mgmt.authorization azure.mgmt.compute azure.mgmt.containerservice azure.mgmt.cosmosdb azure.mgmt.keyvault
azure.mgmt.loganalytics azure.mgmt.monitor azure.mgmt.network azure.mgmt.resource.resources azure.mgmt.sql
azure.mgmt.storage azure.mgmt.web
"""
_SCALARS: Mapping[Any, str] = {str: "s", int: "i", float: "f", bool: "b"}
_UNSUPPORTED = ("IO", "datetime", "timedelta", "MatchConditions")


class _NoCredential:
    """Stands for a log-in; nothing here makes a call."""

    def get_token(self, *_scopes: str, **_options: object) -> None:
        raise NotImplementedError


def main() -> None:
    """Describe every client and write everything, the same bytes for the same packages."""
    documents: dict[str, Any] = {}
    clients: dict[str, str] = {}
    versions: dict[str, str] = {}
    for path in _MODULES.split():
        module = importlib.import_module(path)
        service = path.split(".")[2]
        client = next(name for name in module.__all__ if name.endswith("Client"))
        documents[service] = describe(module, getattr(module, client))
        clients[f"{path} {client}"] = service
        versions[f"azure-mgmt-{service}"] = version(f"azure-mgmt-{service}")
    index = {"versions": versions, "services": sorted(documents), "clients": clients, "local": []}
    replace("azure", "", {"index": index, **documents})


def describe(module: ModuleType, client: Any) -> dict[str, Any]:
    """One client as `catalogue` reads it."""
    shapes = _Shapes(module)
    operations = {
        f"{group}.{name}": [f"{module.__name__.removeprefix('azure.mgmt.')}.{group}.{name}", shapes.parameters(method)]
        for group, owner in _groups(client)
        for name, method in inspect.getmembers(owner, inspect.isfunction)
        if not name.startswith("_")
    }
    return {
        "operations": dict(sorted(operations.items())),
        "paged": [],
        "special": {name: {"cli": False} | ({"method": name} if "-" in name else {}) for name in sorted(operations)},
        "shapes": shapes.entries,
    }


def _groups(client: Any) -> Iterator[tuple[str, type]]:
    """The groups of operations that a client has as attributes, or as properties of one API version each."""
    made = client(_NoCredential(), "00000000-0000-0000-0000-000000000000")
    names = [name for name in dir(made) if not name.startswith("_") and name not in ("models", "close", "send_request")]
    for name in names:
        try:
            group = getattr(made, name)
        except (AttributeError, NotImplementedError, ValueError):
            continue
        if type(group).__name__.endswith("Operations"):
            yield name, type(group)


class _Shapes:
    """Entries of `shapes.Shape` that grow as types are met; each type is there once."""

    def __init__(self, module: ModuleType) -> None:
        self.entries: list[Any] = []
        self._seen: dict[str, int] = {}
        self._module = module.__name__

    def parameters(self, method: Any) -> Reference:
        """A structure of a method's parameters, in the order in which they may be given without names."""
        signature = inspect.signature(inspect.unwrap(method))
        members: dict[str, Reference] = {}
        for name, parameter in signature.parameters.items():
            if name == "self" or parameter.kind is inspect.Parameter.VAR_KEYWORD:
                continue
            required = parameter.default is inspect.Parameter.empty
            members[name + "!" * required] = self._of(parameter.annotation)
        return self._stored(repr(members), members)

    def _of(self, hint: Any) -> Reference:
        if isinstance(hint, str):
            return "D"
        if typing.get_origin(hint) in (typing.Union, UnionType):
            return self._union([part for part in typing.get_args(hint) if part is not type(None)])
        if typing.get_origin(hint) in (
            typing.Required,
            typing.NotRequired,
            typing_extensions.Required,
            typing_extensions.NotRequired,
        ):
            return self._of(typing.get_args(hint)[0])
        if typing.get_origin(hint) in (list, dict):
            kind = "list" if typing.get_origin(hint) is list else "map"
            return self._container(kind, [self._of(part) for part in typing.get_args(hint)])
        if hint in _SCALARS:
            return _SCALARS[hint]
        return self._structure(hint) if isinstance(hint, type) else "D"

    def _union(self, parts: list[Any]) -> Reference:
        """The plain dictionary out of `Union[Model, dictionary, file]`; a text out of `Union[str, Enum]`."""
        typed = [part for part in parts if typing_extensions.is_typeddict(part)]
        if typed:
            return self._of(typed[0]) if len(typed) == 1 else "D"
        plain = [part for part in parts if not getattr(part, "__name__", str(part)).startswith(_UNSUPPORTED)]
        plain = [part for part in plain if typing.get_origin(part) is not MutableMapping]
        plain = [part for part in plain if not (isinstance(part, type) and issubclass(part, Enum))]
        return self._of(plain[0]) if len(plain) == 1 else "D"

    def _container(self, kind: str, parts: list[Reference]) -> Reference:
        entry = ["list", *parts] if kind == "list" else ["map", *parts]
        return self._stored(repr(entry), entry)

    def _structure(self, kind: type) -> Reference:
        key = f"{kind.__module__}.{kind.__qualname__}"
        if key in self._seen:
            return self._seen[key]
        if typing_extensions.is_typeddict(kind):
            return self._reserved(key, lambda: self._of_dictionary(kind))
        if hasattr(kind, "_deserialize") and hasattr(kind, "as_dict") and not hasattr(kind, "_attribute_map"):
            return self._reserved(key, lambda: self._of_described(kind))
        if hasattr(kind, "_attribute_map") and not getattr(kind, "_subtype_map", None):
            return self._reserved(key, lambda: self._of_model(kind))
        return "D"

    def _reserved(self, key: str, make: typing.Callable[[], Any]) -> int:
        """A place for a structure before its members are described: one of them may be of the same type."""
        self._seen[key] = len(self.entries)
        self.entries.append(None)
        self.entries[self._seen[key]] = make()
        return self._seen[key]

    def _of_dictionary(self, kind: Any) -> dict[str, Reference]:
        hints = _hints(kind)
        return {
            name + "!" * (typing.get_origin(hint) in (typing.Required, typing_extensions.Required)): self._of(hint)
            for name, hint in hints.items()
        }

    def _of_described(self, kind: Any) -> dict[str, Reference]:
        """A newer model, whose fields know their names in the REST API; the model itself finds them when one is made."""
        kind()
        hints = _hints(kind)
        return {field._rest_name: self._of(hints.get(name, Any)) for name, field in kind._attr_to_rest_field.items()}

    def _of_model(self, kind: Any) -> dict[str, Any]:
        """An older model by its map of names; `properties.sku` lies inside `properties`."""
        tree: dict[str, Any] = {}
        for attribute in kind._attribute_map.values():
            *path, last = attribute["key"].replace("\\.", "\0").split(".")
            node = tree
            for step in path:
                node = node.setdefault(step.replace("\0", "."), {})
            node[last.replace("\0", ".")] = self._of_name(attribute["type"], kind)
        return {name: self._nested(part) for name, part in tree.items()}

    def _nested(self, part: Any) -> Reference:
        if not isinstance(part, dict):
            return part
        members = {name: self._nested(inner) for name, inner in part.items()}
        return self._stored(repr(members), members)

    def _of_name(self, name: str, owner: Any) -> Reference:
        """The type that an older model names by text: `str`, `[Sku]`, `{str}`, `Sku`."""
        if name[0] in "[{":
            inner = self._of_name(name[1:-1], owner)
            return self._container("list", [inner]) if name[0] == "[" else self._container("map", ["s", inner])
        found = getattr(importlib.import_module(owner.__module__.rpartition(".")[0]), name, None)
        if isinstance(found, type) and not issubclass(found, Enum):
            return self._structure(found)
        return {"str": "s", "int": "i", "float": "f", "bool": "b"}.get(name, "D")

    def _stored(self, key: str, entry: Any) -> int:
        if key not in self._seen:
            self._seen[key] = len(self.entries)
            self.entries.append(entry)
        return self._seen[key]


def _hints(owner: Any) -> dict[str, Any]:
    """The types of a dictionary's or model's fields; Any for one that only a type checker can tell."""
    found: dict[str, Any] = {}
    for kind in reversed(inspect.getmro(owner) if not typing_extensions.is_typeddict(owner) else (owner,)):
        names = {**vars(importlib.import_module(kind.__module__)), "_models": _models_of(kind)}
        for name, hint in vars(kind).get("__annotations__", {}).items():
            found[name] = _evaluated(hint, names)
    return found


def _models_of(kind: Any) -> ModuleType | None:
    """What `_models` stands for in the types of a package's models; they import it for type checkers only."""
    package, models, _ = kind.__module__.partition(".models")
    return importlib.import_module(f"{package}.models") if models else None


def _evaluated(hint: Any, names: Mapping[str, Any]) -> Any:
    holder = type("holder", (), {"__annotations__": {"field": hint}})
    try:
        return typing.get_type_hints(holder, dict(names), include_extras=True)["field"]
    except (NameError, TypeError, AttributeError, SyntaxError):
        return Any


if __name__ == "__main__":
    main()
