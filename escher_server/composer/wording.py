"""Say in words what was understood, before anything was looked up: aliases stay as they are, counts are the client's.

Pure. Emphasis is `**…**`; `plain=True` leaves it out, for a choice that becomes the next prompt.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from escher.contract.understanding import Comparison, Conditions, Filters, Parameters, Understanding
from escher.contract.vocabulary import Action, Kind

NOUNS: Mapping[Kind, tuple[str, str]] = {
    "compute_instance": ("compute instance", "compute instances"),
    "database_instance": ("database instance", "database instances"),
    "object_storage": ("bucket", "buckets"),
    "function": ("function", "functions"),
    "network": ("network", "networks"),
    "subnet": ("subnet", "subnets"),
    "firewall": ("security group", "security groups"),
    "disk": ("volume", "volumes"),
    "snapshot": ("snapshot", "snapshots"),
    "ip_address": ("address", "addresses"),
    "identity": ("role", "roles"),
    "secret_store": ("secret", "secrets"),
    "load_balancer": ("load balancer", "load balancers"),
    "nosql_table": ("table", "tables"),
    "image": ("image", "images"),
    "template": ("template", "templates"),
    "scaling_group": ("scaling group", "scaling groups"),
    "network_interface": ("network interface", "network interfaces"),
    "route_table": ("route table", "route tables"),
    "gateway": ("gateway", "gateways"),
    "peering": ("peering", "peerings"),
    "endpoint": ("endpoint", "endpoints"),
    "vpn": ("VPN", "VPNs"),
    "dns_zone": ("DNS zone", "DNS zones"),
    "certificate": ("certificate", "certificates"),
    "cdn": ("CDN", "CDNs"),
    "api": ("API", "APIs"),
    "cache": ("cache", "caches"),
    "file_system": ("file system", "file systems"),
    "queue": ("queue", "queues"),
    "topic": ("topic", "topics"),
    "stream": ("stream", "streams"),
    "container_cluster": ("container cluster", "container clusters"),
    "container_service": ("container service", "container services"),
    "container_registry": ("container registry", "container registries"),
    "workflow": ("workflow", "workflows"),
    "event_rule": ("event rule", "event rules"),
    "log_group": ("log group", "log groups"),
    "alarm": ("alarm", "alarms"),
    "key": ("key", "keys"),
    "key_pair": ("key pair", "key pairs"),
    "policy": ("policy", "policies"),
    "stack": ("stack", "stacks"),
    "backup_vault": ("backup vault", "backup vaults"),
    "data_warehouse": ("data warehouse", "data warehouses"),
    "search_domain": ("search domain", "search domains"),
    "analytics": ("analytics resource", "analytics resources"),
    "machine_learning": ("machine learning resource", "machine learning resources"),
    "app": ("app", "apps"),
    "app_plan": ("app plan", "app plans"),
    "resource_group": ("resource group", "resource groups"),
    "reservation": ("reservation", "reservations"),
    "target_group": ("target group", "target groups"),
    "other": ("other resource", "other resources"),
}
_VERBS: Mapping[Action, str] = {
    "snapshot": "take a snapshot of",
    "backup": "back up",
    "block_public_access": "block public access to",
    "show": "show",
    "none": "answer about",
}
_OPERATORS = {"lt": "under", "le": "at most", "eq": "exactly", "ge": "at least", "gt": "over"}
_MEASURES = {
    "age_days": "days old",
    "size_gib": "GiB",
    "memory_mib": "MiB of memory",
    "monthly_cost_usd": "USD a month",
}
_FLAGS: Mapping[str, tuple[str, str]] = {
    "attached": ("unattached", "attached"),
    "public": ("private", "public"),
    "encrypted": ("unencrypted", "encrypted"),
}


def understood(understanding: Understanding) -> str:
    """`I understood: **stop** every **dev** compute instance in **us-east-1**.`"""
    return f"I understood: {order(understanding)}."


def order(understanding: Understanding, *, plain: bool = False) -> str:
    """The request in the server's own words, from verb to value."""
    parts = (
        f"**{verb(understanding.action)}**",
        things(understanding),
        *_values(understanding.parameters),
        *_exceptions(understanding.filters),
    )
    text = " ".join(part for part in parts if part)
    return text.replace("**", "") if plain else text


def verb(action: Action) -> str:
    """`back up`, `block public access to`: an act as it is said of its object."""
    return _VERBS.get(action, action.replace("_", " "))


def things(understanding: Understanding) -> str:
    """The things that are meant: `every **dev** compute instance in **us-east-1**`."""
    filters = understanding.filters
    named = bool(filters.names or filters.ids)
    article = "the" if named or understanding.quantity == "one" else "every"
    if understanding.limit:
        article = f"at most {understanding.limit}"
    plural = (named and len(filters.names) + len(filters.ids) > 1) or bool(understanding.limit)
    noun = nouns(understanding.kinds, plural=plural)
    return " ".join((article, *_adjectives(filters), noun, *_clauses(filters)))


def nouns(kinds: Sequence[Kind], *, plural: bool) -> str:
    """`compute instance`, or `volumes and addresses`; `resource` when the kind is open or any will do."""
    if not kinds or len(kinds) == len(NOUNS):
        return "resources" if plural else "resource"
    return _joined([NOUNS[kind][1 if plural else 0] for kind in kinds])


def _adjectives(filters: Conditions) -> Iterator[str]:
    yield from _bold(filters.environments)
    yield from _bold(state.replace("_", " ") for state in filters.states)
    for name, words in _FLAGS.items():
        value: bool | None = getattr(filters, name)
        if value is not None:
            yield f"**{words[int(value)]}**"
    yield from _bold(filters.sizes)


def _clauses(filters: Conditions) -> Iterator[str]:
    """What follows the noun, each clause whole."""
    clauses = (
        ("", (*filters.names, *filters.ids)),
        ("of", filters.applications),
        ("owned by", filters.owners),
        ("tagged", [_tag(tag.key, tag.values) for tag in filters.tags]),
        ("without the tag", filters.untagged),
        ("that are", [_comparison(comparison) for comparison in filters.comparisons]),
        ("in", filters.regions),
        ("in the account", filters.accounts),
    )
    for words, values in clauses:
        if values:
            yield f"{words} {_joined(list(_bold(values)))}".strip()


def _exceptions(filters: Filters) -> Iterator[str]:
    for excluded in filters.exclude:
        words = " ".join((*_adjectives(excluded), *_clauses(excluded)))
        yield f"except {words}"


def _values(parameters: Parameters) -> Iterator[str]:
    given = {name: value.value for name, value in parameters if value is not None and value.value is not None}
    if "instance_type" in given:
        yield f"to **{given.pop('instance_type')}**"
    if "tag_key" in given:
        key, value = given.pop("tag_key"), given.pop("tag_value", None)
        yield f"with **{_tag(str(key), () if value is None else (str(value),))}**"
    for name, value in given.items():
        yield f"({name.replace('_', ' ')} **{value}**)"


def _comparison(comparison: Comparison) -> str:
    return f"{_OPERATORS[comparison.operator]} {comparison.value:g} {_MEASURES[comparison.field]}"


def _tag(key: str, values: Sequence[str]) -> str:
    return f"{key}={'/'.join(values)}" if values else key


def _bold(words: Iterator[str] | Sequence[str]) -> Iterator[str]:
    return (f"**{word}**" for word in words)


def _joined(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
