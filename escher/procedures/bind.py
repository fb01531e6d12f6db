"""Put values into a playbook's arguments. Pure: values never become code, they fill an argument or a JSON field.

Placeholders are those of `contract.playbook.ScriptCall`. An unknown one is an error, never an empty string.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from escher.contract.estate import Resource
from escher.contract.playbook import Argument, JsonArgument
from escher.errors import PlanRefused

_PLACEHOLDER = re.compile(r"\$\{([a-z_]+(?:\.[a-zA-Z0-9_:-]+)+(?:\[playbook\.[a-z0-9_]+\])?)\}")
_TAG_OF_PARAMETER = re.compile(r"tags\[playbook\.([a-z0-9_]+)\]")
# Bytes that one argument of a process may have on Linux (MAX_ARG_STRLEN), with the NUL at its end.
LONGEST = 128 * 1024 - 1
_NO_ARGUMENT = re.compile("[\0\ud800-\udfff]")
_TARGET_FIELDS = frozenset(
    {"identifier", "resource_id", "name", "region", "zone", "account_id", "resource_type", "state"}
)

Value = str | int | bool | float | None


@dataclass(frozen=True, slots=True)
class Bindings:
    """What placeholders stand for in one step: its targets, the playbook's parameters, and facts of the plan.

    `single` says that the step runs once a target, so a placeholder in JSON is that target's value, not a list.
    """

    targets: tuple[Resource, ...]
    parameters: Mapping[str, Value]
    plan: Mapping[str, str]
    single: bool


def bind(arguments: Sequence[Argument], given: Bindings) -> tuple[str, ...]:
    """The arguments a script gets. Raises PlanRefused for a placeholder that stands for nothing, or for no argument."""
    bound = tuple(text for argument in arguments for text in _bind_one(argument, given))
    if any(_NO_ARGUMENT.search(text) or len(text.encode()) > LONGEST for text in bound):
        raise PlanRefused("a value is too long for a program, or is no text.", hint="Give a shorter, plain value.")
    return bound


def has_all(needs: Sequence[str], given: Bindings) -> bool:
    """Whether every placeholder of `needs` stands for a value, for each of the targets."""
    targets: tuple[Resource | None, ...] = given.targets or (None,)
    found = [_PLACEHOLDER.fullmatch(need) for need in needs]
    return all(one and _lookup(one[1], given, target) is not None for one in found for target in targets)


def _bind_one(argument: Argument, given: Bindings) -> tuple[str, ...]:
    if isinstance(argument, JsonArgument):
        return (json.dumps(_fill(argument.json_, given), ensure_ascii=False, separators=(",", ":")),)
    if "${target." in argument:
        return tuple(_text(argument, given, target) for target in given.targets)
    return (_text(argument, given, None),)


def _fill(node: Any, given: Bindings) -> Any:
    if isinstance(node, dict):
        filled = {_plain(key, given): _fill(value, given) for key, value in node.items()}
        return {key: value for key, value in filled.items() if value is not None}
    if isinstance(node, list):
        return [item for part in node for item in _spread(part, given)]
    if isinstance(node, str):
        return _value(node, given)
    return node


def _spread(part: Any, given: Bindings) -> list[Any]:
    """A list item with a target in it becomes one item a target."""
    if isinstance(part, str) and "${target." in part:
        return [_text(part, given, target) for target in given.targets]
    return [_fill(part, given)]


def _value(text: str, given: Bindings) -> Any:
    whole = _PLACEHOLDER.fullmatch(text)
    if whole and whole[1].startswith("target."):
        whole_tags = whole[1] == "target.tags"
        values = [dict(one.tags) if whole_tags else _lookup(whole[1], given, one) for one in given.targets]
        return values[0] if given.single else values
    if whole:
        return _lookup(whole[1], given, None)
    return _plain(text, given)


def _plain(text: str, given: Bindings) -> str:
    target = given.targets[0] if given.single and given.targets else None
    return _text(text, given, target)


def _text(text: str, given: Bindings, target: Resource | None) -> str:
    return _PLACEHOLDER.sub(lambda found: _as_text(_lookup(found[1], given, target), found[1]), text)


def _as_text(value: Value, name: str) -> str:
    if value is None:
        raise PlanRefused(f"the plan needs a value for {name!r}, and there is none.", hint="Name it in the request.")
    return str(value).lower() if isinstance(value, bool) else str(value)


def _lookup(name: str, given: Bindings, target: Resource | None) -> Value:
    space, _, rest = name.partition(".")
    if space == "playbook" and rest in given.parameters:
        return given.parameters[rest]
    if space == "plan" and rest in given.plan:
        return given.plan[rest]
    if space == "target" and target is not None:
        return _of_target(rest, target, given.parameters)
    raise PlanRefused(f"the playbook uses ${{{name}}}, which stands for nothing here.", hint="Report the playbook.")


def _of_target(field: str, target: Resource, parameters: Mapping[str, Value]) -> Value:
    tag = _TAG_OF_PARAMETER.fullmatch(field)
    if tag:
        return target.tags.get(str(parameters.get(tag[1])))
    group, _, key = field.partition(".")
    if group == "attributes":
        return target.attributes.get(key)
    if group == "tags":
        return target.tags.get(key)
    if field in _TARGET_FIELDS:
        return getattr(target, field)
    raise PlanRefused(f"a target has no field {field!r}.", hint="Report the playbook.")
