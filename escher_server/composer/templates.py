"""The layouts of the answers that come up every day. A slot names a component and what the client binds to it.

The first part of a confirmation is here; the plan and its consent are the client's own, of what it resolved itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from escher.contract.ui import Layout, Slot

Name = Literal[
    "resource_action_confirmation", "cost_breakdown_dashboard", "resource_list_view", "status_monitor", "error_display"
]

TEXT = Slot(type="text", bind="$text")
FACTS = Slot(type="metric", bind="$facts")
MATCHES = Slot(type="resource_table", bind="$matches", title="Matches")
TEMPLATES: Mapping[Name, tuple[Slot, ...]] = {
    "resource_action_confirmation": (TEXT, FACTS, Slot(type="resource_table", bind="$targets", title="Targets")),
    "cost_breakdown_dashboard": (
        TEXT,
        FACTS,
        Slot(type="metric", bind="$costs"),
        Slot(type="table", bind="$costs", title="Cost by kind and place"),
        MATCHES,
    ),
    "resource_list_view": (TEXT, FACTS, MATCHES),
    "status_monitor": (
        TEXT,
        FACTS,
        Slot(type="metric", bind="$states"),
        Slot(type="table", bind="$states", title="States"),
        MATCHES,
    ),
    "error_display": (TEXT, FACTS),
}


def template(name: Name) -> Layout:
    """A template's layout."""
    return Layout(template=name, components=TEMPLATES[name])
