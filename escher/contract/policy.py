"""The user's policy: what may run, what is asked, what never; limits, freezes, and who must approve. Pure.

It is written by hand in TOML and kept in versions. Deny stands over ask over allow, and where no rule says anything, a
change is asked about. Tags and environments can only raise protection, so nothing is allowed because of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, AwareDatetime, Field, StrictBool, ValidationInfo, field_validator, model_validator

from escher.contract.environments import canonical_environment, environment_words
from escher.contract.risk import MANY_TARGETS, PROTECTED
from escher.contract.vocabulary import Effect, Kind, Provider, Risk
from escher.contract.wire import Number, Whole, Wire, digest

Decision = Literal["allow", "ask", "deny"]
Presence = Literal["page", "os"]
Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
DAYS: tuple[Day, ...] = get_args(Day)
# What no rule can allow without a person.
NEVER_ALLOWED: frozenset[Effect] = frozenset({"destroy", "unknown", "secret"})
MOST_RULES = 200
_LONGEST = 200
_PROVIDERS: Mapping[str, str] = {"az": "azure", "gcloud": "gcp"} | {name: name for name in get_args(Provider)}


def _pattern(text: str) -> str:
    """A pattern in which `*` and `?` stand for anything and any character, and nothing else is special."""
    if not text.strip() or len(text) > _LONGEST or any(mark in text for mark in "[]{}\\"):
        raise ValueError(f"{text[:40]!r} is no pattern: only * and ? are special, of at most {_LONGEST} characters")
    return text.strip()


def _action(text: str) -> str:
    """`aws ec2 stop-*`; the names of the CLIs stand for their clouds."""
    words = _pattern(text).lower().split()
    cloud = _PROVIDERS.get(words[0], words[0])
    if cloud not in _PROVIDERS and not set(cloud) & set("*?"):
        raise ValueError(f"{text[:40]!r} does not begin with aws, azure, gcp or *, as in 'aws ec2 stop-*'")
    if len(words) == 1 and not words[0].endswith("*"):
        raise ValueError(f"{text[:40]!r} names no operation; write {cloud + ' *'!r} for all of them")
    return " ".join((cloud, *words[1:]))


def _environment(text: str) -> str:
    known = canonical_environment(text)
    if known is None:
        names = ", ".join(sorted(set(environment_words().values())))
        raise ValueError(f"{text[:40]!r} is no environment; there are {names}")
    return known


def _tag(text: str) -> str:
    if not text.partition("=")[0].strip():
        raise ValueError(f"{text[:40]!r} is no tag; write env=prod, team=pay* or a key alone")
    return _pattern(text)


def _name(text: str) -> str:
    if not text.strip() or len(text) > 80 or not text.isprintable():
        raise ValueError("a name has 1 to 80 printable characters")
    return text.strip()


Pattern = Annotated[str, AfterValidator(_pattern)]
ActionPattern = Annotated[str, AfterValidator(_action)]
Environment = Annotated[str, AfterValidator(_environment)]
TagPattern = Annotated[str, AfterValidator(_tag)]
Name = Annotated[str, AfterValidator(_name)]


class When(Wire):
    """What an act must meet, all of it. A list is met by any of its items, an empty one by everything.

    `actions` are patterns over `provider service operation` as the clouds' CLIs spell them. Without actions and effects
    it is about whatever changes something. `more_than` counts those of a plan's targets that meet the rest, and
    `costs_more_than` sums what they cost (USD a month); a cost that is not known counts as more.
    """

    actions: tuple[ActionPattern, ...] = Field(default=(), max_length=100)
    effects: tuple[Effect, ...] = ()
    kinds: tuple[Kind, ...] = ()
    tags: tuple[TagPattern, ...] = Field(default=(), max_length=100)
    environments: tuple[Environment, ...] = ()
    accounts: tuple[Pattern, ...] = Field(default=(), max_length=100)
    regions: tuple[Pattern, ...] = Field(default=(), max_length=100)
    playbooks: tuple[Pattern, ...] = Field(default=(), max_length=100)
    more_than: Whole | None = Field(default=None, ge=0)
    costs_more_than: Number | None = Field(default=None, ge=0)


class PolicyRule(When):
    """What is decided about the acts that meet it. `require_confirmation`: the target's name must be typed as well."""

    name: Name
    effect: Decision
    require_confirmation: StrictBool = False

    @model_validator(mode="after")
    def _is_sound(self) -> PolicyRule:
        if self.require_confirmation and self.effect != "ask":
            raise ValueError("require_confirmation belongs to a rule that asks")
        if self.effect != "allow":
            return self
        if self.tags or self.environments:
            raise ValueError("nothing is allowed because of tags or environments: they only raise protection")
        if not self.actions:
            raise ValueError("a rule that allows says which actions")
        if NEVER_ALLOWED & set(self.effects):
            raise ValueError(f"what is {', '.join(sorted(NEVER_ALLOWED))} is always asked about")
        if self.more_than is not None or self.costs_more_than is not None:
            raise ValueError("more_than and costs_more_than raise protection; use a limit, or a rule that asks")
        return self


class Limit(Wire):
    """How many things one plan may change: of a kind, or of any; a number, or a share of all there are of the kind."""

    name: Name
    kind: Kind | None = None
    at_most: Whole | None = Field(default=None, ge=0)
    at_most_percent: Number | None = Field(default=None, ge=0, le=100)

    @model_validator(mode="after")
    def _is_sound(self) -> Limit:
        if self.at_most is None and self.at_most_percent is None:
            raise ValueError("a limit has at_most or at_most_percent")
        return self


class Freeze(Wire):
    """When nothing is changed: between two moments, or every week on some days from `start` to `end`.

    A window that ends at or before its start ends on the next day. Empty `effects`: every change; empty
    `environments`: everywhere, else where a tag names one of them.
    """

    name: Name
    from_: AwareDatetime | None = Field(default=None, alias="from")
    until: AwareDatetime | None = None
    days: tuple[Day, ...] = ()
    start: str = Field(default="00:00", pattern=r"^([01]\d|2[0-3]):[0-5]\d$")
    end: str = Field(default="00:00", pattern=r"^([01]\d|2[0-3]):[0-5]\d$")
    zone: str = "UTC"
    effects: tuple[Effect, ...] = ()
    environments: tuple[Environment, ...] = ()

    @field_validator("zone")
    @classmethod
    def _is_zone(cls, zone: str) -> str:
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError(f"{zone[:40]!r} is no time zone; write one such as Europe/Berlin") from None
        return zone

    @model_validator(mode="after")
    def _is_sound(self) -> Freeze:
        weekly, absolute = bool(self.days), (self.from_, self.until) != (None, None)
        if weekly == absolute:
            raise ValueError("a freeze has from and until, or days with start, end and zone")
        if absolute and (self.from_ is None or self.until is None or self.from_ >= self.until):
            raise ValueError("a freeze goes from one moment until a later one")
        return self


class Approver(Wire):
    """A second person: the name, and the Ed25519 key that this person signs with, as 64 hexadecimal digits."""

    name: Name
    public_key: str = Field(pattern=r"^[0-9a-f]{64}$")


class Policy(Wire):
    """All that the user has laid down. The empty policy: reads of the client's own run, whatever changes asks.

    `many_targets` and `protected_environments` raise the risk by a level each; from the risk `type_from` on, the
    target's name is typed. `presence` is where consent is given: in the page, or to the operating system.
    """

    rules: tuple[PolicyRule, ...] = Field(default=(), max_length=MOST_RULES)
    limits: tuple[Limit, ...] = Field(default=(), max_length=MOST_RULES)
    freezes: tuple[Freeze, ...] = Field(default=(), max_length=MOST_RULES)
    approvers: tuple[Approver, ...] = Field(default=(), max_length=100)
    second_person_for: tuple[When, ...] = Field(default=(), max_length=MOST_RULES)
    presence: Presence = "page"
    many_targets: Whole = Field(default=MANY_TARGETS, ge=1)
    protected_environments: tuple[Environment, ...] = PROTECTED
    type_from: Risk = "critical"

    @field_validator("rules", "limits", "freezes", "approvers")
    @classmethod
    def _are_told_apart(cls, named: tuple[Any, ...], info: ValidationInfo) -> tuple[Any, ...]:
        names = [one.name.casefold() for one in named]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise ValueError(f"two {info.field_name} are called {twice!r}")
        return named

    @model_validator(mode="after")
    def _has_a_second_person(self) -> Policy:
        if self.second_person_for and not self.approvers:
            raise ValueError("second_person_for needs approvers")
        return self

    @property
    def version(self) -> str:
        """Twelve digits of the SHA-256 over all of it, so that no approval outlives its policy."""
        return digest(self)[:12]


class PolicyVersion(Wire):
    """A policy as it was saved. `number` counts from 1; 0 is the built-in one. `saved_at` is UTC, ISO 8601."""

    number: int = 0
    version: str = ""
    saved_at: str = ""
    channel: Literal["", "terminal", "page"] = ""
    policy: Policy = Policy()


class Sample(Wire):
    """An act to try a policy on, made up or real: `action` as the CLI spells it, on the resource of that name."""

    action: str = Field(min_length=3, max_length=_LONGEST)
    target: str = Field(default="", max_length=500)
    count: Whole = Field(default=1, ge=1, le=10_000)


class PolicyAnswer(Wire):
    """What a policy says of an act: `escher policy check`. `rules` are the names of those that decided.

    `confirmation` is what would have to be typed, one of these; `plan_id` is set where a plan was asked about.
    """

    decision: Decision
    rules: tuple[str, ...] = ()
    because: str
    confirmation: tuple[str, ...] = ()
    approvals_required: int = 1
    risk: Risk | None = None
    warnings: tuple[str, ...] = ()
    plan_id: str = ""
    policy_version: str
