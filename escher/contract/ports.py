"""The Protocols by which rooms of one layer meet; `session.wiring` puts the real parts together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol

from escher.contract.estate import Account, Completeness, Resource
from escher.contract.plan import Operation
from escher.contract.playbook import Targets as Wanted
from escher.contract.understanding import Clarification, Selector
from escher.contract.vocabulary import Effect, Language


class Embedder(Protocol):
    """Texts to unit vectors of `dimension` float32 numbers."""

    name: str
    dimension: int

    def embed(self, texts: Sequence[str]) -> list[bytes]:
        """One little-endian float32 vector a text, normalised to length 1."""
        ...


@dataclass(frozen=True, slots=True)
class Hit:
    """A found point: its key, and a score from 0 to 1."""

    key: str
    score: float


IndexKind = Literal["edge", "memory", "remote"]


class VectorIndex(Protocol):
    """Search by meaning, words and filters over points. Locally they are in memory only."""

    @property
    def kind(self) -> IndexKind:
        """Where the points are: the engine's memory files, this process's heap, or a server."""
        ...

    def fill(self, points: Iterable[Point]) -> None:
        """Make these all the points there are, in an index that was just opened."""
        ...

    def upsert(self, points: Iterable[Point]) -> None:
        """Add points, or replace those with the same key."""
        ...

    def delete(self, keys: Iterable[str]) -> None:
        """Take points out; unknown keys are ignored."""
        ...

    def search(self, vector: bytes | None, words: str, filters: Mapping[str, Sequence[str]], limit: int) -> list[Hit]:
        """The best points that meet all filters (field → allowed values), by meaning and words together.

        Without both, any that meet them, in an order that stays the same while nothing is written.
        """
        ...

    def facets(self, field: str, filters: Mapping[str, Sequence[str]]) -> dict[str, int]:
        """How many of the points that meet all filters have each value of a field; the most frequent first."""
        ...

    def count(self) -> int:
        """How many points there are."""
        ...

    def close(self) -> None:
        """Give memory and files back."""
        ...


@dataclass(frozen=True, slots=True)
class Point:
    """What is indexed of a record: a vector (float32 bytes; None until it is embedded), words and filter fields."""

    key: str
    vector: bytes | None
    words: str
    fields: Mapping[str, str | int | bool | Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StoredObject:
    """An object in a bucket: its name below the prefix, its size in bytes, and when it was written (Unix seconds)."""

    name: str
    size: int
    written_at: int


class ObjectStore(Protocol):
    """A bucket and a prefix in it: S3, Azure Blob Storage or Cloud Storage. Every method raises BackupError.

    Each call is tried again as its SDK does; who needs more patience calls again.
    """

    url: str

    def upload(self, name: str, source: Path) -> None:
        """Write a file as an object, whole or not at all, in place of an older one."""
        ...

    def download(self, name: str, target: Path) -> None:
        """Read an object into a new file."""
        ...

    def list(self) -> list[StoredObject]:
        """Every object under the prefix, oldest first."""
        ...

    def delete(self, name: str) -> None:
        """Delete an object; an unknown one is ignored."""
        ...


@dataclass(frozen=True, slots=True)
class Reading:
    """A script read without running it: the operations it calls with what parameters, and what is wrong with it.

    `effect` is the worst part's; anything that could not be read makes it `unknown`, with a line in `problems`.
    `invalid` says that all was read, and that the provider does not have an operation or would not take its parameters.
    """

    effect: Effect
    operations: tuple[Operation, ...]
    problems: tuple[tuple[int, str], ...] = ()
    invalid: bool = False


class ScriptReader(Protocol):
    """Reads scripts; never runs them."""

    def read(
        self,
        script: str,
        language: Language,
        arguments: Sequence[str] = (),
        environment: Mapping[str, str] | None = None,
    ) -> Reading:
        """What this script would call with these arguments and this environment."""
        ...


@dataclass(frozen=True, slots=True)
class Match:
    """What a selector came down to on the estate.

    `clarification` is set when a name was ambiguous or unknown or nothing matched; then there are no targets.
    `skipped` are matches that a playbook's `require` leaves out (already stopped, say).
    """

    targets: tuple[Resource, ...] = ()
    skipped: tuple[Resource, ...] = ()
    clarification: Clarification | None = None
    completeness: Completeness = field(default_factory=lambda: Completeness(complete=False))


class Resolver(Protocol):
    """Aliases back to what they stand for; on the client only."""

    def names(self, word: str) -> tuple[str, ...]:
        """The resource ids that an alias stands for, or none when the word is no alias."""
        ...

    def value(self, word: str) -> str:
        """The tag value, account or name an alias stands for; the word itself when it is none."""
        ...

    def alias_of(self, resource_id: str) -> str:
        """The alias of a resource, made if it has none yet."""
        ...


class Targets(Protocol):
    """Evaluates selectors over the whole store."""

    def match(self, selector: Selector, resolver: Resolver) -> Match:
        """For an order: the resources a selector means, terminated ones left out, or the question to ask back."""
        ...

    def find(self, selector: Selector, resolver: Resolver) -> Match:
        """For a question: whatever fits, best first; asks back only about a name that nothing bears."""
        ...

    def narrow(self, match: Match, wanted: Wanted) -> Match:
        """Of the targets, those a playbook can act on; the others become `skipped`. None left: a question back."""
        ...


@dataclass(frozen=True, slots=True)
class Keys:
    """Credentials of one account as variables for a child process; `note` says in a sentence how far they reach."""

    environment: Mapping[str, str] = field(repr=False)
    note: str = ""


class CloudAccess(Protocol):
    """What execution needs of a provider: who is there, and credentials for one account."""

    def identity(self, account: Account) -> str:
        """The account id and principal that the provider itself reports, as `account_id principal`. Raises CredentialError."""
        ...

    def environment(self, account: Account, region: str) -> dict[str, str]:
        """Credentials of this one account as environment variables for a child process. Raises CredentialError."""
        ...

    def keys(self, account: Account, region: str, operations: Sequence[Operation], targets: Sequence[str]) -> Keys:
        """The same, narrowed to these operations and targets (resource ids) where the provider can do that.

        Raises CredentialError.
        """
        ...


Progress = Callable[[Mapping[str, Any]], None]
