"""Where in the phrase the reader is, and where what it reads belongs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from escher.contract.vocabulary import Action
from escher_server.agents.understanding.draft import Draft, Selection
from escher_server.agents.understanding.lexicon.conditions import Role
from escher_server.agents.understanding.lexicon.nouns import Noun
from escher_server.agents.understanding.senses import Chunk, Generic, Sense

_SETTING = frozenset(("tag", "untag", "update", "resize", "scale", "create", "enable", "attach"))


@dataclass(frozen=True, slots=True)
class Aim:
    """What the reading is for: an order is read strictly; some orders set values, or make new things."""

    order: bool
    action: Action = "none"
    known_regions: frozenset[str] = frozenset()

    @property
    def sets(self) -> bool:
        """Whether the order gives things new values."""
        return self.action in _SETTING

    @property
    def creates(self) -> bool:
        """Whether the order makes new things."""
        return self.action == "create"


@dataclass(slots=True)
class Scene:
    """The state of reading one clause into a selection."""

    aim: Aim
    selection: Selection
    chunks: Sequence[Chunk] = ()
    at: int = 0
    excluding: bool = False
    negated: bool = False
    # The last preposition, until what it governs has been read; `related` while that is another thing.
    preposition: str = ""
    related: bool = False
    to: bool = False
    relative: bool = False
    joined: bool = False
    role: Role | None = None
    last: Sense | None = None

    @property
    def before(self) -> Sense | None:
        """The sense just before."""
        return self.chunks[self.at - 1].sense if self.at else None

    @property
    def after(self) -> Sense | None:
        """The sense just after."""
        return self.chunks[self.at + 1].sense if self.at + 1 < len(self.chunks) else None

    def noun_ahead(self, within: int) -> Noun | Generic | None:
        """The next noun of at most so many chunks."""
        for chunk in self.chunks[self.at + 1 : self.at + 1 + within]:
            if isinstance(chunk.sense, Noun | Generic):
                return chunk.sense
        return None

    def draft(self) -> Draft:
        """Where a condition goes: to what is meant, or to what is left out."""
        selection = self.selection
        if not self.excluding and not self.negated:
            return selection.main
        if not self.excluding or not selection.exclude:
            selection.exclude.append(Draft())
        return selection.exclude[-1]

    def filter(self, name: str, *values: str) -> None:
        """Add values to a condition.

        `except web-1 in us-east-1` leaves open whose place that is: then both what is meant and what is left out get
        smaller, never larger.
        """
        exclude = self.selection.exclude
        if self.excluding and name != "names" and exclude and exclude[-1].values.get("names") and not self.joined:
            self.selection.main.add(name, *values)
        else:
            self.draft().add(name, *values)

    def settle(self) -> None:
        """What a preposition or a `not` governed has been read."""
        self.preposition, self.to, self.negated, self.role, self.joined = "", False, False, None, False
