"""Values in a request: to select by, or to set. Sizes, amounts, numbers, tags."""

from __future__ import annotations

from escher.contract.environments import canonical_environment
from escher.contract.understanding import Comparison, TagFilter
from escher_server.agents.understanding.lexicon.conditions import Environment, field_of_key
from escher_server.agents.understanding.scene import Scene
from escher_server.agents.understanding.senses import (
    Amount,
    Gib,
    Grammar,
    Known,
    Literally,
    Number,
    Sense,
    SizeName,
    Span,
    Tagged,
    Word,
)


def completes_tag(scene: Scene, sense: Sense) -> bool:
    """`set the owner tag of web-1 to ana`: the value is behind the thing. `untag keep from …`: the key before it."""
    assigned = scene.selection.assigned
    if scene.to and scene.aim.sets and assigned and not assigned[-1].values and (value := _said(sense)):
        assigned[-1] = Tagged(assigned[-1].key, (value,), assigned[-1].lead)
    elif (
        scene.to and scene.aim.sets and isinstance(sense, Word | Number) and scene.selection.features and not scene.role
    ):
        # The new value of a setting.
        scene.selection.number = sense.value if isinstance(sense, Number) else scene.selection.number
        scene.counted = scene.at + 1 if isinstance(sense, Number) else -1
    elif scene.aim.action == "untag" and isinstance(sense, Word | Literally) and not assigned and _before_from(scene):
        assigned.append(Tagged(sense.text, ()))
    else:
        return False
    scene.settle()
    return True


def _before_from(scene: Scene) -> bool:
    return isinstance(scene.after, Grammar) and scene.after.word in ("from", "off", "on")


def _said(sense: Sense) -> str:
    """A value as it was said, whatever else it could mean."""
    match sense:
        case Word() | Literally():
            return sense.text
        case Known():
            return sense.alias
        case Environment():
            return sense.name
        case Number():
            return str(sense.value)
        case _:
            return ""


def value(scene: Scene, sense: SizeName | Gib | Span | Number | Amount | Tagged) -> None:
    """Read a value where it belongs: into the conditions, or into what is to be set."""
    selection = scene.selection
    match sense:
        case SizeName():
            _size(scene, sense.name)
        case Gib():
            _gib(scene, sense)
        case Number():
            _number(scene, sense.value)
        case Span():
            _span(scene, sense.days)
        case Amount():
            selection.limit = sense.number
            selection.words += sense.order.split()
        case Tagged():
            _tagged(scene, sense)


def _size(scene: Scene, name: str) -> None:
    if scene.to or scene.aim.creates or (scene.aim.sets and scene.preposition in ("with", "on", "onto")):
        scene.selection.size = name
    else:
        scene.filter("sizes", name)


def _gib(scene: Scene, size: Gib) -> None:
    """What has less than a GiB is memory."""
    if scene.to or scene.aim.sets or scene.aim.creates:
        scene.selection.gib, scene.selection.mib = size.gib or None, size.mib
    elif size.gib:
        scene.draft().comparisons.append(Comparison(field="size_gib", operator="eq", value=float(size.gib)))
    else:
        scene.draft().comparisons.append(Comparison(field="memory_mib", operator="eq", value=float(size.mib)))


def _number(scene: Scene, value: int) -> None:
    if value and not scene.to and not scene.selection.has_head and scene.noun_ahead(4):
        scene.selection.limit = value
    else:
        scene.selection.number = value
        scene.counted = scene.at + 1 if scene.to else -1


def _span(scene: Scene, days: float) -> None:
    """Of a setting it is the value; else it would restrict, in a way that nothing can be selected by."""
    if scene.aim.sets or scene.aim.describes or not scene.aim.order:
        scene.selection.days = days
    else:
        scene.selection.unread.append(f"{days:g} days")


def _tagged(scene: Scene, tagged: Tagged) -> None:
    """An order that sets tags sets it, unless `tagged` says that it selects; a key alone is to be set or taken."""
    selects = tagged.lead not in ("", "with", "having") or not (scene.aim.sets or scene.aim.creates)
    if not tagged.lead and not tagged.values:
        selects = False
    if not selects:
        scene.selection.assigned.append(tagged)
        return
    field = field_of_key(tagged.key)
    if field and tagged.values:
        values = tuple(
            (canonical_environment(value) or value) if field == "environments" else value for value in tagged.values
        )
        scene.filter(field, *values)
    else:
        scene.draft().tags.append(TagFilter(key=tagged.key, values=tagged.values))
