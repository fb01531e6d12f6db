"""A request that goes on from the one before: read what it adds, and answer for both together, or not at all."""

from __future__ import annotations

from collections.abc import Sequence

from escher.contract.context import RequestContext
from escher.contract.understanding import Understanding
from escher.contract.vocabulary import CHANGE_ACTIONS
from escher_server.agents.understanding import asking, following, meaning
from escher_server.agents.understanding.clauses import Clause
from escher_server.agents.understanding.draft import Selection
from escher_server.agents.understanding.following import Answer, Following, Understand
from escher_server.agents.understanding.marking import Mentions, mark
from escher_server.agents.understanding.objections import lacks_target, unclear
from escher_server.agents.understanding.orders import Order, read_order
from escher_server.agents.understanding.reader import read
from escher_server.agents.understanding.scene import Aim
from escher_server.agents.understanding.utterance import Act
from escher_server.agents.understanding.verb_forms import BASE, GERUND
from escher_server.agents.understanding.verdict import Verdict

_SHORTEST_SURE = 0.5


def resume(
    context: RequestContext, parts: Sequence[Clause], verdict: Verdict, mentions: Mentions, understand: Understand
) -> Answer | None:
    """What a request means as the next one of a conversation; None when it stands by itself."""
    text = following.rest_of(parts)
    if verdict.act is Act.ORDER:
        return _pointed(context, verdict, mentions, understand) if following.points_back(text) else None
    asks = any(part.asks for part in parts)
    found = following.following(text, asks=asks, unfinished=verdict.act is Act.FRAGMENT)
    if found is None or _has_verb(text.split()[found.length :]):
        return None
    answer = following.turn_before(context, understand)
    if answer is None or not _can_go_on(answer, found):
        return None
    before = answer[0]
    if found.way in ("undo", "again"):
        return None if asks else _repeated(before, found)
    said = _added(context, parts, found, before, mentions)
    return _together(context, before, said, found, text=text, asks=asks)


def _has_verb(words: list[str]) -> bool:
    """`what about deleting web-1` says all by itself."""
    return any(BASE.match(words, at, len(words)) or GERUND.match(words, at, len(words)) for at in range(len(words)))


def _can_go_on(answer: Answer, found: Following) -> bool:
    """After a question back only a missing target can be filled in; after an answer, more than a bare phrase is needed."""
    before, asked = answer
    if asked is not None:
        return before.action in CHANGE_ACTIONS and not following.narrows(before) and found.way in ("only", "instead")
    return found.length > 0


def _pointed(context: RequestContext, verdict: Verdict, mentions: Mentions, understand: Understand) -> Answer | None:
    """`now start them again`: the things are those of the turn before."""
    order = read_order(verdict, mentions, frozenset())
    if not lacks_target(order) or len(order.actions) != 1 or order.document:
        return None
    answer = following.turn_before(context, understand)
    if answer is None or answer[1] is not None or not following.narrows(answer[0]):
        return None
    before = answer[0]
    asked = unclear(order, before.kinds)
    now = Understanding.model_validate(
        {"class": "operation", "action": order.action, "confidence": following.LIKELY}
        | {"parameters": meaning.parameters(order.action, order.selection), "words": " ".join(order.selection.words)}
    )
    return _unsure(following.acted_on(before, now), asked)


def _repeated(before: Understanding, found: Following) -> Answer | None:
    if before.class_ != "operation":
        return None
    if found.way == "again":
        return before.model_copy(update={"confidence": min(before.confidence, following.LIKELY)}), None
    opposite = following.undone(before)
    if opposite is not None:
        return opposite, None
    unsure = before.model_copy(update={"class_": "clarification", "action": "none", "confidence": _SHORTEST_SURE})
    return unsure, asking.cannot_undo(before.action, before.kinds)


def _added(
    context: RequestContext, parts: Sequence[Clause], found: Following, before: Understanding, mentions: Mentions
) -> Selection:
    """What the request itself says, read as strictly as the one it goes on from."""
    tokens = [token for part in parts for token in part.tokens if token.kind != "mark" or token.norm == ","]
    regions = frozenset(count.value for count in context.summary.regions)
    order = before.action in CHANGE_ACTIONS
    aim = Aim(order=order, action=before.action if order else "none", known_regions=regions)
    said = Selection(providers=[])
    read(mark(tokens[found.length :], mentions), said, aim, excluding=found.way == "except")
    return said


def _together(
    context: RequestContext, before: Understanding, said: Selection, found: Following, *, text: str, asks: bool
) -> Answer | None:
    if not (said.narrows or said.nouns or said.limit or said.providers or said.unread or said.soft):
        return None
    understood = following.merged(before, said, context, found.way)
    if before.action not in CHANGE_ACTIONS:
        return understood, None
    understood = understood.model_copy(update={"class_": "operation"})
    if asks:
        talk = understood.model_copy(update={"class_": "query", "action": "list", "confidence": _SHORTEST_SURE})
        return talk, asking.order_or_question((before.action,), " ".join(text.split()[found.length :]))
    asked = unclear(Order((before.action,), said), understood.kinds)
    if asked is None and not following.narrows(understood):
        asked = asking.which_targets(before.action, understood.kinds)
    return _unsure(understood, asked)


def _unsure(understood: Understanding, asked: following.Clarification | None) -> Answer:
    return (understood.model_copy(update={"confidence": _SHORTEST_SURE}) if asked else understood), asked
