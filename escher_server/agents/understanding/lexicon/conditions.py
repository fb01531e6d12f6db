"""Words that narrow which things are meant: states, what is true of them, whose they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, cast

from escher.contract.environments import APPLICATION_KEYS, ENVIRONMENT_KEYS, OWNER_KEYS, environment_words
from escher.contract.vocabulary import State
from escher_server.agents.understanding.lexicon.phrases import Phrases, phrase_set, rows, words

FlagField = Literal["attached", "public", "encrypted"]
RoleField = Literal["accounts", "applications", "owners", "environments", "names", "ids", "container"]


@dataclass(frozen=True, slots=True)
class Flag:
    """A yes-or-no attribute. `sure` is false where the word says this of some kinds of things only (`unused`)."""

    field: FlagField
    value: bool
    said: str
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Environment:
    """A canonical environment, or with `other` every one but that."""

    name: str
    said: str
    other: bool = False


@dataclass(frozen=True, slots=True)
class Role:
    """A word that says what the name beside it is: `team payments`, `resource group web`."""

    field: RoleField
    key: str = ""
    link: bool = False
    plural: bool = False


_STATES = """
running: running | up and running | powered on | turned on | switched on | online | active | runs
running: currently running | live and running | still running | currently on | still up | still on
stopped: stopped | powered off | turned off | switched off | offline | deallocated | paused | halted | powered down
stopped: shut off | not running | currently stopped | suspended | hibernated | shut down | currently off
available: available
in_use: in use | in-use
pending: pending | starting | launching | booting | provisioning | creating
error: failed | errored | in error | in an error state | in a failed state
deleted: terminated
"""
_FLAGS = """
attached yes: attached | associated | mounted | assigned
attached no: unattached | detached | not attached | orphaned | orphan | orphans | dangling | unassociated | unmounted
attached no: not associated
attached no: attached to nothing | not attached to anything | not attached to any instance | no longer attached
attached no: unassigned
attached no: not attached to an instance | not mounted | not associated with anything | unbound | unallocated
attached no: not attached to any vm
attached no: not assigned | not associated with an instance | not associated with any instance | not bound
attached no: disassociated
attached no: attached to no instance | attached to anything | not attached to a vm | not in use | without an instance
attached maybe: unused | not used | not being used | unneeded | idle | no longer used | nobody uses | nobody is using
attached maybe: we are not using | we do not use | that we do not use | i do not use | i am not using
attached maybe: not used by anything
attached maybe: no longer in use | not being used anymore | nothing uses | unused by anything | not used by anyone
attached maybe: that nobody uses | no one uses | that no one uses | not needed | not needed anymore | not used anymore
public yes: public | publicly accessible | exposed | open to the internet | open to the public | open to the world
public yes: internet-facing
public yes: publicly readable | world-readable | accessible from the internet | open to everyone | open to anyone
public yes: publicly exposed
public yes: exposed to the internet | exposed to the public | exposed to the world | publicly available
public yes: internet facing
public yes: reachable from the internet | world readable | publicly visible | accessible to everyone | public facing
public yes: wide open
public yes: exposed publicly | accessible publicly | open to the whole world | accessible by anyone
public yes: visible to anyone | open
public yes: world-open | accessible to the public | accessible to anyone | visible to everyone | readable by anyone
public yes: public-facing
public no: private | not public | non-public | not publicly accessible | not exposed | closed to the public
encrypted yes: encrypted | with encryption | encrypted at rest | with encryption enabled | with encryption on
encrypted yes: has encryption
encrypted no: unencrypted | not encrypted | without encryption | lacking encryption | missing encryption | no encryption
encrypted no: non-encrypted | encryption disabled | with encryption disabled | with encryption off
encrypted no: with no encryption | plaintext
encrypted no: not encrypted at rest | without encryption at rest | lack encryption | without any encryption
encrypted no: encryption off
encrypted no: have no encryption | has no encryption | lacks encryption | that lack encryption | encryption turned off
encrypted no: not yet encrypted
"""
# Judgements that an inventory cannot decide; in an order they make Escher ask.
SOFT: Phrases[bool] = phrase_set(
    "underused | under-used | underutilized | underutilised | under-utilized | under utilized | oversized"
    " | over-provisioned | overprovisioned | old | older | oldish | big | large | huge | small | tiny | expensive"
    " | costly | cheap | slow | busy | empty | stale | obsolete | outdated | legacy | redundant | unnecessary"
    " | superfluous | zombie | forgotten | abandoned | spare | extra | temporary | temp | inactive | critical"
    " | important | non-critical | non-essential | unhealthy | vulnerable | insecure | noisy | heavy | wasteful"
    " | duplicate | duplicated | no longer needed | we do not need | you do not need | leftover | left over"
    " | misconfigured | risky | useless | bad | broken | wrong | right | ancient | recent | new | newest ones"
    " | duplicates | leftovers | junk | garbage | clutter | rubbish | trash | cruft | somewhere else | somewhere | elsewhere | someplace else | somehow | best practices | best practice | whatever is needed"
    " | low-traffic | sensitive | dormant | lonely | problematic | non-compliant"
)


def _flags() -> list[tuple[str, Flag]]:
    entries: list[tuple[str, Flag]] = []
    for head, phrases in rows(_FLAGS):
        name, _, value = head.partition(" ")
        entries += [
            (phrase, Flag(cast(FlagField, name), value == "yes", phrase, value != "maybe")) for phrase in phrases
        ]
    return entries


def _environments() -> list[tuple[str, Environment]]:
    entries: list[tuple[str, Environment]] = []
    for word, name in environment_words().items():
        entries.append((word, Environment(name, word)))
        other = Environment(name, word, other=True)
        entries += [(f"{negation}{word}", other) for negation in ("non-", "non ", "non", "not ")]
    return entries


STATES: Phrases[State] = Phrases((phrase, cast(State, state)) for state, phrases in rows(_STATES) for phrase in phrases)
FLAGS: Phrases[Flag] = Phrases(_flags())
ENVIRONMENTS: Phrases[Environment] = Phrases(_environments())

_ROLE_WORDS: tuple[tuple[Role, str], ...] = (
    (
        Role("accounts"),
        "account|accounts|aws account|aws accounts|account id|account number|account named|account called",
    ),
    (
        Role("accounts"),
        "subscription|azure subscription|gcp project|google project|gcp projects|subscriptions|google cloud project",
    ),
    (
        Role("applications", "application"),
        "application|applications|app|apps|service named|service called|product",
    ),
    (Role("applications", "project"), "project|projects"),
    (Role("owners", "owner"), "owner|owners|team|teams|squad|department|crew"),
    (Role("environments", "environment"), "environment|env|stage"),
    (Role("container", "resource_group"), "resource group|rg|resource-group|azure resource group|resourcegroup"),
    (Role("container", "resource_group", plural=True), "resource groups|rgs|azure resource groups"),
    (Role("owners", "owner", link=True), "owned by|belonging to|belongs to|belong to|managed by|run by|maintained by"),
    (Role("owners", "owner", link=True), "used by|whose owner is|where owner is|that belong to|that belongs to"),
    (Role("applications", "application", link=True), "part of|serving|backing"),
    (Role("names"), "named|called|name|by the name of|by the name|with the name|with name|whose name is|known as"),
    (Role("names"), "names|whose names are|with the names"),
    (Role("ids"), "id|ids|with id|with the id|whose id is|resource id|identifier|with ids|with identifier"),
)
ROLES: Phrases[Role] = Phrases((phrase, role) for role, phrases in _ROLE_WORDS for phrase in phrases.split("|"))
_KEY_FIELDS: dict[str, RoleField] = {
    **dict.fromkeys(ENVIRONMENT_KEYS, "environments"),
    **dict.fromkeys(APPLICATION_KEYS, "applications"),
    **dict.fromkeys(OWNER_KEYS, "owners"),
}
# Tag keys that many organisations use, besides those that name an environment, an application or an owner.
_COMMON_KEYS = words(
    "cost-center costcenter cost-centre cost_center costcentre name backup schedule compliance confidentiality "
    "department customer version managed-by managedby created-by createdby ttl expiry criticality lifecycle"
)
TAG_KEYS: frozenset[str] = frozenset(_KEY_FIELDS) | _COMMON_KEYS


def field_of_key(key: str) -> RoleField | None:
    """Which field of the conditions a tag key stands for: `team` → owners; None for any other key."""
    return _KEY_FIELDS.get(key.lower())
