"""How a resource type is declared: what is called, what is kept of the answers, what it takes. Pure data.

Every `path` is a JMESPath expression over one raw record: what the list call says of one thing, with the answer of each
detail call under the key that `DetailCall.into` names. A field whose path leads nowhere is left out: unknown, not empty.
Beside JMESPath's own functions there is `tail(text, separator)`, what follows the last separator: an id within an ARN.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from escher.contract.vocabulary import ChangeAction, Kind, Provider, State


@dataclass(frozen=True, slots=True)
class Text:
    """A string; of a URL, ARN or path with slashes only what follows the last one when `last` is set."""

    path: str
    last: bool = False


@dataclass(frozen=True, slots=True)
class Int:
    """A whole number (also one written as a string), in the unit that the field's name ends with.

    `volatile`: it moves while the thing is merely used, as the length of a queue does, and is then no news of it.
    """

    path: str
    volatile: bool = False


@dataclass(frozen=True, slots=True)
class Bool:
    """A boolean the provider states itself."""

    path: str


@dataclass(frozen=True, slots=True)
class Time:
    """A moment, in whole Unix seconds. `volatile` is as for numbers: when a thing was last used is no news of it."""

    path: str
    volatile: bool = False


@dataclass(frozen=True, slots=True)
class Texts:
    """A list of strings; with `last` set, of each only what follows its last slash."""

    path: str
    last: bool = False


@dataclass(frozen=True, slots=True)
class Holds:
    """True when the expression yields something, else False; left out while one of the `needs` could not be read."""

    path: str
    needs: tuple[str, ...] = ()


FieldSpec = str | Text | Int | Bool | Time | Texts | Holds

Verb = Literal["attached_to", "member_of", "uses", "routes_to", "grants", "copy_of"]


@dataclass(frozen=True, slots=True)
class Relation:
    """This thing's tie to others: `path` leads to one of their ids or to a list of them.

    With `to`, the ids are short ones (`identifier`) of things of that resource type in the same account; a path that
    yields slashes is cut to what follows the last. Without `to`, they are whole resource ids (ARNs, ARM ids, full names).
    Verbs read from this thing outwards: a volume is `attached_to` an instance, an instance is `member_of` a subnet and
    a scaling group and `uses` a role, an image and a security group, a load balancer `routes_to` its targets, a policy
    `grants` to roles, a snapshot is a `copy_of` a volume. What merely watches or listens (an alarm, a flow log, a
    subscription) `uses` its object, which does not feel it go: those that are `attached_to` each other do.
    """

    verb: Verb
    path: str
    to: str = ""


@dataclass(frozen=True, slots=True)
class StateRule:
    """The provider's states and ours. `missing` is the state of a thing of which the provider reports none."""

    path: str = ""
    states: Mapping[str, State] = field(default_factory=dict)
    missing: State = "available"


@dataclass(frozen=True, slots=True)
class BatchCall:
    """Describes listed things, up to `size` with one call: what the list yields of each goes to the parameter `ids`.

    With a `size` of 1 it is one id, else a list. `result` are the records. Only AWS has these.
    """

    operation: str
    ids: str
    result: str
    permission: str
    size: int
    parameters: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ListCall:
    """The call that lists a type; `result` are the records within one page.

    AWS: `operation` and `parameters` as in the API. Azure: `operation` is a path below the Resource Manager, a template
    over account_id, and `parameters` its query (`api-version`); it is used where the Resource Graph is not. GCP: a path
    below the host of `service`, likewise, used where Cloud Asset Inventory is off; `{location}`, `{region}` and the name
    of another resource type stand for each location of the service, each region, each `name` of the other type, and
    `each` is the path of one whole record, a template over paths in it, where the list tells only part of it.

    For AWS: what is listed by a parent is listed for each result of the call `per`. `arguments` are then paths in a
    parent, which each record holds under `Parent`. Where the list merely names things, `batch` describes them, with the
    same arguments. `next_page` is the name that answer and question have for the next page, where botocore knows no pages.

    In Azure, `per` and `arguments` do the same (the path is then a template over the arguments as well; without a path,
    `result` leads to children that a parent holds within itself), and what is not `in_inventory` is not in the Resource
    Graph: this call is then the only way.
    """

    operation: str
    result: str
    permission: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    page_size: int | None = None
    per: ListCall | None = None
    arguments: Mapping[str, str] = field(default_factory=dict)
    batch: BatchCall | None = None
    next_page: str = ""
    each: str = ""
    in_inventory: bool = True

    @property
    def reads(self) -> tuple[str, ...]:
        """The permissions that the listing takes."""
        parents = self.per.reads if self.per else ()
        return (*parents, self.permission, *([self.batch.permission] if self.batch else []))


@dataclass(frozen=True, slots=True)
class DetailCall:
    """A call for each record, in order: `arguments` are paths in the record, the answer's `result` goes to `into`.

    `parameters` are the same for every record. In Azure and GCP `operation` is a path template over the arguments; in AWS
    an argument that starts with `arn:` is a template like `resource_id`. An error code in `absent` means that there is no
    such detail, which is an answer: `into` becomes an empty object. `service` is that of another API than the type's own.
    """

    operation: str
    arguments: Mapping[str, str]
    into: str
    permission: str
    result: str = "@"
    absent: tuple[str, ...] = ()
    parameters: Mapping[str, Any] = field(default_factory=dict)
    service: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class ResourceType:
    """One type of resource: all that the engine has to know of it.

    `native_type` is the provider's own name for the type: CloudFormation's (`AWS::EC2::Instance`), Resource Manager's in
    lower case (`microsoft.compute/virtualmachines`), Cloud Asset's (`compute.googleapis.com/Instance`);
    `native_aliases` are further names of it (`compute.googleapis.com/GlobalAddress` beside `…/Address`).
    `native` is for the generic form only: the path of a record's own native type, which its resource type is named after.
    `resource_id` is a path, or a template over partition, region, account_id and identifier. `home` is the path of a
    record's own region, for a type that is listed once for all regions. `gone` are the error codes of a detail call
    which say that the thing was deleted after it was listed. Without a `Name` tag, a resource is called what `label`
    leads to, else its identifier. `only` is the condition under which a record is of this type, before and after its details.
    `acts` are the provider's permissions that a change takes, all of which must be allowed. `backups` is a path that
    yields something when the thing has automatic backups; `extras` names fields that say what else constrains it.
    """

    name: str
    kind: Kind
    service: str
    listing: ListCall
    identifier: str
    resource_id: str
    fields: Mapping[str, FieldSpec]
    native_type: str = ""
    native_aliases: tuple[str, ...] = ()
    native: str = ""
    provider: Provider = "aws"
    reach: Literal["regional", "global"] = "regional"
    home: str = ""
    label: str = ""
    zone: str = ""
    tags: str = ""
    only: str = ""
    state: StateRule = StateRule()
    details: tuple[DetailCall, ...] = ()
    gone: tuple[str, ...] = ()
    relations: tuple[Relation, ...] = ()
    acts: Mapping[ChangeAction, tuple[str, ...]] = field(default_factory=dict)
    backups: str = ""
    extras: tuple[str, ...] = ()
    timeout_s: int = 120

    @property
    def reads(self) -> tuple[str, ...]:
        """The permissions that reading this type takes."""
        return (*self.listing.reads, *(detail.permission for detail in self.details))

    @property
    def volatile(self) -> frozenset[str]:
        """The fields that are kept, but whose change is no change of the thing."""
        return frozenset(name for name, spec in self.fields.items() if isinstance(spec, Int | Time) and spec.volatile)


def stages(declared: ResourceType) -> list[list[DetailCall]]:
    """The details of a type in as few rounds as they allow: those that build on an earlier one come after it."""
    rounds: list[list[DetailCall]] = []
    place: dict[str, int] = {}
    for detail in declared.details:
        needed = [*detail.arguments.values(), *([declared.home] if place and declared.home else [])]
        earliest = max((place[into] + 1 for into in place if any(into in path for path in needed)), default=0)
        earliest = max(earliest, place.get(detail.into, 0))
        place[detail.into] = earliest
        rounds += [[] for _ in range(earliest + 1 - len(rounds))]
        rounds[earliest].append(detail)
    return rounds
