"""What a stretch of a request can be: the parts that the reader of selections puts together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from escher.contract.context import Mention
from escher.contract.understanding import Comparison
from escher.contract.vocabulary import Provider, State
from escher_server.agents.understanding.lexicon.conditions import Environment, Flag, Role
from escher_server.agents.understanding.lexicon.features import Feature, Topic
from escher_server.agents.understanding.lexicon.nouns import Noun
from escher_server.agents.understanding.lexicon.regions import Place


@dataclass(frozen=True, slots=True)
class Known:
    """An alias: a thing or a value of the user's own, and what it can be."""

    alias: str
    mentions: tuple[Mention, ...]


@dataclass(frozen=True, slots=True)
class Literally:
    """A name in quotes or a placeholder, taken as it stands."""

    text: str


@dataclass(frozen=True, slots=True)
class Word:
    """A word the lists do not know."""

    text: str

    @property
    def is_name(self) -> bool:
        """Whether it is built as identifiers are: with digits, dashes, dots, underscores or a star inside."""
        return any(not letter.isalpha() for letter in self.text) and any(map(str.isalnum, self.text))


@dataclass(frozen=True, slots=True)
class Tagged:
    """`env=dev`: a tag key and the values it may have. `lead` is the word that brought it: `tagged`, `with` or none."""

    key: str
    values: tuple[str, ...]
    lead: str = ""


@dataclass(frozen=True, slots=True)
class Untagged:
    """Without a tag of this key; `*` when without any, empty for the tag spoken of."""

    key: str


@dataclass(frozen=True, slots=True)
class StateIs:
    """A state things may be in."""

    state: State


@dataclass(frozen=True, slots=True)
class ProviderIs:
    """A cloud."""

    provider: Provider


@dataclass(frozen=True, slots=True)
class ZoneIs:
    """A zone, in its region."""

    zone: str


@dataclass(frozen=True, slots=True)
class Generic:
    """`resources`, `things`: anything at all."""

    plural: bool


@dataclass(frozen=True, slots=True)
class Soft:
    """A judgement that no inventory can decide: `old`, `underused`."""

    word: str


@dataclass(frozen=True, slots=True)
class SizeName:
    """An instance type or class."""

    name: str


@dataclass(frozen=True, slots=True)
class Compared:
    """A measure against a number."""

    comparison: Comparison


@dataclass(frozen=True, slots=True)
class Gib:
    """A size: whole GiB, and the whole of it in MiB."""

    gib: int
    mib: int


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time, in days: to keep something for, or after which it goes."""

    days: float


@dataclass(frozen=True, slots=True)
class Amount:
    """How many at most; `order` when they are the oldest or the like."""

    number: int
    order: str


@dataclass(frozen=True, slots=True)
class When:
    """A time: to do it at, to last for, or at which something happened."""

    kind: Literal["schedule", "duration", "past"]
    text: str


@dataclass(frozen=True, slots=True)
class Number:
    """A bare number."""

    value: int


@dataclass(frozen=True, slots=True)
class Grammar:
    """A word of a closed class."""

    role: Literal[
        "except", "not", "every", "everything", "some", "determiner", "pronoun", "conjunction", "preposition", "to",
        "relative", "copula", "mark", "purpose",
    ]  # fmt: skip
    word: str


Sense = (
    Known | Literally | Word | Tagged | Untagged | StateIs | ProviderIs | ZoneIs | Generic | Soft | SizeName | Compared
    | Gib | Span | Amount | When | Number | Grammar | Noun | Place | Environment | Flag | Role | Feature | Topic
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Chunk:
    """A stretch of the request with its sense; `at` is its first token."""

    sense: Sense
    at: int
    length: int = 1
