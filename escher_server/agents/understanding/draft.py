"""What has been read of a request's object so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from escher.contract.understanding import Comparison, Conditions, TagFilter
from escher.contract.vocabulary import Provider
from escher_server.agents.understanding.lexicon.conditions import FlagField
from escher_server.agents.understanding.lexicon.features import Feature, Topic
from escher_server.agents.understanding.lexicon.nouns import Noun
from escher_server.agents.understanding.senses import Tagged


@dataclass(slots=True)
class Draft:
    """Conditions while they are gathered."""

    values: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    flags: dict[FlagField, bool] = field(default_factory=dict[FlagField, bool])
    tags: list[TagFilter] = field(default_factory=list[TagFilter])
    comparisons: list[Comparison] = field(default_factory=list[Comparison])
    # Of what is left out: the kinds of things said with these conditions.
    nouns: list[Noun] = field(default_factory=list[Noun])
    contradicts: bool = False

    def add(self, name: str, *values: str) -> None:
        """Add values to a field, each once."""
        known = self.values.setdefault(name, [])
        known += [value for value in dict.fromkeys(values) if value not in known]

    def flag(self, name: FlagField, value: bool) -> None:
        """Set an attribute; said both ways, it contradicts itself."""
        self.contradicts |= self.flags.get(name, value) != value
        self.flags[name] = value

    def __bool__(self) -> bool:
        return bool(any(self.values.values()) or self.flags or self.tags or self.comparisons)

    def fields(self) -> dict[str, Any]:
        """The fields of `Conditions` or `Filters`."""
        values = {name: tuple(found) for name, found in self.values.items()}
        return {**values, **self.flags, "tags": tuple(self.tags), "comparisons": tuple(self.comparisons)}

    def conditions(self) -> Conditions:
        """The conditions as they cross the wire."""
        return Conditions(**self.fields())


@dataclass(slots=True)
class Selection:
    """What was read of the object: conditions, nouns, amounts, values to set, and what stayed unclear."""

    main: Draft = field(default_factory=Draft)
    exclude: list[Draft] = field(default_factory=list[Draft])
    nouns: list[Noun] = field(default_factory=list[Noun])
    # Nouns and names behind a preposition: what the things belong to, not what is meant.
    related: list[Noun] = field(default_factory=list[Noun])
    # Nouns that only tell settings apart: `bucket versioning`.
    modifiers: list[Noun] = field(default_factory=list[Noun])
    related_names: list[str] = field(default_factory=list[str])
    providers: list[Provider] = field(default_factory=list[Provider])
    # A cloud was named by itself, and not only by its word for a thing.
    in_cloud: bool = False
    features: list[Feature] = field(default_factory=list[Feature])
    topics: list[Topic] = field(default_factory=list[Topic])
    assigned: list[Tagged] = field(default_factory=list[Tagged])
    every: bool = False
    everything: bool = False
    plural: bool = False
    indefinite: bool = False
    # A name is that of something the estate has.
    known: bool = False
    some: bool = False
    either: bool = False
    pronoun: bool = False
    generic: bool = False
    limit: int | None = None
    size: str = ""
    gib: int | None = None
    mib: int | None = None
    number: int | None = None
    days: float | None = None
    schedule: str = ""
    # How long it should last: `for the weekend`.
    lasts: str = ""
    # Aliases that can be read in two ways, judgements nobody can decide, restricting words nobody knows, and, in a
    # question, any words nobody knows.
    ambiguous: list[str] = field(default_factory=list[str])
    soft: list[str] = field(default_factory=list[str])
    unread: list[str] = field(default_factory=list[str])
    unknown: list[str] = field(default_factory=list[str])
    words: list[str] = field(default_factory=list[str])

    @property
    def has_names(self) -> bool:
        """Whether single things are named."""
        return bool(self.main.values.get("names") or self.main.values.get("ids"))

    @property
    def many(self) -> bool:
        """Whether it speaks of more than one thing."""
        return self.plural or self.every or (not self.has_names and any(noun.mass for noun in self.nouns))

    @property
    def has_head(self) -> bool:
        """Whether the thing itself has been said."""
        return bool(self.nouns) or self.has_names or self.everything or self.generic

    @property
    def narrows(self) -> bool:
        """Whether anything is named, narrowed or left out, besides the noun itself."""
        return bool(self.main or self.in_cloud or self.exclude)

    @property
    def excluded_nouns(self) -> list[Noun]:
        """Kinds of things that are left out altogether."""
        return [noun for draft in self.exclude if not draft for noun in draft.nouns]

    @property
    def excluded(self) -> list[Draft]:
        """What is left out by conditions; a noun said with them is dropped, which leaves out more, never less."""
        return [draft for draft in self.exclude if draft]
