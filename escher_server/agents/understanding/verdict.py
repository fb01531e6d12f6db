"""Weigh the acts of all clauses: is anything ordered of us, and is it sure?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from escher_server.agents.understanding.acts import speak
from escher_server.agents.understanding.clauses import Clause
from escher_server.agents.understanding.lexicon import openings
from escher_server.agents.understanding.lexicon.phrases import words
from escher_server.agents.understanding.utterance import UNSURE, Act, Spoken

_SUBORDINATE = re.compile(
    r"\b(?:how|what|whether|if|which|who|when|why|would|could|should|can|i|we|they|happens?|does|did|means?|"
    r"difference)\b"
)
_BREAKS = re.compile(r"[,:()–—-]|^so$")
_TURNS = frozenset(("but", "instead", "rather", "just", "only", "simply"))
_UNSURE = re.compile(r"\b(?:not sure|unsure|how|wonder\w*|do not know|whether)\b")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the request does as a whole: its act, and the clauses that matter for it."""

    act: Act
    leading: tuple[Spoken, ...] = ()
    forbidden: tuple[Spoken, ...] = ()
    context: tuple[Spoken, ...] = ()
    sure: float = 0.95


def weigh(clauses: Sequence[Clause]) -> Verdict:
    """The verdict over a request's clauses."""
    spoken = _inherited([speak(clause) for clause in clauses])
    orders = tuple(part for part in spoken if part.act is Act.ORDER)
    doubts = tuple(part for part in spoken if part.act is Act.DOUBTFUL)
    ordered = {part.clause.sentence for part in orders}
    if orders and not any(part.clause.sentence in ordered for part in doubts) and not _asked_before(spoken):
        return _ordered(spoken, orders)
    if orders or doubts:
        return Verdict(Act.DOUBTFUL, (*doubts, *orders), context=_others(spoken, (*doubts, *orders)), sure=UNSURE)
    for act in (Act.QUESTION, Act.READ, Act.SUPPOSED, Act.NEGATED, Act.STATEMENT, Act.VAGUE, Act.FRAGMENT):
        leading = tuple(part for part in spoken if part.act is act)
        if leading and not (act is Act.SUPPOSED and all(not part.rest for part in leading)):
            return Verdict(act, leading, context=_others(spoken, leading), sure=min(part.sure for part in leading))
    return Verdict(Act.VAGUE, sure=0.0)


def tells_of(order: Spoken) -> bool:
    """`notify me when …`: beside another order it asks for word of that, by itself for an alarm."""
    return _NOTIFYING.search(" ".join(order.clause.words)) is not None


def _ordered(spoken: Sequence[Spoken], orders: tuple[Spoken, ...]) -> Verdict:
    orders = tuple(order for order in orders if not tells_of(order)) or orders
    wanted = {action for order in orders for action in order.actions}
    forbidden = tuple(
        part for part in spoken if part.act is Act.NEGATED and (not part.actions or wanted & set(part.actions))
    )
    context = tuple(part for part in spoken if part.act in _BESIDE)
    return Verdict(Act.ORDER, orders, forbidden, context, sure=min(order.sure for order in orders))


_BESIDE = (Act.FRAGMENT, Act.READ, Act.STATEMENT, Act.DOUBTFUL)


def _others(spoken: Sequence[Spoken], leading: Sequence[Spoken]) -> tuple[Spoken, ...]:
    return tuple(part for part in spoken if part not in leading and part.act is not Act.NEGATED)


def _asked_before(spoken: Sequence[Spoken]) -> bool:
    """A question before the order: it is not clear whether the order is meant or asked about."""
    first = next(at for at, part in enumerate(spoken) if part.act is Act.ORDER)
    sentence = spoken[first].clause.sentence
    return any(
        part.act is Act.QUESTION
        and (at < first or (part.clause.sentence == sentence and _UNSURE.search(" ".join(part.clause.words))))
        for at, part in enumerate(spoken)
    )


def _inherited(spoken: list[Spoken]) -> list[Spoken]:
    """Within a sentence a clause shares the act of the one it hangs on: `how do I stop x and delete y`."""
    result: list[Spoken] = []
    reported = False
    for part in spoken:
        hangs = bool(result) and result[-1].clause.sentence == part.clause.sentence
        read = _joined(result[-1], part) if hangs else _alone(part)
        if hangs and reported and read.act is Act.ORDER:
            read = replace(read, act=Act.DOUBTFUL, sure=UNSURE)
        reported = (hangs and reported) or _is_reported(read)
        if hangs and read.act is Act.ORDER and result[-1].act is Act.DOUBTFUL:
            result[-1] = replace(result[-1], act=Act.STATEMENT)
        result.append(read)
    return _conditions_of_orders(result)


def _alone(part: Spoken) -> Spoken:
    """`stop web-1?` is no order, `can you stop web-1?` is one."""
    if part.act is Act.ORDER and part.clause.asks and not part.polite:
        return replace(part, act=Act.DOUBTFUL, sure=UNSURE)
    return part


def _joined(before: Spoken, part: Spoken) -> Spoken:
    if part.act is Act.ORDER and part.clause.asks and not part.polite and before.act is not Act.ORDER:
        return replace(part, act=Act.QUESTION)
    if part.act not in (Act.ORDER, Act.VAGUE, Act.DOUBTFUL):
        return part
    opener = part.clause.opener
    match before.act:
        case Act.QUESTION:
            return replace(part, act=Act.QUESTION)
        case Act.READ if _SUBORDINATE.search(" ".join(before.clause.words)) or not part.rest:
            return replace(part, act=Act.QUESTION)
        case Act.NEGATED if not _TURNS.intersection(opener.split()) and not _contrasts(before, part):
            return replace(part, act=Act.NEGATED)
        case Act.SUPPOSED if before.clause.words[0] == "before" and _BREAKS.search(opener):
            return part  # `before we delete anything, snapshot …`
        case Act.SUPPOSED:
            return replace(
                part, act=Act.DOUBTFUL if opener.startswith(",") or "then" in opener else Act.QUESTION, sure=UNSURE
            )
        case Act.STATEMENT if not _BREAKS.search(opener):
            return replace(part, act=Act.STATEMENT)
        case Act.DOUBTFUL if not _BREAKS.search(opener):
            return replace(part, act=Act.DOUBTFUL, sure=UNSURE)
        case _:
            return part


def _is_reported(part: Spoken) -> bool:
    """Whether a clause brings the words of somebody else: `the runbook says: stop x`."""
    if part.act not in (Act.FRAGMENT, Act.STATEMENT):
        return False
    text = " ".join(part.clause.words)
    return bool(openings.SAYS.search(text) or openings.WRITTEN.search(text))


def _watches(order: Spoken) -> bool:
    """`create an alarm that fires when …`: the condition is the alarm's, and not the order's."""
    return set(order.actions) <= {"create", "update"} and not _WATCHING.isdisjoint(order.clause.words)


def _contrasts(before: Spoken, part: Spoken) -> bool:
    """`don't stop web-1, stop web-2`: the same verb again, with its own object."""
    return part.clause.opener == "," and part.actions == before.actions and bool(part.rest) and bool(before.rest)


def _conditions_of_orders(spoken: list[Spoken]) -> list[Spoken]:
    """`stop x if …`, `when …, stop x`: an order under a condition is not one to carry out now."""
    result = list(spoken)
    for at, part in enumerate(spoken):
        before = spoken[at - 1] if at else None
        hangs = before is not None and before.clause.sentence == part.clause.sentence
        if (
            part.act is Act.SUPPOSED
            and hangs
            and before is not None
            and before.act is Act.ORDER
            and part.clause.opener in _CONDITIONS
            and not _watches(before)
        ):
            result[at - 1] = replace(before, act=Act.DOUBTFUL, sure=UNSURE)
    return result


_NOTIFYING = re.compile(r"\b(?:notify|alert|warn|page|ping|email|message) (?:me|us)\b")
_WATCHING = words(
    "alarm alarms alert alerts alerting notification notifications notify warn page budget trigger rule policy monitor "
    "fires scaling autoscaling lifecycle threshold"
)
_CONDITIONS = words("if when whenever once after before while until in unless whether")
