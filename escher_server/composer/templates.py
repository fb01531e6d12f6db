"""The layouts of the answers that come up every day. A slot names a component and what the client binds to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from escher.contract.ui import Layout, Slot

Name = Literal["resource_action_confirmation", "resource_list_view", "error_display"]

_TEXT = Slot(type="text", bind="$text")
_FACTS = Slot(type="metric", bind="$facts")
_COUNTS = Slot(type="table", bind="$counts", title="Counts")
TEMPLATES: Mapping[Name, tuple[Slot, ...]] = {
    "resource_action_confirmation": (_TEXT, _FACTS, Slot(type="resource_table", bind="$targets", title="Targets")),
    "resource_list_view": (_TEXT, _FACTS, Slot(type="resource_table", bind="$matches", title="Matches")),
    "error_display": (_TEXT, _FACTS),
}


def template(name: Name, *, counts: bool = False, rows: bool = True) -> Layout:
    """A template's layout: `counts` puts a table of counts before the rows, `rows` False leaves the rows out."""
    text, facts, *tables = TEMPLATES[name]
    return Layout(template=name, components=(text, facts, *((_COUNTS,) if counts else ()), *(tables if rows else ())))
