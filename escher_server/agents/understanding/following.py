"""What a request says only together with the one before it: `and in eu-west-1?`, `now start them again`, `undo that`.

The turn before is read again from its digest; nothing is remembered. A request that says all by itself is never
changed by what was said before.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from escher.contract.context import Digest, Mention, RequestContext
from escher.contract.understanding import Clarification, Filters, Understanding
from escher.contract.vocabulary import Action
from escher_server.agents.understanding.clauses import Clause
from escher_server.agents.understanding.draft import Selection
from escher_server.agents.understanding.lexicon.regions import providers_of
from escher_server.agents.understanding.meaning import kinds, resource_types

Way = Literal["instead", "only", "except", "undo", "again"]
Answer = tuple[Understanding, Clarification | None]
Understand = Callable[[RequestContext], Answer]

LIKELY = 0.75
_ALIAS = re.compile(r"\b[rat]\d{4,}\b")
_ROLES: dict[str, Literal["resource_name", "account", "tag_value"]] = {
    "r": "resource_name",
    "a": "account",
    "t": "tag_value",
}
_LED = r"(?:(?:ok|okay|and|so|now|then|also|but|or|well|great|good|thanks|next|,) )*"
_THAT = r"(?:it|that|this|them|those|these|the (?:last|previous) (?:one|action|step|change|order|thing))"
_LEADS: tuple[tuple[Way, re.Pattern[str]], ...] = (
    ("undo", re.compile(rf"{_LED}(?:undo|revert|reverse|roll back|take back|roll) {_THAT}(?: back)?$|undo$")),
    ("again", re.compile(rf"{_LED}(?:(?:do|run|repeat) (?:{_THAT}|the same(?: thing)?)(?: again| once more)?|same again|again|repeat)$")),
    ("except", re.compile(rf"{_LED}(?:except|excluding|without|but not|not)(?: for)? (?=\S)")),
    ("only", re.compile(rf"{_LED}(?:only|just|i (?:mean|meant)(?: only)?) (?=\S)")),
    ("instead", re.compile(
        rf"{_LED}(?:(?:what|how) about|(?:do |and )?(?:the )?same(?: thing)?(?: again)?|(?:do|repeat) {_THAT}(?: again)?) (?=\S)"
    )),
)  # fmt: skip
_CONNECTED = re.compile(r"(?:(?:ok|okay|so|now|then|also|or|well|,) )*(?:and|also|then|or|now) (?=\S)")
_PLACED = re.compile(r"(?:in|for|of|on|from|the|all|any|those|with|that are|which are)\b")
_POINTS = re.compile(r"\b(?:it|them|those|these|they|that one|this one|the same (?:ones?|\w+))\b")
_OPPOSITE: dict[Action, Action] = {
    "start": "stop", "stop": "start", "tag": "untag", "attach": "detach", "detach": "attach", "enable": "disable",
    "disable": "enable",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Following:
    """How a request follows another, and how many of its words say only that."""

    way: Way
    length: int


def following(text: str, *, asks: bool, unfinished: bool) -> Following | None:
    """How a bare phrase goes on from the turn before; None when it does not.

    `unfinished`: the turn before was asked back about, so that a phrase alone answers it.
    """
    for way, pattern in _LEADS:
        if found := pattern.match(text):
            return Following(way, len(found[0].split()))
    connected = _CONNECTED.match(text)
    if connected:
        return Following("instead", len(connected[0].split()))
    return Following("only", 0) if unfinished and not asks and _PLACED.match(text) else None


def points_back(text: str) -> bool:
    """Whether an order is about what was spoken of: `start them again`."""
    return _POINTS.search(text) is not None


def turn_before(context: RequestContext, understand: Understand) -> Answer | None:
    """What the last thing said means, read anew; None at the beginning of a conversation."""
    asked = [at for at, turn in enumerate(context.history) if turn.role == "user"]
    if not asked:
        return None
    turn: Digest = context.history[asked[-1]]
    known = {mention.alias for mention in context.mentions}
    aliases = dict.fromkeys(alias for alias in _ALIAS.findall(turn.content) if alias not in known)
    mentions = (*context.mentions, *(Mention(alias=alias, role=_ROLES[alias[0]]) for alias in aliases))
    earlier = {"prompt": turn.content, "history": context.history[: asked[-1]], "mentions": mentions[:60]}
    return understand(context.model_copy(update=earlier))


def merged(before: Understanding, said: Selection, context: RequestContext, way: Way) -> Understanding:
    """The turn before with what is said now: instead of what it had, or narrowing it."""
    found = kinds("none", said, context) if said.nouns else ()
    changed = {
        "kinds": found or before.kinds,
        "resource_types": resource_types("none", said, context) if found else before.resource_types,
        "filters": _filters(before, said, way),
        "confidence": min(before.confidence, LIKELY) if before.confidence >= LIKELY else LIKELY,
        "quantity": "one" if said.has_names and not said.many else "all" if said.nouns or said.has_names else before.quantity,
        "limit": said.limit or (None if said.has_names else before.limit),
    }  # fmt: skip
    if way == "except":
        changed |= {"kinds": before.kinds, "resource_types": before.resource_types, "quantity": before.quantity}
    return _in_its_cloud(before.model_copy(update=changed), said)


def acted_on(before: Understanding, now: Understanding) -> Understanding:
    """The order given now, about the things of the turn before. What a change has changed is no condition any more."""
    filters = before.filters
    if before.class_ == "operation":
        filters = filters.model_copy(update={"states": ()})
    taken = {name: getattr(before, name) for name in ("providers", "kinds", "resource_types", "quantity", "limit")}
    return now.model_copy(update={**taken, "filters": filters, "confidence": LIKELY, "class_": "operation"})


def undone(before: Understanding) -> Understanding | None:
    """The opposite of an order; None when it has none."""
    action = _OPPOSITE.get(before.action)
    if before.class_ != "operation" or action is None or before.parameters.schedule is not None:
        return None
    changed = {"action": action, "filters": before.filters.model_copy(update={"states": ()}), "confidence": LIKELY}
    return before.model_copy(update=changed)


def narrows(understood: Understanding) -> bool:
    """Whether an understanding says which things are meant."""
    return understood.filters != Filters() or bool(understood.limit)


def rest_of(clauses: Sequence[Clause]) -> str:
    """The words of a request, marks left out."""
    return " ".join(
        token.norm for clause in clauses for token in clause.tokens if token.kind != "mark" or token.norm == ","
    )


def _filters(before: Understanding, said: Selection, way: Way) -> Filters:
    new = said.main.fields()
    if way == "except":
        left_out = (*(draft.conditions() for draft in said.exclude if draft), *before.filters.exclude)
        return before.filters.model_copy(update={"exclude": left_out})
    given = {name: value for name, value in new.items() if value not in ((), None)}
    kept = Filters() if said.has_names and way == "instead" else before.filters
    excluded = tuple(draft.conditions() for draft in said.excluded)
    if excluded:
        given["exclude"] = (*kept.exclude, *excluded)
    return kept.model_copy(update=given)


def _in_its_cloud(merged: Understanding, said: Selection) -> Understanding:
    """A cloud or a region said now takes the place of the cloud that was meant before, and of its types."""
    clouds = set(said.providers) or set[str]().union(*map(providers_of, said.main.values.get("regions", ())))
    if not clouds or clouds & set(merged.providers):
        return merged
    types = tuple(name for name in merged.resource_types if name.partition("_")[0] in clouds)
    return merged.model_copy(update={"providers": tuple(said.providers), "resource_types": types})
