"""A clause on its way to its act: what is left of it behind greetings and politeness."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from escher.contract.vocabulary import Action
from escher_server.agents.understanding.clauses import Clause
from escher_server.agents.understanding.lexicon import openings
from escher_server.agents.understanding.lexicon.verbs import READS
from escher_server.agents.understanding.verb_forms import BASE, Found

SURE, LIKELY, UNSURE = 0.95, 0.75, 0.5


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
    # How sure it is that the act is this one, and whether it was put politely.
    sure: float = SURE
    polite: bool = False


@dataclass(frozen=True, slots=True)
class Utterance:
    """A clause and where its own words start."""

    clause: Clause
    words: list[str]
    start: int
    polite: bool

    @property
    def text(self) -> str:
        """Its own words."""
        return " ".join(self.words[self.start :])

    @property
    def end(self) -> int:
        """Where its words end."""
        return len(self.words)

    def spoken(
        self, act: Act, actions: tuple[Action, ...] = (), *, begin: int | None = None, sure: float = SURE
    ) -> Spoken:
        """This clause with an act, its object in everything from `begin`."""
        rest = tuple(range(self.start if begin is None else begin, self.end))
        return Spoken(self.clause, act, actions, rest, sure, self.polite)

    def ordered(self, found: Found, *, begin: int | None = None, sure: float = SURE, act: Act = Act.ORDER) -> Spoken:
        """This clause with the act of a verb, its object in everything from `begin` but the verb's own words."""
        span = range(self.start if begin is None else begin, self.end)
        rest = tuple(at for at in span if at not in found.words)
        return Spoken(self.clause, act, found.actions, rest, sure, self.polite)


def opened(clause: Clause) -> Utterance:
    """The clause without greetings and politeness at its head."""
    words, start, polite = clause.words, 0, False
    while start < len(words):
        text = " ".join(words[start:])
        found = _politeness(text)
        polite = polite or found is not None
        if found is None and not _is_verb(words, start):
            match = openings.OPENING.match(text)
            found = match[0] if match else None
        if found is None:
            break
        start += len(found.split())
    return Utterance(clause, words, start, polite)


def _politeness(text: str) -> str | None:
    found = openings.POLITE.match(text)
    if not found or openings.ABLE.match(text) or openings.MIND.match(text):
        return None
    after = text[found.end() :]
    asks = openings.ASKING.match(after) and not BASE.match(after.split(), 0, len(after.split()))
    return None if asks else found[0]


def _is_verb(words: list[str], at: int) -> bool:
    """`do it` opens a clause, `do a snapshot of` is its verb."""
    return BASE.match(words, at, len(words)) is not None or READS.match(words, at) is not None
