"""What an operation names: ids and names as they stand, or put together as the SDKs of Azure and GCP take them. Pure.

Those SDKs take a thing's id in parts (`resource_group_name="web", vm_name="vm-1"`; `project=…, zone=…, instance=…`).
A part alone names nothing: `web` may be a group, a machine and a project.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from escher.contract.estate import Resource
from escher.contract.plan import Operation
from escher.contract.reach import FREE_VALUES

_GROUP = "resource_group_name"
_PLACES = ("zone", "region", "location")
_SINGULAR = {"addresses": "address"}


@dataclass(frozen=True, slots=True)
class Naming:
    """Whether an operation names one of its targets, and every word by which it may reach something else."""

    is_targeted: bool
    others: frozenset[str]


def naming(operation: Operation, targets: Sequence[Resource]) -> Naming:
    """What an operation names, beside its targets."""
    own = frozenset(word for target in targets for word in _names_of(target))
    if "." in operation.operation and operation.provider == "azure":
        return _in_azure(operation.parameters, own)
    if "." in operation.operation and operation.provider == "gcp":
        return _in_google(operation.parameters, own, targets)
    words = frozenset(_strings(operation.parameters))
    return Naming(bool(words & own), words - own)


def _names_of(target: Resource) -> Iterator[str]:
    """Its ids; of GCP also the name without its host, by number or by word, and a bucket as its CLI writes it."""
    yield from (target.resource_id, target.identifier)
    if target.provider == "gcp":
        host, _, path = target.resource_id.removeprefix("//").partition("/")
        yield path
        if parent := path.rpartition("/")[0]:
            yield f"{parent}/{target.identifier}"
        if host == "storage.googleapis.com":
            yield f"gs://{target.identifier}"


def _in_azure(parameters: Mapping[str, Any], own: frozenset[str]) -> Naming:
    """The group and the names become paths as the estate has them: `web/vm-1`; of a child of a target its parent too."""
    names = [key for key in parameters if key.endswith("_name") and key != _GROUP and _is_text(parameters[key])]
    group = [parameters[_GROUP]] if names and _is_text(parameters.get(_GROUP)) else []
    values = [parameters[key] for key in names]
    qualified = {"/".join((*group, *values[: depth + 1])) for depth in range(len(values) if group else 0)}
    plain = {"/".join(values[: depth + 1]) for depth in range(len(values))}
    paths = next((some for some in (qualified, plain) if some & own), qualified | plain)
    taken = (*names, _GROUP) if names else ()
    rest = frozenset(_strings({key: value for key, value in parameters.items() if key not in taken}))
    parents = {word.rsplit("/", depth)[0] for word in own for depth in range(1, word.count("/") + 1)}
    return Naming(bool((paths | rest) & own), frozenset(((paths - parents) | rest) - own))


def _in_google(parameters: Mapping[str, Any], own: frozenset[str], targets: Sequence[Resource]) -> Naming:
    """`project`, `zone` and `instance` name a machine; any of them alone does not."""
    parts = [found for target in targets if (found := _parts_of(target, parameters))]
    rest = {key: value for key, value in parameters.items() if not any(key in found for found in parts)}
    words = frozenset(_strings(rest))
    return Naming(bool(parts) or bool(words & own), words - own)


def _parts_of(target: Resource, parameters: Mapping[str, Any]) -> frozenset[str]:
    """The parameters that together are a target's name; none when they are another's."""
    segments = target.resource_id.removeprefix("//").split("/")
    pairs = dict(zip(segments[1::2], segments[2::2], strict=False))
    collection, name = segments[-2:] if len(segments) > 1 else ("", "")
    own_keys = {_SINGULAR.get(collection) or collection.removesuffix("s"), "resource"} & parameters.keys()
    wanted = dict.fromkeys(own_keys, name) | {"project": pairs.get("projects", "")}
    wanted |= {place: value for place in _PLACES if (value := pairs.get(f"{place}s"))}
    given = {key: value for key, value in wanted.items() if key in parameters}
    is_it = bool(own_keys) and all(parameters[key] == value for key, value in given.items())
    return frozenset(given) if is_it else frozenset()


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value)


def _strings(node: Any) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, Mapping):
        for key, value in node.items():
            if key not in FREE_VALUES:
                yield from _strings(value)
    elif isinstance(node, list | tuple):
        for value in node:
            yield from _strings(value)
