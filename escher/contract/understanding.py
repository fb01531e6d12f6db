"""What a request means: decided by the server from words and aliases, evaluated by the client on the estate."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, StrictBool

from escher.contract.vocabulary import Action, Kind, Provider, RequestClass, State
from escher.contract.wire import Number, Wire, numeric

Measure = Literal["age_days", "size_gib", "memory_mib", "monthly_cost_usd"]
Limit = Annotated[int, Field(ge=1), BeforeValidator(numeric)]
Operator = Literal["lt", "le", "eq", "ge", "gt"]


class TagFilter(Wire):
    """A resource matches when its tag `key` has one of `values` (words, or aliases of tag values); none = has the key."""

    key: str
    values: tuple[str, ...] = ()


class Comparison(Wire):
    """A measured attribute against a number, in the unit that the measure's name ends with."""

    field: Measure
    operator: Operator
    value: Number


class Conditions(Wire):
    """All given fields must hold; within a field one value is enough. Values may be aliases of the context."""

    accounts: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    environments: tuple[str, ...] = ()
    applications: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    tags: tuple[TagFilter, ...] = ()
    untagged: tuple[str, ...] = ()
    states: tuple[State, ...] = ()
    names: tuple[str, ...] = Field(default=(), description="A name, an alias or a pattern with *")
    ids: tuple[str, ...] = Field(default=(), description="Aliases of ids; an id itself never crosses the wire")
    sizes: tuple[str, ...] = Field(default=(), description="Instance types or classes, such as t3.large")
    attached: StrictBool | None = None
    public: StrictBool | None = None
    encrypted: StrictBool | None = None
    comparisons: tuple[Comparison, ...] = ()


class Filters(Conditions):
    """Conditions, and what to leave out: a resource that meets every field of `exclude` is not meant."""

    exclude: tuple[Conditions, ...] = ()


class Selector(Wire):
    """Which resources are meant. The server writes it; only the client, which has the estate, evaluates it.

    `quantity` says how many may be meant: with `one`, each name or id must come down to a single resource, else
    the client asks. `words` is what is left of the phrase, for search by meaning; it never selects by itself.
    """

    providers: tuple[Provider, ...] = ()
    kinds: tuple[Kind, ...] = ()
    resource_types: tuple[str, ...] = ()
    filters: Filters = Filters()
    quantity: Literal["one", "all"] = "all"
    limit: Limit | None = None
    words: str = ""


class Parameter(Wire):
    """One value for a plan, with where it came from. `value` may be an alias of a tag value."""

    value: str | int | bool | None
    source: Literal["user_query", "user_context", "estate", "generated", "default", "not_provided"] = "user_query"
    confidence: Number = Field(default=1.0, ge=0, le=1)
    candidates: tuple[str, ...] = ()


class Parameters(Wire):
    """The values that plans take; a name that is not here does not exist."""

    instance_type: Parameter | None = None
    tag_key: Parameter | None = None
    tag_value: Parameter | None = None
    name: Parameter | None = None
    description: Parameter | None = None
    kms_key: Parameter | None = None
    size_gib: Parameter | None = None
    memory_mib: Parameter | None = None
    days: Parameter | None = None
    count: Parameter | None = None
    schedule: Parameter | None = None


class Understanding(Wire):
    """What was understood, before anything is looked up or planned."""

    class_: RequestClass = Field(alias="class")
    action: Action
    providers: tuple[Provider, ...] = ()
    kinds: tuple[Kind, ...] = ()
    resource_types: tuple[str, ...] = ()
    filters: Filters = Filters()
    parameters: Parameters = Parameters()
    confidence: Number = Field(ge=0, le=1)
    quantity: Literal["one", "all"] = "all"
    limit: Limit | None = None
    words: str = ""

    @property
    def for_later(self) -> bool:
        """Whether this names a time, once or again and again, or how long it is to last: then nothing runs at once."""
        when = self.parameters.schedule
        return self.action == "schedule" or (when is not None and when.value not in (None, ""))

    def selector(self) -> Selector:
        """The part of the understanding that picks resources."""
        return Selector(
            providers=self.providers,
            kinds=self.kinds,
            resource_types=self.resource_types,
            filters=self.filters,
            quantity=self.quantity,
            limit=self.limit,
            words=self.words,
        )


class Clarification(Wire):
    """A question back: asked when a name is ambiguous or unknown, or when it is not clear what to do."""

    question: str
    choices: tuple[str, ...] = ()


class Intent(Wire):
    """What a request means, without a plan: the answer of `/v1/intent`."""

    understanding: Understanding
    clarification: Clarification | None = None
