"""Choose how an answer looks: one of the composer's templates, by what the answer is. It sees no values."""

from __future__ import annotations

from typing import Literal

from escher.contract.ui import Layout
from escher.contract.understanding import Understanding
from escher_server.composer.templates import template

Answer = Literal["plan", "nothing_fits", "clarification", "information"]


def arrange(answer: Answer, understanding: Understanding) -> Layout:
    """The layout of an answer of this sort."""
    if answer == "plan":
        return template("resource_action_confirmation")
    if answer in ("nothing_fits", "clarification"):
        return template("error_display")
    action = understanding.action
    counts = action in ("count", "compare", "report")
    return template("resource_list_view", counts=counts, rows=action not in ("explain", "none"))
