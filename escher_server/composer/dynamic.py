"""Layouts put together for one answer, when no template fits: by rules, or of what a model wished for.

Whoever asks, only what the client can show goes out: unknown components and bindings, other properties and whatever is
too many are taken away, and what is left at least is the text and a table.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, cast

from escher.contract.ui import FORMS, Layout, Slot, SlotType
from escher_server.composer.templates import FACTS, MATCHES, TEXT

MOST_COMPONENTS = 12
LONGEST_TITLE = 60
_LEAST = Layout(template="dynamic", components=(TEXT, MATCHES))


def layout_of(slots: Iterable[Slot]) -> Layout:
    """The layout of these components, after the text and the facts."""
    return composed(Layout(template="dynamic", components=(TEXT, FACTS, *slots)))


def composed(wish: Layout | Mapping[str, Any]) -> Layout:
    """The layout that a wish comes down to: the text first, every component at most once. Never raises."""
    parts = wish.components if isinstance(wish, Layout) else wish.get("components")
    if not isinstance(parts, Sequence) or isinstance(parts, str | bytes):
        return _LEAST
    slots = dict.fromkeys(slot for part in cast("Sequence[object]", parts) for slot in _possible(part))
    said = next((slot for slot in slots if slot.bind == "$text"), TEXT)
    shown = (said, *_once(slots))[:MOST_COMPONENTS]
    return Layout(template="dynamic", components=shown) if len(shown) > 1 else _LEAST


def _possible(part: object) -> Iterator[Slot]:
    """The slot that a part of a wish is, if it is one that the client can fill."""
    fields = part.model_dump() if isinstance(part, Slot) else part
    if not isinstance(fields, Mapping):
        return
    found = cast("Mapping[str, object]", fields)
    for bind, forms in FORMS.items():
        for form in forms:
            if found.get("bind") == bind and found.get("type") == form:
                yield Slot(type=form, bind=bind, title=_title(found.get("title")))


def _title(title: object) -> str:
    """A heading of plain words, or none."""
    text = title.strip() if isinstance(title, str) else ""
    return text if len(text) <= LONGEST_TITLE and text.isprintable() else ""


def _once(slots: Iterable[Slot]) -> Iterator[Slot]:
    """The rest in order, the same thing in the same form only once."""
    seen: set[tuple[SlotType, str]] = set()
    for slot in slots:
        if slot.bind != "$text" and (slot.type, slot.bind) not in seen:
            seen.add((slot.type, slot.bind))
            yield slot
