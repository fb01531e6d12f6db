"""The master agent: what a request means, by rules alone. Pure: the same context, the same answer.

What a request does (order, ask, forbid, suppose) is decided before what it is about; only an order can have the class
`operation`, and wherever an order would mean more than was said, the answer is a question back.
"""

from __future__ import annotations

from escher.contract.context import Mention, RequestContext
from escher.contract.understanding import Clarification, Parameters, Understanding
from escher.contract.vocabulary import Action, RequestClass
from escher_server.agents.understanding import asking, meaning, questions
from escher_server.agents.understanding.clauses import clauses
from escher_server.agents.understanding.contradictions import contradicts
from escher_server.agents.understanding.draft import Selection
from escher_server.agents.understanding.lexicon.elsewhere import elsewhere
from escher_server.agents.understanding.lexicon.languages import is_english
from escher_server.agents.understanding.marking import Mentions
from escher_server.agents.understanding.objections import lacks_target, objection
from escher_server.agents.understanding.orders import Order, chunks_of, read_order
from escher_server.agents.understanding.reader import read
from escher_server.agents.understanding.resuming import resume
from escher_server.agents.understanding.scene import Aim
from escher_server.agents.understanding.spelling import put_right
from escher_server.agents.understanding.tokens import tokenise
from escher_server.agents.understanding.utterance import Act
from escher_server.agents.understanding.verdict import Verdict, weigh

Answer = tuple[Understanding, Clarification | None]
# Acts that are about something there is; one may ask what another platform's words mean.
_DOING = (Act.ORDER, Act.READ, Act.DOUBTFUL, Act.FRAGMENT)
# What looks for things by their conditions.
_SELECTING: frozenset[Action] = frozenset({"list", "show", "count"})
# Below 0.6 Escher asks.
UNSURE = 0.5


def understand(context: RequestContext) -> Answer:
    """What the request means; with a question back when it is not sure, or when something needed was not said.

    A question never gets the class `operation`. With a clarification, nothing may be planned.
    """
    if not is_english(context.prompt):
        return _answer(context, "clarification", "none", Selection(), 0.0), asking.only_english()
    mentions = _by_alias(context)
    parts = clauses(put_right(tokenise(context.prompt, mentions)))
    verdict = weigh(parts)
    if platform := elsewhere([word for part in parts for word in part.words]) if verdict.act in _DOING else "":
        return _answer(context, "clarification", "none", Selection(), 0.0), asking.elsewhere(platform)
    gone_on = resume(context, parts, verdict, mentions, understand) if context.history else None
    return gone_on or _alone(context, verdict, mentions)


def _alone(context: RequestContext, verdict: Verdict, mentions: Mentions) -> Answer:
    """What a request means by itself."""
    match verdict.act:
        case Act.ORDER:
            return _order(context, verdict, mentions)
        case Act.DOUBTFUL | Act.STATEMENT:
            return _doubtful(context, verdict, mentions)
        case Act.NEGATED:
            return _answer(context, "query", "none", Selection(), UNSURE), asking.forbidden()
        case Act.VAGUE:
            return _vague(context, verdict, mentions)
        case _:
            return _question(context, verdict, mentions)


def _by_alias(context: RequestContext) -> dict[str, tuple[Mention, ...]]:
    found: dict[str, tuple[Mention, ...]] = {}
    for mention in context.mentions:
        found[mention.alias] = (*found.get(mention.alias, ()), mention)
    return found


def _regions(context: RequestContext) -> frozenset[str]:
    return frozenset(count.value for count in context.summary.regions)


def _order(context: RequestContext, verdict: Verdict, mentions: Mentions) -> Answer:
    order = read_order(verdict, mentions, _regions(context))
    if order.document == "playbook" and not (order.selection.narrows or order.selection.nouns or order.selection.words):
        return _vague(context, verdict, mentions)
    if order.document:
        return _document(context, order)
    kinds = meaning.kinds(order.action, order.selection, context)
    asked = objection(order, kinds)
    class_: RequestClass = "clarification" if asked and (len(order.actions) > 1 or lacks_target(order)) else "operation"
    return _answer(context, class_, order.action, order.selection, UNSURE if asked else verdict.sure), asked


def _document(context: RequestContext, order: Order) -> Answer:
    """`create a runbook for …`: something is to be written, nothing to be changed."""
    class_, action = questions.DOCUMENTS[order.document]
    return _answer(context, class_, action, order.selection, 0.85), None


def _doubtful(context: RequestContext, verdict: Verdict, mentions: Mentions) -> Answer:
    """An order, or talk of one: Escher asks, and what it understood is a question."""
    order = read_order(verdict, mentions, _regions(context))
    text = questions.plain(word for part in verdict.leading for word in part.clause.words)
    if questions.is_trouble(text) and (order.selection.nouns or order.selection.has_names):
        return _answer(context, "troubleshooting", "diagnose", order.selection, 0.75), None
    _, action = questions.answer(text, order.selection)
    asked = asking.order_or_question(order.actions, order.said)
    return _answer(context, "query", action, order.selection, UNSURE), asked


def _vague(context: RequestContext, verdict: Verdict, mentions: Mentions) -> Answer:
    selection = _selected(context, verdict, mentions)
    kinds = meaning.kinds("none", selection, context)
    asked = asking.unclear_action(kinds) if selection.nouns else asking.unclear_request()
    return _answer(context, "clarification", "none", selection, min(verdict.sure, UNSURE)), asked


def _question(context: RequestContext, verdict: Verdict, mentions: Mentions) -> Answer:
    selection = _selected(context, verdict, mentions)
    text = questions.plain(word for part in (*verdict.leading, *verdict.context) for word in part.clause.words)
    if _says_too_little(verdict, selection):
        return _answer(context, "clarification", "none", selection, UNSURE), asking.unclear_request()
    class_, action = questions.answer(text, selection)
    if action in _SELECTING and not selection.either and contradicts(selection):
        return _answer(context, class_, action, selection, UNSURE), asking.contradiction()
    return _answer(context, class_, action, selection, verdict.sure), None


def _says_too_little(verdict: Verdict, selection: Selection) -> bool:
    """A bare phrase without a thing in it, or mostly of unknown words; `optimise the thing`."""
    about = bool(selection.narrows or selection.topics or selection.features)
    if verdict.act in (Act.FRAGMENT, Act.READ) and questions.is_saving(verdict.leading[0].clause.words):
        return not (selection.narrows or selection.nouns)
    if verdict.act is Act.FRAGMENT:
        length = sum(len(part.rest) for part in verdict.leading)
        nothing = not (
            selection.nouns or selection.has_names or selection.topics or selection.features or selection.generic
        )
        if nothing and not verdict.leading[0].clause.asks and len(verdict.leading[0].rest) == 1:
            return True
        if selection.generic and not (about or selection.nouns or selection.plural or verdict.leading[0].clause.asks):
            return True
        strange = 2 * len(selection.unknown) >= length > 1
        return strange or not (about or selection.many or verdict.leading[0].clause.asks or selection.limit)
    if verdict.act is Act.QUESTION:
        about_what = verdict.leading[0].clause.words[:2] in (["what", "about"], ["how", "about"])
        return about_what and not (about or selection.nouns or selection.has_names)
    if verdict.act is not Act.READ:
        return False
    if selection.generic and not selection.plural:
        return not (selection.narrows or selection.nouns or selection.plural)
    got = verdict.leading[0].clause.words[0] == "get" and bool(selection.unknown)
    vague = verdict.leading[0].actions == ("recommend",) or selection.pronoun or got
    return vague and not (about or selection.nouns or selection.limit)


def _selected(context: RequestContext, verdict: Verdict, mentions: Mentions) -> Selection:
    selection, aim = Selection(), Aim(order=False, known_regions=_regions(context))
    for part in (*verdict.leading, *verdict.context):
        read(chunks_of(part, mentions), selection, aim)
    return selection


def _answer(
    context: RequestContext, class_: RequestClass, action: Action, selection: Selection, sure: float
) -> Understanding:
    operation = class_ == "operation"
    given = meaning.parameters(action, selection) if operation else Parameters()
    fields = {
        "class": class_,
        "action": action,
        "providers": meaning.providers(selection),
        "kinds": meaning.kinds(action, selection, context),
        "resource_types": meaning.resource_types(action, selection, context),
        "parameters": given,
        "filters": meaning.filters(action, selection, order=operation),
        "confidence": round(sure, 2),
        "quantity": meaning.quantity(selection),
        "limit": selection.limit,
        "words": " ".join(dict.fromkeys(selection.words)),
    }
    return Understanding.model_validate(fields)
