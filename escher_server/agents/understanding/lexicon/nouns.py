"""What people call the things in a cloud: the kind of thing, and the provider's type where the word names one.

Types are spelt as Steampipe spells them. A thing that Escher has no kind for still has a type, so that it is never
taken for something else.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal, cast

from escher.contract.vocabulary import Kind, Provider
from escher_server.agents.understanding.lexicon.nouns_core import CORE
from escher_server.agents.understanding.lexicon.nouns_services import SERVICES
from escher_server.agents.understanding.lexicon.phrases import Phrases, rows

Number = Literal["one", "many", "mass"]
UNKNOWN = "unknown"  # the type of what Escher has no kind for: nothing in an estate is of it


@dataclass(frozen=True, slots=True)
class Noun:
    """A class of things. `engine` is a word that narrows it further, such as `postgres`.

    `perhaps` is the kind that a question may take an ambiguous word for (`images`); an order never does.
    """

    kind: Kind | None = None
    perhaps: Kind | None = None
    types: tuple[str, ...] = ()
    provider: Provider | None = None
    plural: bool = False
    # Said of one and of many alike: `rds`, `s3`.
    mass: bool = False
    engine: str = ""


# kind, provider's types (or nothing): words. `(s)` makes the plural too. Behind `?` stands what a word can mean among
# others, behind `-` what no kind is for. `@azure` is a cloud's own word for what has no type of its own.
_TABLE = f"{CORE}{SERVICES}"
# A database's engine, or a machine's system, said instead of or before its noun.
_ENGINES = """
postgres: postgres | postgresql | pg
mysql: mysql
mariadb: mariadb
oracle: oracle
sqlserver: mssql
"""
_PLATFORMS = frozenset(("windows", "linux", "ubuntu", "rhel", "debian"))
_ENGINE_NOUNS = "instance(s) | server(s) | database(s) | db(s) | db instance(s) | database server(s) | cluster(s)"
_MACHINES = "instance(s) | server(s) | vm(s) | machine(s) | box(es) | host(s) | virtual machine(s)"

# A place as a rule (`in the resource group web`), and sometimes the thing itself: `delete the resource group web`.
RESOURCE_GROUP = Noun("resource_group", types=("azure_resource_group",), provider="azure")

# Nouns for anything at all.
GENERIC: Phrases[bool] = Phrases(
    (word, plural)
    for words, plural in (
        (
            "resources|things|stuff|assets|items|ones|workloads|infrastructure|estate|infra|everything else|services|"
            "systems",
            True,
        ),
        ("cloud resources|cloud estate|footprint|inventory|environments|envs", True),
        ("resource|thing|one|item|service|system|workload|asset|environment|env", False),
    )
    for word in words.split("|")
)


def _forms(word: str) -> Iterator[tuple[str, Number]]:
    """`box(es)` → `box` and `boxes`."""
    stem, mark, ending = word.partition("(")
    ending = ending.rstrip(")")
    if not mark:
        yield word, "mass"
        return
    yield stem, "one"
    yield (f"{stem[:-1]}ies" if ending == "ies" else f"{stem}{ending}"), "many"


def _in_number(noun: Noun, number: Number) -> Noun:
    return replace(noun, plural=number == "many", mass=number == "mass")


def _nouns() -> Iterator[tuple[str, Noun]]:
    for head, words in rows(_TABLE):
        noun = _noun(*head.split())
        for word in words:
            yield from ((form, _in_number(noun, number)) for form, number in _forms(word))


def _noun(kind: str, *types: str) -> Noun:
    """What the head of a row means."""
    if kind == "-":
        return Noun(types=types)
    if kind == "?":
        return Noun(perhaps=cast(Kind, types[0]), types=(UNKNOWN,))
    if types and types[0].startswith("@"):
        return Noun(cast(Kind, kind), provider=cast(Provider, types[0][1:]))
    providers = {type_.partition("_")[0] for type_ in types}
    provider = cast(Provider, providers.pop()) if len(providers) == 1 else None
    return Noun(cast(Kind, kind), types=types, provider=provider)


def _narrowed() -> Iterator[tuple[str, Noun]]:
    """`postgres`, `postgres databases`, `windows servers`."""
    for engine, names in rows(_ENGINES):
        noun = Noun("database_instance", engine=engine)
        for name in names:
            yield name, replace(noun, mass=True)
            yield from ((f"{name} {form}", _in_number(noun, number)) for form, number in _words(_ENGINE_NOUNS))
    for platform in _PLATFORMS:
        noun = Noun("compute_instance", engine=platform)
        yield from ((f"{platform} {form}", _in_number(noun, number)) for form, number in _words(_MACHINES))


def _words(words: str) -> Iterator[tuple[str, Number]]:
    for word in words.split(" | "):
        yield from _forms(word)


NOUN_TABLE: tuple[tuple[str, Noun], ...] = (*_nouns(), *_narrowed())
NOUNS: Phrases[Noun] = Phrases(NOUN_TABLE)
PROVIDERS: Phrases[Provider] = Phrases(
    (word, cast(Provider, provider))
    for provider, words in (
        ("aws", "aws|amazon|amazon web services"),
        ("azure", "azure|microsoft azure|az"),
        ("gcp", "gcp|google cloud|google cloud platform|google|gcloud"),
    )
    for word in words.split("|")
)
