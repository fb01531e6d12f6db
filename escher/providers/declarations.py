"""How a resource type is declared: what is called, what is kept of the answers, what it takes. Pure data.

Every `path` is a JMESPath expression over one raw record: what the list call says of one thing, with the answer of each
detail call under the key that `DetailCall.into` names. A field whose path leads nowhere is left out: unknown, not empty.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from escher.contract.vocabulary import Kind, Provider, State


@dataclass(frozen=True, slots=True)
class Int:
    """A whole number, in the unit that the field's name ends with."""

    path: str


@dataclass(frozen=True, slots=True)
class Bool:
    """A boolean the provider states itself."""

    path: str


@dataclass(frozen=True, slots=True)
class Time:
    """A moment, in whole Unix seconds."""

    path: str


@dataclass(frozen=True, slots=True)
class Texts:
    """A list of strings."""

    path: str


@dataclass(frozen=True, slots=True)
class Holds:
    """True when the expression yields something, else False; left out while one of the `needs` could not be read."""

    path: str
    needs: tuple[str, ...] = ()


FieldSpec = str | Int | Bool | Time | Texts | Holds


@dataclass(frozen=True, slots=True)
class StateRule:
    """The provider's states and ours. `missing` is the state of a thing of which the provider reports none."""

    path: str = ""
    states: Mapping[str, State] = field(default_factory=dict)
    missing: State = "available"


@dataclass(frozen=True, slots=True)
class ListCall:
    """The call that lists a type: `operation` and `parameters` as in the API, `result` the records within one page."""

    operation: str
    result: str
    permission: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    page_size: int | None = None


@dataclass(frozen=True, slots=True)
class DetailCall:
    """A call for each record, in order: `arguments` are paths in the record, the answer's `result` goes to `into`.

    An error code in `absent` means that there is no such detail, which is an answer: `into` becomes an empty object.
    """

    operation: str
    arguments: Mapping[str, str]
    into: str
    permission: str
    result: str = "@"
    absent: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ResourceType:
    """One type of resource: all that the engine has to know of it.

    `resource_id` is a path, or a template that begins with `arn:` over partition, region, account_id and identifier.
    `home` is the path of a record's own region, for a type that is listed once for all regions. `gone` are the error
    codes of a detail call which say that the thing was deleted after it was listed. Without a `Name` tag, a resource is
    called what `label` leads to, else its identifier.
    """

    name: str
    kind: Kind
    service: str
    listing: ListCall
    identifier: str
    resource_id: str
    fields: Mapping[str, FieldSpec]
    provider: Provider = "aws"
    reach: Literal["regional", "global"] = "regional"
    home: str = ""
    label: str = ""
    zone: str = ""
    tags: str = ""
    state: StateRule = StateRule()
    details: tuple[DetailCall, ...] = ()
    gone: tuple[str, ...] = ()
    timeout_s: int = 120

    @property
    def reads(self) -> tuple[str, ...]:
        """The permissions that reading this type takes."""
        return (self.listing.permission, *(detail.permission for detail in self.details))
