"""Orders for later: what would run and when. Nothing is ever planned for now that was asked for another time. Pure.

Who keeps to a time is automation, an always-on worker of the client's with an approval of its own for each job.
"""

from __future__ import annotations

import re

from escher.contract.playbook import Playbook
from escher.contract.understanding import Clarification, Understanding
from escher.contract.vocabulary import CHANGE_ACTIONS, Action
from escher_server.composer import wording

_LASTING = re.compile(r"(?:for|until|till|during)\b")
_NOT_NOW = (
    "Nothing is planned: an order for later never runs at once. Keeping to a time is the work of automation, with an approval"
    " of its own."
)


def inner(understanding: Understanding) -> Understanding | None:
    """The order without its time; None when it does not say what is to be done then."""
    parameters = understanding.parameters.model_copy(update={"schedule": None})
    if understanding.action != "schedule":
        return understanding.model_copy(update={"parameters": parameters})
    acts = _acts(understanding)
    if len(acts) != 1:
        return None
    words = " ".join(word for word in understanding.words.split() if word != acts[0])
    return understanding.model_copy(update={"action": acts[0], "words": words, "parameters": parameters})


def _acts(understanding: Understanding) -> tuple[Action, ...]:
    found: dict[Action, None] = {}
    for word in understanding.words.split():
        if word in CHANGE_ACTIONS and word != "schedule":
            found[word] = None  # pyright: ignore[reportArgumentType]  # it was just found among the actions
    return tuple(found)


def told(understanding: Understanding, what: Playbook | None, order: Understanding | None) -> str:
    """What would run, when, and that nothing of it is planned."""
    when = f", {when}" if (when := _when(understanding)) else ""
    named = f"**{what.metadata.name}** is what would run{when}" if what else "No playbook does that yet"
    asked = f" To do it now instead, say: {wording.order(order, plain=True)}." if order else ""
    return f"{named}. {_NOT_NOW}{asked}"


def asked_back(understanding: Understanding, order: Understanding) -> Clarification | None:
    """`stop it for two hours` is two orders, now and then: a question, whether only the first is meant."""
    if not _LASTING.match(_when(understanding)) or understanding.action == "schedule":
        return None
    plain = wording.order(order, plain=True)
    question = f"I can plan to {plain} now, but nothing ends that by itself ({_when(understanding)}). Only that?"
    return Clarification(question=question, choices=(plain,))


def _when(understanding: Understanding) -> str:
    when = understanding.parameters.schedule
    return str(when.value) if when and when.value else ""
