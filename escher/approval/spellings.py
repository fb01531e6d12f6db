"""Whether an operation falls under a pattern of the policy. Pure but for looking commands up.

Patterns are spelt as the CLIs spell operations. AWS has one spelling for both; a method of Azure's or Google's SDK is
compared by the command that does the same, where there is one of that name. Where there is none
(`virtual_machines.begin_delete`), what protects compares the verb alone: rather once too often than never.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import get_args

from escher.apis import catalogue, commands
from escher.contract.plan import Operation
from escher.contract.vocabulary import Provider

PROVIDERS: Mapping[str, Provider] = {name: name for name in get_args(Provider)}
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_TRACK = re.compile(r"^(beta|alpha|preview) ")
_FAMILIES: tuple[frozenset[str], ...] = tuple(
    frozenset(words.split())
    for words in (
        "delete remove destroy purge terminate release",
        "create insert add import copy snapshot",
        "update patch set modify resize edit replace configure",
        "stop deallocate power poweroff pause suspend disable cancel",
        "start resume enable run",
        "restart reset reboot redeploy",
        "get list show describe read export",
    )
)


def falls_under(operation: Operation, pattern: str, *, strictly: bool) -> bool:
    """Whether a pattern means this call. `strictly`: only if it is certain, as is needed to allow something."""
    name = f"{operation.provider} {operation.service} {operation.operation}".rstrip().lower()
    if fnmatchcase(name, pattern):
        return True
    if operation.provider == "aws":
        return False
    command, is_known = _as_command(operation.provider, operation.service, operation.operation)
    if fnmatchcase(command, pattern):
        return is_known or not strictly
    return not (strictly or is_known) and _has_verb_of(operation, pattern)


@lru_cache(maxsize=4096)
def _as_command(provider: Provider, service: str, operation: str) -> tuple[str, bool]:
    """`compute`, `instances.stop` → `gcp compute instances stop`, and whether the CLI has that command."""
    service, plain = service.partition(".")[0].lower(), _TRACK.sub("", operation)
    words = [_HUMP.sub("-", word).lower().replace("_", "-") for word in plain.replace(".", " ").split()]
    words = [word.removeprefix("begin-") for word in words if word not in ("projects", "locations")]
    is_known = "." not in operation or commands.find(provider, service, " ".join(words)) is not None
    return " ".join((provider, service, *words)), is_known


def _has_verb_of(operation: Operation, pattern: str) -> bool:
    """Whether a method of an SDK does what the last word of a pattern for the same cloud says."""
    cloud, *words = pattern.split()
    if not words or not fnmatchcase(operation.provider, cloud):
        return False
    method = _HUMP.sub("-", operation.operation.rpartition(".")[2].removeprefix("begin_")).lower().replace("_", "-")
    done = (
        set(method.split("-or-"))
        | {method.partition("-")[0]}
        | {part.partition("-")[0] for part in method.split("-or-")}
    )
    related = set[str]().union(done, *(family for family in _FAMILIES if family & done))
    wanted = words[-1].partition("-")[0]
    return any(fnmatchcase(verb, wanted) for verb in related)


def unknown(pattern: str) -> str | None:
    """What is wrong with a pattern that no operation falls under, or None. One over several services is not looked at."""
    cloud, *words = pattern.split()
    if cloud not in PROVIDERS or not words or set(words[0]) & set("*?") or words[-1] == "*" or "wait" in words:
        return None
    known = _names(PROVIDERS[cloud], words[0])
    if any(fnmatchcase(name, pattern) for name in known):
        return None
    near = get_close_matches(pattern, known, 1)
    meant = f" Did you mean {near[0]!r}?" if near else ""
    return f"{pattern!r} is no operation of {cloud} that Escher knows.{meant}"


@lru_cache(maxsize=64)
def _names(provider: Provider, service: str) -> tuple[str, ...]:
    """Every operation of a service, as a CLI or an SDK spells it, release tracks left out."""
    called = (
        (*commands.commands(provider, service), *catalogue.operations(provider, service)) if provider != "aws" else ()
    )
    found = called or catalogue.operations(provider, service)
    plain = (f"{provider} {service} {_TRACK.sub('', name)}".rstrip().lower() for name in found)
    return tuple(dict.fromkeys(plain))
