"""What a clause does: gives an order, asks, forbids, supposes, tells. Decided before anything else is read.

Only an order can lead to a change, and only a verb in its base form at the head of a clause, after nothing but
politeness, is an order (and the few ways to order by a wanted result). Everything else is a question, or is asked
back about.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from escher.contract.context import Mention
from escher.contract.vocabulary import Action
from escher_server.agents.understanding import imperatives
from escher_server.agents.understanding.clauses import Clause, is_nominal
from escher_server.agents.understanding.lexicon import closed, openings
from escher_server.agents.understanding.lexicon.conditions import Environment, Role
from escher_server.agents.understanding.lexicon.nouns import Noun
from escher_server.agents.understanding.lexicon.regions import Place
from escher_server.agents.understanding.lexicon.verbs import VAGUE_VERBS
from escher_server.agents.understanding.marking import mark
from escher_server.agents.understanding.senses import (
    Chunk,
    Generic,
    Grammar,
    Known,
    Literally,
    ProviderIs,
    When,
    ZoneIs,
)
from escher_server.agents.understanding.utterance import LIKELY, UNSURE, Act, Spoken, Utterance, opened
from escher_server.agents.understanding.verb_forms import BASE, GERUND, Found, done

_LONGEST_FRONT = 9
_FARTHEST_FORBIDDEN = 7
_BARE = 0.65
_WHERE = (Known, Literally, Place, ZoneIs, Environment, ProviderIs, Role, Generic, Noun, When)
_NOBODY: Mapping[str, tuple[Mention, ...]] = defaultdict(tuple)


def speak(clause: Clause) -> Spoken:
    """The act of one clause, taken by itself."""
    said = opened(clause)
    if said.start >= said.end:
        return said.spoken(Act.VAGUE if said.polite else Act.FRAGMENT)
    return _by_opening(said) or imperatives.by_verb(said) or _by_shape(said)


def _by_opening(said: Utterance) -> Spoken | None:
    """The act that the first words give away."""
    text = said.text
    if openings.MIND.match(text):
        return imperatives.minded(said)
    if openings.NEGATED.match(text) and not (said.clause.asks and text.startswith(("no", "nobody", "nothing"))):
        return _forbidden(said)
    if openings.SUPPOSED.match(text) and not (text.startswith("when ") and said.clause.asks):
        return said.spoken(Act.SUPPOSED)
    return imperatives.by_result(said) or imperatives.by_need(said) or _asked(said)


def _asked(said: Utterance) -> Spoken | None:
    if openings.HELP.match(said.text):
        return said.spoken(Act.QUESTION if hinted(said, said.start) else Act.VAGUE)
    asks = openings.QUESTION.match(said.text) or (said.clause.asks and said.text.startswith("do "))
    return said.spoken(Act.QUESTION) if asks and not imperatives.light_verb(said.words, said.start) else None


def _forbidden(said: Utterance) -> Spoken:
    """What must not be done: its object is what to leave alone."""
    words = said.words
    for at in range(said.start, min(said.start + _FARTHEST_FORBIDDEN, said.end)):
        if found := BASE.match(words, at, said.end) or GERUND.match(words, at, said.end):
            return said.ordered(found, begin=at, act=Act.NEGATED)
    negation = openings.NEGATED.match(said.text)
    begin = said.start + (len(negation[0].split()) if negation else 1)
    vague = VAGUE_VERBS.match(words, begin) if begin < said.end else None
    return said.spoken(Act.NEGATED, begin=begin + (vague[0] if vague else 0))


def _by_shape(said: Utterance) -> Spoken:
    """No verb at the head: a place before it, an opinion, a report of what others say, a bare phrase."""
    if fronted := _fronted(said):
        return fronted
    actions = hinted(said, said.start)
    if openings.OUGHT.search(said.text) or (GERUND.match(said.words, said.start, said.end) and not said.clause.asks):
        return said.spoken(Act.DOUBTFUL, actions, sure=UNSURE)
    if said.clause.asks and actions:
        return said.spoken(Act.QUESTION)
    if openings.TELLS.match(said.text) or openings.SAYS.search(said.text):
        return said.spoken(Act.STATEMENT, actions, sure=UNSURE)
    verb = _first_verb(said, said.start + 1)
    if verb and not is_nominal(said.words, verb.words[0], verb.head_end):
        return said.spoken(Act.DOUBTFUL, verb.actions, sure=UNSURE)
    return said.spoken(Act.FRAGMENT, sure=_BARE)


def _fronted(said: Utterance) -> Spoken | None:
    """`in us-east-1 stop all instances`, `tonight stop …`: only where and when may come before the verb."""
    found = _first_verb(said, said.start + 1)
    if found is None or found.words[0] > said.start + _LONGEST_FRONT or found.head_end >= said.end:
        return None
    at = found.words[0]
    if is_nominal(said.words, at, found.head_end):
        return None
    front = mark(said.clause.tokens[said.start : at], _NOBODY)
    first = said.words[said.start]
    if isinstance(front[0].sense, When) or (first in closed.PREPOSITIONS and all(map(_says_where, front))):
        return said.ordered(found, sure=LIKELY)
    return None


def _says_where(chunk: Chunk) -> bool:
    match chunk.sense:
        case Grammar(role=role):
            return role in ("preposition", "determiner", "every", "conjunction")
        case sense:
            return isinstance(sense, _WHERE)


def _first_verb(said: Utterance, start: int) -> Found | None:
    """The first verb of change in its base form from `start` on."""
    matches = (BASE.match(said.words, at, said.end) for at in range(start, said.end))
    return next(filter(None, matches), None)


def hinted(said: Utterance, start: int) -> tuple[Action, ...]:
    """The action that some form of a verb inside hints at."""
    for at in range(start, said.end):
        words, end = said.words, said.end
        found = BASE.match(words, at, end) or GERUND.match(words, at, end) or done(words, at, end)
        if found:
            return found.actions
    return ()
