"""What an unclear request may mean, as a language model reads it; taken only where the rules neither order nor forbid.

Whether a request is an order is decided by the rules alone. Where a model reads one that they do not see, it becomes a
question back in the server's own words, and only what the person types then counts.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from escher.contract.context import RequestContext
from escher.contract.understanding import Clarification, Filters, Understanding
from escher.contract.vocabulary import CHANGE_ACTIONS, Action, Kind, Provider, RequestClass, State
from escher_server.agents.master import Answer
from escher_server.agents.understanding import asking
from escher_server.composer import wording
from escher_server.models.language import LanguageModel
from escher_server.models.prompts import read_prompt
from escher_server.models.quoting import identifier, identifiers, quoted

SURE = 0.6
# However sure a model is of itself.
MOST_SURE = 0.7
_NAMED = ("resource_name", "resource_id")
_Few = Field(default=(), max_length=5)


class Reading(BaseModel):
    """What a request means, as the model answers it. `readings` is how many different things it may mean."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    class_: Literal["query", "recommendation", "troubleshooting", "report", "operation", "unclear"] = Field(
        alias="class"
    )
    action: Action
    kinds: tuple[Kind, ...] = _Few
    providers: tuple[Provider, ...] = _Few
    names: tuple[str, ...] = Field(default=(), max_length=5, description="Aliases of the mentions that are meant")
    environments: tuple[str, ...] = _Few
    regions: tuple[str, ...] = _Few
    states: tuple[State, ...] = _Few
    attached: bool | None = None
    public: bool | None = None
    encrypted: bool | None = None
    readings: int = Field(ge=0, le=9, description="How many different things the request may mean")
    confidence: float = Field(ge=0, le=1)


async def read_again(model: LanguageModel, context: RequestContext, rules: Answer) -> Answer:
    """What the rules understood; where that is nothing clear, what a model reads in it, as far as it may."""
    if not _is_unclear(rules):
        return rules
    reading = await model.ask(read_prompt("master.md"), _told(context), Reading)
    return rules if reading is None else settle(reading, context, rules)


def settle(reading: Reading, context: RequestContext, rules: Answer) -> Answer:
    """What of a reading counts. A name, region or environment that is not there voids all of it: nothing gets wider."""
    understanding, question = rules
    if question is None or reading.class_ == "unclear" or reading.readings != 1 or reading.confidence < SURE:
        return rules
    if not (_is_grounded(reading, context) and _says_something(reading)):
        return rules
    read = _understanding(reading)
    if reading.class_ != "operation" and reading.action not in CHANGE_ACTIONS:
        return read, None
    if reading.action in CHANGE_ACTIONS and understanding.class_ == "clarification" and _narrows(reading):
        return understanding, _did_you_mean(read, question)
    return rules


def _is_unclear(rules: Answer) -> bool:
    """Neither an order nor a prohibition, but a request that the rules cannot tell, or may be talk about an order."""
    understanding, question = rules
    if question is None or understanding.class_ == "operation" or question == asking.forbidden():
        return False
    unknown = (asking.unclear_request(), asking.only_english(), asking.unclear_action(understanding.kinds))
    return question in unknown or (understanding.class_ == "query" and understanding.confidence < SURE)


def _is_grounded(reading: Reading, context: RequestContext) -> bool:
    """Whether all that it names is in the context, and each name belongs to one resource."""
    alone = {one.alias for one in context.mentions if one.role in _NAMED and one.matches == 1}
    environments = {one.alias for one in context.mentions if one.role == "environment"}
    environments |= {one.value for one in context.summary.environments}
    regions = {one.value for one in context.summary.regions}
    return (
        set(reading.names) <= alone
        and set(reading.environments) <= environments
        and set(reading.regions) <= regions
        and set(reading.providers) <= {one.value for one in context.summary.providers}
    )


def _narrows(reading: Reading) -> bool:
    flags = (reading.attached, reading.public, reading.encrypted)
    return bool(reading.names or reading.environments or reading.regions or reading.states) or any(
        flag is not None for flag in flags
    )


def _says_something(reading: Reading) -> bool:
    return _narrows(reading) or bool(reading.kinds or reading.providers)


def _understanding(reading: Reading) -> Understanding:
    changes = reading.action in CHANGE_ACTIONS
    class_: RequestClass = "query" if reading.class_ in ("operation", "unclear") else reading.class_
    flags = {"attached": reading.attached, "public": reading.public, "encrypted": reading.encrypted}
    filters = Filters.model_validate(
        {
            "names": reading.names,
            "environments": reading.environments,
            "regions": reading.regions,
            "states": reading.states,
            **flags,
        }
    )
    fields = {"class": class_, "action": reading.action, "providers": reading.providers, "kinds": reading.kinds}
    sure = min(reading.confidence, MOST_SURE)
    quantity = "one" if changes and reading.names else "all"
    return Understanding.model_validate({**fields, "filters": filters, "confidence": sure, "quantity": quantity})


def _did_you_mean(read: Understanding, question: Clarification) -> Clarification:
    """The order that was read, to be typed by the person, or not; and what the rules would have offered."""
    said = wording.order(read, plain=True)
    choices = (f"{said[0].upper()}{said[1:]}", *question.choices)[:3]
    return Clarification(question=f"Do you want to {said}?", choices=choices)


def _told(context: RequestContext) -> str:
    """What the model is given: the request as it was sent, and of the estate nothing but identifiers and closed words."""
    request = quoted("request", {"text": context.prompt})
    mentions = [
        {"alias": one.alias, "role": one.role, "matches": one.matches, "kinds": one.kinds}
        for one in context.mentions
        if identifier(one.alias)
    ]
    summary = context.summary
    estate = {
        "mentions": mentions,
        "providers": identifiers([one.value for one in summary.providers]),
        "regions": identifiers([one.value for one in summary.regions]),
        "environments": identifiers([one.value for one in summary.environments]),
        "last_actions": [turn.action for turn in context.history[-4:]],
    }
    return f"{request}\n{quoted('estate', estate)}"
