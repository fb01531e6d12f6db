"""What a clause does: gives an order, asks, forbids, supposes, tells. Decided before anything else is read.

Only an order can lead to a change, and only a verb in its base form at the head of a clause, after nothing but
politeness, is an order. Everything else is a question, or is asked back about.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from escher.contract.context import Mention
from escher.contract.vocabulary import Action
from escher_server.agents.understanding.clauses import Clause, is_nominal
from escher_server.agents.understanding.lexicon import closed
from escher_server.agents.understanding.lexicon.conditions import Environment, Role
from escher_server.agents.understanding.lexicon.features import TOPICS
from escher_server.agents.understanding.lexicon.nouns import NOUNS, Noun
from escher_server.agents.understanding.lexicon.regions import Place
from escher_server.agents.understanding.lexicon.verbs import LIGHT_VERBS, NOMINALS, READS, VAGUE_VERBS
from escher_server.agents.understanding.marking import mark
from escher_server.agents.understanding.senses import Chunk, Generic, Grammar, Known, Literally, ProviderIs, When, ZoneIs
from escher_server.agents.understanding.verb_forms import BASE, GERUND, Found, done


class Act(Enum):
    """What a clause does."""

    ORDER = "order"
    READ = "read"
    QUESTION = "question"
    NEGATED = "negated"
    SUPPOSED = "supposed"
    DOUBTFUL = "doubtful"
    VAGUE = "vague"
    STATEMENT = "statement"
    FRAGMENT = "fragment"


@dataclass(frozen=True, slots=True)
class Spoken:
    """A clause, its act, the actions of its verb (several: unclear which) and the tokens that its object is in."""

    clause: Clause
    act: Act
    actions: tuple[Action, ...] = ()
    rest: tuple[int, ...] = ()
    # How sure it is that the act is this one.
    sure: float = 0.95
    polite: bool = False


_OPENING = re.compile(rf"(?:{closed.OPENINGS}|,)(?= |$)")
_POLITE = re.compile(
    r"(?:(?:can|could|would|will) (?:you|u|escher)(?: (?:now|just|also|maybe|possibly|kindly|then|perhaps|go ahead and|go and|help and))*"
    r"|do not (?:forget|hesitate|fail) to|be sure to|make sure (?:to|you|that you)|remember to|make certain to"
    r"|(?:i|we) would (?:appreciate|like|love) it if you (?:could|would)?|it would be (?:great|nice|good|lovely|helpful|awesome|cool|best) if you (?:could|would)"
    r"|would you be (?:able|so kind as|willing|kind enough) to|(?:i am|i'm|we are) asking you to|i ask you to|i request you to|you are to"
    r"|(?:i|we)(?: (?:really|just|now|also|still|do|only|actually|kind of|sort of|definitely|urgently))*"
    r" (?:want|need|require|would like|would love|wish|would prefer|have|would want|would need|like)"
    r"(?: (?:you|escher|this))? to(?: (?:now|just|also|please|quickly|go ahead and|really))*|(?:i|we) (?:must|gotta)|try (?:to|and)|attempt to"
    r"|my request is to|the task is to|your (?:task|job) is to|task is to|feel free to|(?:it is )?time to|let us|go ahead and)(?= |$)"
)
_GERUND_POLITE = re.compile(r"(?:would|do) you mind(?= )|try(?= \w+ing\b)")
_NEGATED = re.compile(
    r"(?:(?:please )?do not|never|not|avoid|refrain from|stop short of|by no means|under no circumstances|without|nobody|no one|nothing|"
    r"(?:i|we) (?:do not|did not|would not|will not|never|am not|are not)(?: (?:really|actually|necessarily|yet))?"
    r" (?:want|need|wish|like|mean|intend|plan|asking|going|trying)(?: (?:you|anyone|anybody|us|anything))? to|not asking you to|(?:i|we) (?:will|would) not|"
    r"(?:can|could|would|will|must|should) (?:you )?not|you (?:must|should|shall|may|can|need) (?:not|never)|no longer|"
    r"(?:make sure|ensure)(?: that)? (?:not|nothing|no one|nobody|you do not|to not|we do not|it does not))(?= |$)"
)
_SUPPOSED = re.compile(
    r"(?:if|suppose|supposing|imagine|imagining|assuming|assume|say (?:i|we)|what if|in case|hypothetically|pretend|let us (?:say|assume|suppose|imagine|pretend)|"
    r"theoretically|in theory|were (?:i|we) to|had (?:i|we)|provided|unless|until|when|whenever|once|after|before|while|whether|although|though|because)(?= |$)"
)
_QUESTION = re.compile(
    r"(?:how|what|which|who|whom|whose|where|why|when|is|are|am|was|were|does|did|has|have (?:i|you|we|they|any|the|all|there|my|our|anyone|some)|had|"
    r"can|could|should|shall|may|might|must|will|would|do (?:i|you|we|they|not we|not i)|any|anyone|anybody|anything|"
    r"(?:i|we)(?: (?:am|was|are|were|have been))?(?: just| also| really| still)* (?:wonder|wondering|curious|unsure|not sure|confused|do not know|do not understand|have a question|looking for|interested in|trying to (?:find|understand|see|figure|learn|work out)|"
    r"(?:would like|want|need|love|like|hope|have|wish|wanted|needed)(?: you)? to (?:know|understand|learn|find|see|figure|hear|be|have a look|get|view|check|ask|review|look|compare|count|list))|"
    r"how to|curious|wondering|question|quick question|help|need help|(?:i|we) need help|the (?:command|way|steps?|procedure|syntax) (?:to|for)|"
    r"(?:steps?|ways?|instructions?|command|syntax|procedure|guide|tutorial|examples?|help) (?:to|for|on|with|of))(?= |$)"
)
_ABLE = re.compile(r"(?:can|could) you(?: (?:even|really|actually|ever|theoretically|technically|also))+(?= )")
_HELP = re.compile(r"(?:(?:can|could|would|will) you )?(?:please )?(?:help|assist)(?: me| us)?(?: to| with| in)?(?= |$)")
_SUBJECT = r"(?:i|we|you|he|she|they|it|boss|manager|someone|somebody|everyone|team|people|there|this|that|my|our)"
_TOLD = re.compile(rf"{_SUBJECT}\b.*\b(?:was|were|am|are|is|been|have|has|had|will|might|may|could|should|told|asked|said|says|wants?|think|plan|going|just|already)\b")
_PASSIVE = re.compile(
    r"\b(?:should|must|has to|have to|needs? to|ought to|can|could|may|might|shall|is to|are to|is supposed to|are supposed to|had better)"
    r" (?:all |now |also |probably |really |just |then )?(?:be|get) "
)
_NEEDS = re.compile(r"\b(?:needs?|requires?|deserves?|could use|wants) (?:an? |some |to be )?(?=\w)")
_MEANS = re.compile(r"(?:i|we)(?: (?:really|just|now|also|still|do))* (?:want|need|would like|would love|like)(?= )|(?:make sure|ensure|see to it)(?: that)?(?= )|(?:get|have)(?= )|(?:can|could) (?:i|we) (?:get|have)(?= )")


def speak(clause: Clause) -> Spoken:
    """The act of one clause, taken by itself."""
    words, start, polite = _opened(clause)
    if start >= len(words):
        return Spoken(clause, Act.FRAGMENT if not polite else Act.VAGUE, rest=(), polite=polite)
    text = " ".join(words[start:])
    spoken = _by_opening(clause, words, start, text, polite=polite) or _by_verb(clause, words, start, polite=polite)
    return spoken or _by_shape(clause, words, start, text)


def _opened(clause: Clause) -> tuple[list[str], int, bool]:
    """The words, where the request itself starts after greetings and politeness, and whether it was asked politely."""
    words, start, polite = clause.words, 0, False
    while start < len(words):
        text = " ".join(words[start:])
        found = _POLITE.match(text)
        if found and not _ABLE.match(text) and not _GERUND_POLITE.match(text) and not _goes_on_as_question(text[found.end() :]):
            polite = True
        else:
            found = None if _phrase_is_verb(words, start) else _OPENING.match(text)
        if not found:
            break
        start += len(found[0].split())
    return words, start, polite


_ASKING = re.compile(r" ?(?:know|understand|learn|see|figure|hear|be|have|get|view|check|ask|look)(?= |$)")


def _goes_on_as_question(text: str) -> bool:
    return bool(_ASKING.match(text)) and not BASE.match(text.split(), 0, len(text.split()))


def _phrase_is_verb(words: Sequence[str], at: int) -> bool:
    """`do it` opens a clause, `do a snapshot of` is its verb."""
    return BASE.match(words, at, len(words)) is not None or READS.match(words, at) is not None


def _by_opening(clause: Clause, words: list[str], start: int, text: str, *, polite: bool) -> Spoken | None:
    """The act that the first words give away."""
    rest = tuple(range(start, len(words)))
    if _GERUND_POLITE.match(text):
        return _gerund(clause, words, start)
    if _NEGATED.match(text) and not (clause.asks and words[start] in ("nobody", "no", "nothing")):
        return _negated(clause, words, start)
    if _SUPPOSED.match(text) and not (text.startswith("when ") and clause.asks):
        return Spoken(clause, Act.SUPPOSED, rest=rest)
    if found := _meant(clause, words, start, text):
        return found
    if needed := _needed(clause, words, start, text):
        return needed
    if _HELP.match(text):
        doubtful = any(BASE.match(words, at, len(words)) or GERUND.match(words, at, len(words)) for at in range(start, len(words)))
        return Spoken(clause, Act.QUESTION if doubtful else Act.VAGUE, rest=rest)
    if (_QUESTION.match(text) or (clause.asks and text.startswith("do "))) and not _causes_snapshot(words, start):
        return Spoken(clause, Act.QUESTION, rest=rest, polite=polite)
    return None


_NEED = re.compile(r"(?:i|we)(?: (?:really|just|now|also|still|do))* (?:want|need|would like|require) (?=(?:a|an|another|some|new|two|2|3|4|5)\b)")


def _needed(clause: Clause, words: list[str], start: int, text: str) -> Spoken | None:
    """`I need a new bucket`, `I would like a report`: something is to be made."""
    found = _NEED.match(text)
    if not found:
        return None
    begin = start + len(found[0].split())
    things = any(NOUNS.match(words, at) or TOPICS.match(words, at) for at in range(begin, min(begin + 6, len(words))))
    return Spoken(clause, Act.ORDER, ("create",), tuple(range(begin, len(words))), sure=0.7, polite=True) if things else None


def _causes_snapshot(words: list[str], start: int) -> bool:
    return _light(words, start) is not None


def _gerund(clause: Clause, words: list[str], start: int) -> Spoken:
    at = start + (3 if words[start] != "try" else 1)
    found = GERUND.match(words, at, len(words)) if at < len(words) else None
    if found is None:
        return Spoken(clause, Act.QUESTION, rest=tuple(range(start, len(words))))
    return Spoken(clause, Act.ORDER, found.actions, _without(found, at, len(words)), sure=0.85, polite=True)


def _negated(clause: Clause, words: list[str], start: int) -> Spoken:
    """What must not be done: its object is what to leave alone."""
    negation = _NEGATED.match(" ".join(words[start:]))
    begin = start + (len(negation[0].split()) if negation else 1)
    for at in range(start, min(start + 7, len(words))):
        if found := BASE.match(words, at, len(words)) or GERUND.match(words, at, len(words)):
            return Spoken(clause, Act.NEGATED, found.actions, _without(found, at, len(words)))
    vague = VAGUE_VERBS.match(words, begin) if begin < len(words) else None
    return Spoken(clause, Act.NEGATED, rest=tuple(range(begin + (vague[0] if vague else 0), len(words))))


def _meant(clause: Clause, words: list[str], start: int, text: str) -> Spoken | None:
    """`I want X stopped`, `make sure X is encrypted`: an order by its result."""
    lead = _MEANS.match(text)
    if not lead or re.search(r"\b(?:not|no|never|nothing|n't|know|see|list|which|what|how|if|whether|report|that (?:are|is))\b", text):
        return None
    begin = start + len(lead[0].split())
    strict = words[start] in ("get", "have")
    for at in range(begin + 1, len(words)):
        found = done(words, at, len(words))
        if found and _ends_there(words, max(found.words) + 1, strict=strict):
            before = at - 1 if words[at - 1] in ("is", "are", "be", "gets", "get", "becomes", "being", "stays", "all") else at
            kept = (*range(begin, before), *(i for i in range(at, len(words)) if i not in found.words))
            return Spoken(clause, Act.ORDER, found.actions, kept, sure=0.75, polite=True)
    return None


_AFTER_RESULT = frozenset("in on at for by with before after tonight tomorrow today until over every to , and across from now".split())


def _ends_there(words: list[str], at: int, *, strict: bool) -> bool:
    return at >= len(words) or (not strict and words[at] in _AFTER_RESULT)


def _by_verb(clause: Clause, words: list[str], start: int, *, polite: bool) -> Spoken | None:
    """An imperative: of a change, of telling, or of something unclear."""
    end = len(words)
    found = BASE.match(words, start, end)
    read = READS.match(words, start)
    if light := _light(words, start):
        found = light
    if found and not (read and start + read[0] > found.head_end) and not is_nominal(words, start, found.head_end):
        return _order(clause, words, start, found, polite=polite)
    if read and not is_nominal(words, start, start + read[0]):
        return Spoken(clause, Act.READ, read[1].actions, tuple(range(start + read[0], end)), polite=polite)
    if vague := VAGUE_VERBS.match(words, start):
        return Spoken(clause, Act.VAGUE, rest=tuple(range(start + vague[0], end)), polite=polite)
    return None


# `stop billing me`: something to cease, not a thing to stop.
_DOINGS = frozenset(
    "sending charging billing paying wasting doing using spending creating deleting scanning showing asking sharing working "
    "being talking trying suggesting complaining losing crashing failing happening".split()
)


def _order(clause: Clause, words: list[str], start: int, found: Found, *, polite: bool) -> Spoken:
    following = words[found.head_end] if found.head_end < len(words) else ""
    if following in _DOINGS:
        return Spoken(clause, Act.VAGUE, rest=_without(found, start, len(words)))
    if following in ("if", "whether", "that", "why", "how"):
        return Spoken(clause, Act.QUESTION, rest=_without(found, start, len(words)))
    return Spoken(clause, Act.ORDER, found.actions, _without(found, start, len(words)), polite=polite)


# With these it is the thing made that counts, unless it is made of another: `create a snapshot of …`.
_MAKING = frozenset(("create", "make", "take", "grab", "add"))


def _light(words: Sequence[str], at: int) -> Found | None:
    """`do a reboot of`, `give X a restart`, `create a db snapshot of`."""
    if words[at] not in LIGHT_VERBS and words[at] not in _MAKING:
        return None
    for noun in range(at + 1, min(at + 12, len(words))):
        found = NOMINALS.match(words, noun)
        if found is None or (words[at] != "give" and noun > at + 4):
            continue
        after = noun + found[0]
        if words[at] in _MAKING and (after >= len(words) or words[after] not in ("of", "for", "from", "on")):
            return None
        article = noun - 1 if words[noun - 1] in ("a", "an", "the") else noun
        used = list(range(article, after)) if words[at] == "give" else list(range(at, after))
        if words[at] != "give" and not any(word in ("a", "an", "the") for word in words[at + 1 : noun]) and noun != at + 1:
            return None
        if after < len(words) and words[after] in ("of", "on", "for", "from"):
            used.append(after)
            after += 1
        return Found((found[1],), tuple(dict.fromkeys((at, *used))), after)
    return None


def _without(found: Found, start: int, end: int) -> tuple[int, ...]:
    return tuple(at for at in range(start, end) if at not in found.words)


def _by_shape(clause: Clause, words: list[str], start: int, text: str) -> Spoken:
    """No verb at the head: a passive, a report of what others say, a bare phrase."""
    rest = tuple(range(start, len(words)))
    if fronted := _fronted(clause, words, start):
        return fronted
    if _PASSIVE.search(text) or _NEEDS.search(text):
        return Spoken(clause, Act.DOUBTFUL, _hinted(words, start), rest, sure=0.5)
    if clause.asks and _hinted(words, start):
        return Spoken(clause, Act.QUESTION, rest=rest)
    if _TOLD.match(text):
        return Spoken(clause, Act.STATEMENT, _hinted(words, start), rest, sure=0.5)
    if words[start] in ("you", "i", "we", "he", "she", "they", "someone", "somebody"):
        return Spoken(clause, Act.STATEMENT, _hinted(words, start), rest, sure=0.5)
    hinted = _hinted(words, start + 1, bare_only=True)
    if hinted and not is_nominal_anywhere(words, start + 1):
        return Spoken(clause, Act.DOUBTFUL, hinted, rest, sure=0.5)
    return Spoken(clause, Act.FRAGMENT, rest=rest, sure=0.65)


def _fronted(clause: Clause, words: list[str], start: int) -> Spoken | None:
    """`in us-east-1 stop all instances`, `tonight stop …`: only where and when may come before the verb."""
    for at in range(start + 1, min(start + _LONGEST_FRONT, len(words) - 1)):
        found = BASE.match(words, at, len(words))
        if found and not is_nominal(words, at, found.head_end):
            front = mark(clause.tokens[start:at], _NOBODY)
            if isinstance(front[0].sense, When) or (words[start] in closed.PREPOSITIONS and all(map(_says_where, front))):
                kept = (*range(start, at), *_without(found, at, len(words)))
                return Spoken(clause, Act.ORDER, found.actions, kept, sure=0.75)
            return None
    return None


_LONGEST_FRONT = 9
_NOBODY: Mapping[str, tuple[Mention, ...]] = defaultdict(tuple)


def _says_where(chunk: Chunk) -> bool:
    match chunk.sense:
        case Grammar(role=role):
            return role in ("preposition", "determiner", "every", "conjunction")
        case Known() | Literally() | Place() | ZoneIs() | Environment() | ProviderIs() | Role() | Generic() | Noun() | When():
            return True
        case _:
            return False


def _hinted(words: list[str], start: int, *, bare_only: bool = False) -> tuple[Action, ...]:
    """The action that some form of a verb inside hints at."""
    for at in range(start, len(words)):
        forms = (BASE,) if bare_only else (BASE, GERUND)
        found = next((match for form in forms if (match := form.match(words, at, len(words)))), None)
        found = found or (None if bare_only else done(words, at, len(words)))
        if found:
            return found.actions
    return ()


def is_nominal_anywhere(words: list[str], start: int) -> bool:
    """Whether the first verb after `start` stands as a noun."""
    for at in range(start, len(words)):
        if found := BASE.match(words, at, len(words)):
            return is_nominal(words, at, found.head_end)
    return True
