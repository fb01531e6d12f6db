"""Selectors and resources in words, for the questions that are asked back. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from escher.contract.estate import Resource
from escher.contract.ports import Resolver
from escher.contract.understanding import Comparison, Conditions, Selector

_CAPITALS = {"ip": "IP", "nosql": "NoSQL", "vpn": "VPN", "cdn": "CDN", "dns": "DNS", "api": "API"}
_WITHOUT_PLURAL = ("storage", "analytics", "learning")
_OPERATORS = {"lt": "under", "le": "at most", "eq": "exactly", "ge": "at least", "gt": "over"}
_UNITS = {
    "age_days": ("days", "old"),
    "size_gib": ("GiB", "in size"),
    "memory_mib": ("MiB", "of memory"),
    "monthly_cost_usd": ("USD", "a month"),
}
_FLAGS = {
    "attached": ("attached", "unattached"),
    "public": ("public", "not public"),
    "encrypted": ("encrypted", "unencrypted"),
}


def shown(text: str) -> str:
    """A name as it may be shown: characters that are invisible or turn the direction of writing are spelt out."""
    hidden = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
    return "".join(ascii(c)[1:-1] if unicodedata.category(c) in hidden else c for c in text)


def label(resource: Resource) -> str:
    """One resource as a choice: its name, id, kind, account, region and state."""
    account = resource.account_name or resource.account_id
    place = f"account {shown(account)}, {resource.region}" if account else resource.region
    return f"{naming(resource)}, {kind_word(resource.kind)}, {place}, {resource.state.replace('_', ' ')}"


def naming(resource: Resource) -> str:
    """A resource's name with its id beside it."""
    if resource.name in ("", resource.identifier):
        return shown(resource.identifier)
    return f"{shown(resource.name)} ({shown(resource.identifier)})"


def kind_word(kind: str, count: int = 1) -> str:
    """`ip_address` → `IP address`, in the plural unless `count` is 1."""
    word = " ".join(_CAPITALS.get(part, part) for part in kind.split("_"))
    if count == 1 or word.endswith(_WITHOUT_PLURAL):
        return word
    if word.endswith("y") and not word.endswith(("ay", "ey", "oy")):
        return f"{word[:-1]}ies"
    return f"{word}es" if word.endswith("s") else f"{word}s"


def type_word(resource_type: str, count: int = 1) -> str:
    """`aws_ec2_instance` → `ec2 instance`."""
    return kind_word(resource_type.partition("_")[2] or resource_type, count)


def things(selector: Selector, count: int) -> str:
    """What kind of thing a selector is about: `compute instances`, or `resources` when it says no kind that is known."""
    kinds = [kind_word(kind, count) for kind in selector.kinds] or [
        type_word(name, count) for name in selector.resource_types if name != "unknown"
    ]
    return joined(kinds, "or") or ("resource" if count == 1 else "resources")


def described(selector: Selector, resolver: Resolver, count: int = 2) -> str:
    """A selector in words: `running dev compute instances in us-east-1`."""
    said = selector.filters
    before = [*(state.replace("_", " ") for state in said.states), *(_values(said.environments, resolver))]
    before += [words[not getattr(said, name)] for name, words in _FLAGS.items() if getattr(said, name) is not None]
    providers = [provider.upper() if provider != "azure" else "Azure" for provider in selector.providers]
    parts = [*providers, *before, things(selector, count), *_after(said, resolver)]
    left_out = [f"except {_condition(condition, resolver)}" for condition in said.exclude]
    return " ".join([*parts, *left_out])


def joined(words: Iterable[str], conjunction: str) -> str:
    """`a, b or c`."""
    *front, last = [*words] or [""]
    return f"{', '.join(front)} {conjunction} {last}" if front else last


def _after(said: Conditions, resolver: Resolver) -> list[str]:
    """What is said behind the noun, in the order of a sentence."""
    named = _values((*said.names, *said.ids), resolver)
    parts = [f"named {joined(named, 'or')}" if named else ""]
    parts += [
        f"{words} {joined(_values(values, resolver), 'or')}" if values else ""
        for words, values in (
            ("in", said.regions),
            ("in account", said.accounts),
            ("of application", said.applications),
            ("owned by", said.owners),
            ("of size", said.sizes),
        )
    ]
    parts += [_tag(wanted.key, wanted.values, resolver) for wanted in said.tags]
    parts += [f"without tag {shown(resolver.value(key))}" for key in said.untagged]
    return [part for part in (*parts, *map(_comparison, said.comparisons)) if part]


def _condition(condition: Conditions, resolver: Resolver) -> str:
    values = [state.replace("_", " ") for state in condition.states] + _values(condition.environments, resolver)
    flags = [
        words[not getattr(condition, name)] for name, words in _FLAGS.items() if getattr(condition, name) is not None
    ]
    return " ".join([*values, *flags, *_after(condition, resolver)])


def _tag(key: str, values: Iterable[str], resolver: Resolver) -> str:
    words = joined(_values(values, resolver), "or")
    return f"with tag {shown(resolver.value(key))}" + (f" {words}" if words else "")


def _comparison(comparison: Comparison) -> str:
    unit, what = _UNITS[comparison.field]
    return f"{_OPERATORS[comparison.operator]} {comparison.value:g} {unit} {what}"


def _values(words: Iterable[str], resolver: Resolver) -> list[str]:
    return [shown(resolver.value(word)) for word in words]
