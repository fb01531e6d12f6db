"""From what was read to the contract's fields: kinds, types, filters, quantity, parameters."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Literal, get_args

from escher.contract.context import RequestContext
from escher.contract.understanding import Filters, Parameter, Parameters
from escher.contract.vocabulary import CHANGE_ACTIONS, Action, Kind, Provider
from escher_server.agents.understanding.draft import Selection
from escher_server.agents.understanding.lexicon.nouns import Noun
from escher_server.agents.understanding.refining import CAPABLE, IMPLIED_KINDS, is_memory

_HOUR = re.compile(r"\d|noon|midnight")
_ID = re.compile(r"(?i)[a-z]{1,8}-[0-9a-f]{8,32}")
_IDS: dict[str, Kind] = {
    "i": "compute_instance", "vol": "disk", "snap": "snapshot", "sg": "firewall", "eipalloc": "ip_address", "vpc": "network",
    "subnet": "subnet", "ami": "image", "eni": "network_interface", "rtb": "route_table", "igw": "gateway", "nat": "gateway",
    "lt": "template", "tgw": "gateway", "vpce": "endpoint", "fs": "file_system",
}  # fmt: skip
_SIZED: dict[str, Kind] = {"db": "database_instance", "ca": "cache"}
# Done to a part or a setting of a thing, which may be named behind it: `set x on the web app y`.
_OF_OTHERS = frozenset(("attach", "detach", "update", "enable", "disable", "tag", "untag", "scale"))
_KINDS: tuple[Kind, ...] = get_args(Kind)


def kinds(action: Action, selection: Selection, context: RequestContext) -> tuple[Kind, ...]:
    """The kinds meant: said, left over after an exception, those of the things named, or implied by the action."""
    said = _kinds_of(action, selection.nouns)
    excluded = {noun.kind for noun in selection.excluded_nouns}
    if said == ("nosql_table",) and any(noun.kind == "database_instance" for noun in selection.related):
        return ("database_instance",)
    if said:
        return tuple(kind for kind in said if kind not in excluded) or said
    if selection.nouns:
        return _kinds_of(action, selection.related)
    if selection.related and action not in CHANGE_ACTIONS:
        return _kinds_of(action, selection.related)
    if excluded:
        able = CAPABLE.get(action, frozenset(_KINDS))
        return tuple(kind for kind in _KINDS if kind in able and kind not in excluded)
    if selection.everything and not selection.has_names:
        return _everything(action)
    named = _kinds_of_names(action, selection, context) or _kinds_told(action, selection)
    if named or selection.has_names or selection.everything or selection.generic:
        return named
    return (IMPLIED_KINDS[action],) if action in IMPLIED_KINDS else ()


def _kinds_of(action: Action, nouns: Iterable[Noun]) -> tuple[Kind, ...]:
    """The kinds of the nouns; an ambiguous one counts where nothing can be changed by it."""
    certain = action in CHANGE_ACTIONS
    return tuple(dict.fromkeys(kind for noun in nouns if (kind := noun.kind or (None if certain else noun.perhaps))))


def _everything(action: Action) -> tuple[Kind, ...]:
    """What `everything` can mean: for a stop, what can be stopped; a tag can be on anything; else nobody knows."""
    able = CAPABLE.get(action, frozenset(_KINDS) if action in ("tag", "untag") else frozenset[Kind]())
    return tuple(kind for kind in _KINDS if kind in able)


def _kinds_of_names(action: Action, selection: Selection, context: RequestContext) -> tuple[Kind, ...]:
    values = selection.main.values
    aliases = {*values.get("names", ()), *values.get("ids", ())}
    mentions = [mention for mention in context.mentions if mention.alias in aliases]
    named = [mention for mention in mentions if mention.role in ("resource_name", "resource_id")]
    borne: dict[Kind, None] = {kind: None for mention in named for kind in mention.kinds}
    able = CAPABLE.get(action, frozenset(borne))
    fitting: list[Kind] = [kind for kind in borne if kind in able]
    return tuple(fitting) or tuple(borne)


def _kinds_told(action: Action, selection: Selection) -> tuple[Kind, ...]:
    """The kind that an id, a size or a setting gives away, when nothing else says one."""
    values = selection.main.values
    names = (*values.get("names", ()), *values.get("ids", ()))
    by_id: list[Kind | None] = [
        _IDS.get(name.partition("-")[0].lower()) if _ID.fullmatch(name) else None for name in names
    ]
    if by_id and None not in by_id:
        return tuple(kind for kind in dict.fromkeys(by_id) if kind)
    size = selection.size or next(iter(values.get("sizes", ())), "")
    if size:
        return (_SIZED.get(size[:2].lower(), "compute_instance"),)
    told: tuple[Kind | None, ...] = (
        *(noun.kind for noun in selection.modifiers),
        *(feature.kind for feature in selection.features),
    )
    if action in _OF_OTHERS:
        told = (*told, *(noun.kind for noun in selection.related))
    found: dict[Kind, None] = {kind: None for kind in told if kind}
    return tuple(found)[:1]


def resource_types(action: Action, selection: Selection, context: RequestContext) -> tuple[str, ...]:
    """The provider's types: when every noun names one; or that of the one thing named."""
    if selection.nouns:
        certain = action in CHANGE_ACTIONS
        typed = all(noun.types and (certain or not noun.perhaps) for noun in selection.nouns)
        return tuple(dict.fromkeys(name for noun in selection.nouns for name in noun.types)) if typed else ()
    values = selection.main.values
    aliases = {*values.get("names", ()), *values.get("ids", ())}
    found = {resource.resource_type for resource in context.resources if resource.alias in aliases}
    return tuple(found) if len(found) == 1 else ()


def providers(selection: Selection) -> tuple[Provider, ...]:
    """The clouds that were named."""
    return tuple(dict.fromkeys(selection.providers))


def filters(action: Action, selection: Selection, *, order: bool) -> Filters:
    """Which things are meant.

    A question about one named thing asks for its state, and does not filter by it; the name of a new thing and the
    privacy to be reached are values, not conditions.
    """
    fields = selection.main.fields()
    if not order and selection.has_names:
        fields |= {"states": (), "attached": None, "public": None, "encrypted": None}
    if action == "create":
        fields["names"] = ()
    if action == "block_public_access" and not fields.get("public"):
        fields["public"] = None
    return Filters(**fields, exclude=tuple(draft.conditions() for draft in selection.excluded))


def quantity(selection: Selection) -> Literal["one", "all"]:
    """How many may be meant: one for a name, or for a singular noun; all otherwise."""
    if selection.every or selection.plural or selection.limit:
        return "all"
    if selection.has_names or selection.indefinite:
        return "one"
    return "one" if selection.nouns and not any(noun.plural or noun.mass for noun in selection.nouns) else "all"


def parameters(action: Action, selection: Selection) -> Parameters:
    """The values an order gives; one that its action needs and that was not given is there without a value."""
    match action:
        case "resize":
            found = _resize(selection)
        case "tag" | "untag":
            found = _tag(action, selection)
        case "scale":
            found = {"count": _parameter(selection.number if selection.number is not None else selection.limit)}
        case "schedule":
            found = _further(selection) | {"schedule": _time(selection)}
        case "create":
            found = _create(selection)
        case _:
            found = _further(selection)
    return Parameters(**found)


def _parameter(value: str | int | None) -> Parameter:
    if value is None or value == "":
        return Parameter(value=None, source="not_provided", confidence=0.0)
    return Parameter(value=value)


def _resize(selection: Selection) -> dict[str, Any]:
    if is_memory(selection):
        return {"memory_mib": _parameter(selection.mib or selection.number)}
    disks = {noun.kind for noun in selection.nouns} == {"disk"}
    if disks or selection.gib is not None:
        return {"size_gib": _parameter(selection.gib if selection.gib is not None else selection.number)}
    return {"instance_type": _parameter(selection.size)}


def _tag(action: Action, selection: Selection) -> dict[str, Any]:
    first = selection.assigned[0] if selection.assigned else None
    key = first.key if first and first.key != "*" else None
    value = first.values[0] if first and first.values else None
    return {"tag_key": _parameter(key)} | ({"tag_value": _parameter(value)} if action == "tag" else {})


def _create(selection: Selection) -> dict[str, Any]:
    names = selection.main.values.get("names", [])
    found: dict[str, Any] = {"name": _parameter(names[0] if names else None)}
    if selection.size:
        found["instance_type"] = _parameter(selection.size)
    if selection.gib is not None:
        found["size_gib"] = _parameter(selection.gib)
    if selection.limit or selection.number:
        found["count"] = _parameter(selection.limit or selection.number)
    return found


def _time(selection: Selection) -> Parameter:
    """When; a time without an hour is not as sure as one with it."""
    when = " ".join(filter(None, (selection.schedule, selection.lasts)))
    return Parameter(value=when, confidence=1.0 if _HOUR.search(when) else 0.8) if when else _parameter(None)


def _further(selection: Selection) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if selection.lasts or selection.schedule:
        found["schedule"] = _time(selection)
    if selection.days is not None:
        found["days"] = _parameter(round(selection.days) if selection.days >= 1 else None)
    if selection.size:
        found["instance_type"] = _parameter(selection.size)
    if selection.gib is not None and not is_memory(selection):
        found["size_gib"] = _parameter(selection.gib)
    return found
