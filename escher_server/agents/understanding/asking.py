"""What Escher asks back. Aliases stand in the sentences; the client puts the names in their place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from escher.contract.understanding import Clarification
from escher.contract.vocabulary import Action, Kind

_NOUNS: dict[Kind, str] = {
    "compute_instance": "instances",
    "database_instance": "databases",
    "object_storage": "buckets",
    "function": "functions",
    "network": "networks",
    "subnet": "subnets",
    "firewall": "security groups",
    "disk": "volumes",
    "snapshot": "snapshots",
    "ip_address": "IP addresses",
    "identity": "roles",
    "secret_store": "vaults",
    "load_balancer": "load balancers",
    "nosql_table": "tables",
    "image": "images",
    "template": "templates",
    "scaling_group": "scaling groups",
    "network_interface": "network interfaces",
    "route_table": "route tables",
    "gateway": "gateways",
    "peering": "peerings",
    "endpoint": "endpoints",
    "vpn": "VPNs",
    "dns_zone": "DNS zones",
    "certificate": "certificates",
    "cdn": "CDNs",
    "api": "APIs",
    "cache": "caches",
    "file_system": "file systems",
    "queue": "queues",
    "topic": "topics",
    "stream": "streams",
    "container_cluster": "container clusters",
    "container_service": "container services",
    "container_registry": "container registries",
    "workflow": "workflows",
    "event_rule": "event rules",
    "log_group": "log groups",
    "alarm": "alarms",
    "key": "keys",
    "key_pair": "key pairs",
    "policy": "policies",
    "stack": "stacks",
    "backup_vault": "backup vaults",
    "data_warehouse": "data warehouses",
    "search_domain": "search domains",
    "analytics": "analytics resources",
    "machine_learning": "machine learning resources",
    "app": "apps",
    "app_plan": "app plans",
    "resource_group": "resource groups",
    "reservation": "reservations",
    "target_group": "target groups",
    "other": "other resources",
}
MOST_SAID = 200
_PHRASES: dict[str, str] = {
    "block_public_access": "block public access of",
    "backup": "back up",
    "snapshot": "snapshot",
}


def verb(action: Action) -> str:
    """The action as a person says it."""
    return _PHRASES.get(action, action)


def things(kinds: Iterable[Kind]) -> str:
    """`instances or databases`; `resources` when no kind is known, or any will do."""
    named = [_NOUNS[kind] for kind in kinds]
    return "resources" if len(named) == len(_NOUNS) else " or ".join(named) or "resources"


def unclear_request() -> Clarification:
    """Neither an order nor a question was recognised."""
    return Clarification(
        question="I could not tell what you want. What should be done, or what do you want to know?",
        choices=("List the running instances", "Show the public buckets", "Stop all dev instances in one region"),
    )


def unclear_action(kinds: Sequence[Kind]) -> Clarification:
    """Something should be done, and it is not said what."""
    noun = things(kinds)
    return Clarification(
        question=f"What exactly should be done to the {noun}?",
        choices=(f"List the {noun}", f"Stop the {noun}", f"Tag the {noun}"),
    )


def which_action(actions: Sequence[Action], object_: str) -> Clarification:
    """A verb that means either of two things."""
    object_ = _shortened(object_)
    first = " or ".join(verb(action) for action in actions)
    return Clarification(
        question=f"Do you want to {first} {object_}?",
        choices=tuple(f"{verb(action).capitalize()} {object_}" for action in actions),
    )


def one_at_a_time(actions: Sequence[Action]) -> Clarification:
    """Two changes in one request."""
    said = " and ".join(verb(action) for action in actions)
    return Clarification(
        question=f"That is more than one change ({said}). Which one first? I plan one change at a time.",
        choices=tuple(verb(action).capitalize() for action in actions),
    )


def order_or_question(actions: Sequence[Action], object_: str) -> Clarification:
    """It may be an order, and may be talk about one."""
    if not actions:
        return unclear_request()
    said, object_ = verb(actions[0]), _shortened(object_)
    return Clarification(
        question=f"Do you want me to {said} {object_}, or do you only want to know about it?",
        choices=(f"{said.capitalize()} {object_}", f"Only show {object_}"),
    )


def _shortened(said: str) -> str:
    """Of very many words, the first ones: a question back is to be read."""
    return said if len(said) <= MOST_SAID else f"{said[:MOST_SAID]}…"


def forbidden() -> Clarification:
    """Only something not to do was said."""
    return Clarification(
        question="I change nothing unless you ask for it. What do you want to know, or do?",
        choices=("List what is running",),
    )


def which_targets(action: Action, kinds: Sequence[Kind]) -> Clarification:
    """Nothing says which things are meant."""
    noun = things(kinds)
    said = verb(action).capitalize()
    return Clarification(
        question=f"Which {noun} should I {verb(action)}? Name them, or say which by environment, region, owner or tag.",
        choices=(f"{said} all {noun} in dev", f"{said} all {noun}"),
    )


def too_broad(action: Action) -> Clarification:
    """Everything, everywhere."""
    return Clarification(
        question=f"That would {verb(action)} everything you own. Which resources do you mean?",
        choices=(
            f"{verb(action).capitalize()} all dev instances",
            f"{verb(action).capitalize()} all unattached volumes",
        ),
    )


def which_kind(action: Action, kinds: Sequence[Kind], object_: str) -> Clarification:
    """The kind of thing is missing."""
    return Clarification(
        question=f"Which kind of resource in {object_} should I {verb(action)}?",
        choices=tuple(f"{verb(action).capitalize()} all {_NOUNS[kind]} in {object_}" for kind in kinds),
    )


def judgement(words: Sequence[str], kinds: Sequence[Kind]) -> Clarification:
    """A word that an inventory cannot decide."""
    noun = things(kinds)
    if "old" in words or "older" in words or "stale" in words or "ancient" in words:
        return Clarification(
            question=f"How old should the {noun} be?",
            choices=(f"{noun.capitalize()} older than 30 days", f"{noun.capitalize()} older than 90 days"),
        )
    return Clarification(
        question=f"I cannot tell which {noun} are {' and '.join(words)}. By what name, tag, state, size or age?"
    )


def not_understood(words: Sequence[str]) -> Clarification:
    """A restriction that was not understood; leaving it out would mean more than was said."""
    return Clarification(
        question=f'I did not understand "{" ".join(words)}", and will not guess. Which resources do you mean: by name, '
        "environment, region, owner, tag, state, size or age?"
    )


def which_reading(alias: str, kinds: Sequence[Kind]) -> Clarification:
    """An alias that is a thing's name and an application or owner at once."""
    return Clarification(
        question=f"{alias} is the name of a single resource, and of a group too. Which do you mean?",
        choices=(f"Only the resource named {alias}", f"All {things(kinds)} of {alias}"),
    )


def whose(names: Sequence[str], kinds: Sequence[Kind]) -> Clarification:
    """Things picked by what they belong to, which cannot be selected by yet."""
    return Clarification(
        question=f"I cannot pick {things(kinds)} by {', '.join(names)} they belong to. What are their own names?"
    )


def which_name(names: Sequence[str]) -> Clarification:
    """`stop a or b`."""
    return Clarification(question="Which of them do you mean?", choices=tuple(names))


def which_tag() -> Clarification:
    """`mark web-1 as production`."""
    return Clarification(question="Which tag should I set, and to what value? For example: owner=ana.")


def how_many(kinds: Sequence[Kind]) -> Clarification:
    """`some`, `a few`."""
    return Clarification(question=f"Which {things(kinds)} exactly? I do not pick some of them by myself.")


def contradiction() -> Clarification:
    """Conditions that cannot hold together."""
    return Clarification(question="These conditions contradict each other. Which of them should hold?")


def one_tag(keys: Sequence[str]) -> Clarification:
    """Several tags in one request."""
    return Clarification(
        question="I set one tag at a time. Which one first?", choices=tuple(f"Set {key}" for key in keys)
    )


def only_english() -> Clarification:
    """Another language: what is not understood is never acted on."""
    return Clarification(
        question="I only understand English. Please say it in English: what should be done, or what do you want to know?",
        choices=("List the running instances",),
    )


def elsewhere(platform: str) -> Clarification:
    """A platform that is none of the three clouds."""
    return Clarification(
        question=f"I know AWS, Azure and Google Cloud, and not {platform}. What should I look at there, or do?"
    )


def impossible(said: str) -> Clarification:
    """A value that nothing can have."""
    return Clarification(question=f"{said} is not possible. Which value should it be?")


def cannot_undo(action: Action, kinds: Sequence[Kind]) -> Clarification:
    """Something without an opposite."""
    return Clarification(
        question=f"There is no opposite order of {verb(action)}. What should be done to the {things(kinds)} instead?",
        choices=(f"Show the {things(kinds)}",),
    )
