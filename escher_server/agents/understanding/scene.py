"""Where in the phrase the reader is, and where what it reads belongs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from escher.contract.vocabulary import Action
from escher_server.agents.understanding.draft import Draft, Selection
from escher_server.agents.understanding.lexicon.conditions import Role
from escher_server.agents.understanding.lexicon.nouns import Noun
from escher_server.agents.understanding.roles import Meant
from escher_server.agents.understanding.senses import Chunk, Generic, Grammar, Sense

_SETTING = frozenset(("tag", "untag", "update", "resize", "scale", "create", "enable", "attach"))
# Of these, what is set may be put in any words; what a size or a number of things is may not.
_FREE = frozenset(("update", "create", "enable", "disable", "schedule", "encrypt", "rotate"))


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
    def measures(self) -> bool:
        """Whether the order sets a size or a number, which no free words can be."""
        return self.action in ("resize", "scale")

    @property
    def describes(self) -> bool:
        """Whether words nobody knows may say what is to be set, rather than which things are meant."""
        return self.action in _FREE

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
    # The chunk behind a number that is set, which only counts: `to 5 nodes`.
    counted: int = -1
    # The chunk of a role whose name stood before it.
    role_behind: int = -1
    last: Sense | None = None
    # The last place or group that was read, and its chunk.
    placed: tuple[int, Meant] | None = None

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

    @property
    def goes_on(self) -> Meant | None:
        """What a name joined to a place or group means too: `in the projects a and b`."""
        if self.placed is None or not self.joined or self.placed[0] != self.at - 2:
            return None
        return self.placed[1] if self.placed[1].field in ("accounts", "tags", "applications", "owners") else None

    def takes_role(self) -> Role | None:
        """The role of the name that is being read: said before it, or behind it as in `the payments team`."""
        behind = self.after
        if self.role is None and isinstance(behind, Role) and not behind.link and behind.field not in ("names", "ids"):
            self.role_behind = self.at + 1
            return behind
        return self.role

    def object_ahead(self) -> bool:
        """Whether the thing itself is still to come, behind a preposition."""
        ahead = [chunk.sense for chunk in self.chunks[self.at + 1 :]]
        linked = (sense for sense in ahead if isinstance(sense, Grammar) and sense.role in ("preposition", "to"))
        link = next(linked, None)
        return link is not None and any(not isinstance(sense, Grammar) for sense in ahead[ahead.index(link) + 1 :])

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
