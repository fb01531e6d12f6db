"""Components for an answer that no template fits, chosen by a language model among those that the client can fill."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from escher.contract.ui import FORMS, Bind, Layout, Slot, SlotType
from escher.contract.understanding import Understanding
from escher_server.agents.modelled.words import may_be_said
from escher_server.composer.dynamic import composed
from escher_server.models.language import LanguageModel
from escher_server.models.prompts import read_prompt
from escher_server.models.quoting import clean, quoted

_LONGEST_TITLE = 40


class Wish(BaseModel):
    """One component and what it shall show."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    type: SlotType
    bind: Bind
    title: str = Field(default="", max_length=200)


class Arrangement(BaseModel):
    """Components in the order in which they are read."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    components: tuple[Wish, ...] = Field(min_length=1, max_length=20)


async def arranged(model: LanguageModel, understanding: Understanding, rules: Layout) -> Layout:
    """The layout of an answer to a question; the rules' own where a template fits, or the model has none in time."""
    if rules.template != "dynamic":
        return rules
    wish = await model.ask(read_prompt("ui.md"), _told(understanding, rules), Arrangement)
    return rules if wish is None else settle(wish)


def settle(wish: Arrangement) -> Layout:
    """What of a wish can be: what the client can show of an answer without targets, under titles of plain words."""
    slots = (
        Slot(type=one.type, bind=one.bind, title=_title(one.title))
        for one in wish.components
        if one.bind != "$targets" and one.type in FORMS[one.bind]
    )
    return composed(Layout(template="dynamic", components=tuple(slots)))


def _title(title: str) -> str:
    said = clean(title, _LONGEST_TITLE)
    return said if may_be_said(said, "") else ""


def _told(understanding: Understanding, rules: Layout) -> str:
    answer = {
        "class": understanding.class_,
        "action": understanding.action,
        "kinds": understanding.kinds,
        "bindings": {bind: sorted(types) for bind, types in FORMS.items() if bind != "$targets"},
        "by_rules": [{"type": slot.type, "bind": slot.bind} for slot in rules.components],
    }
    return quoted("answer", answer)
