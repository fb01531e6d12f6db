"""What a scan reads, and in which order. Pure: no clock, no network.

A unit is one scope to be read: account × region × resource type. Four levels limit how many are read at once
(spec/scanner.md section 2); the last, the details of resources, belongs to the reading itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from math import inf
from typing import Literal

from escher.contract.estate import GLOBAL, Account, Scope
from escher.contract.vocabulary import Provider
from escher.contract.wire import digest
from escher.errors import InvalidInput, ScanError
from escher.providers.declarations import ResourceType
from escher.providers.pacing import FIRST_WAIT_S, Pacer
from escher.providers.source import Changes, Unit

Depth = Literal["full", "incremental", "quick"]
ScanType = Literal["full", "incremental", "quick", "service"]


@dataclass(frozen=True, slots=True)
class ScanRequest:
    """What to scan; an empty field means all. Accounts go by id or name.

    `regions` narrows regional types only: a global one is in no region. `depth`: `full` reads everything; `incremental`
    only what the providers' records of changes, or the lists themselves, say was changed; `quick` lists without details.
    Without `cleanup` nothing is taken out of the estate, and a quick scan never takes anything out. `permissions`: find
    out what may be done with each resource. `resumes`: go on with a scan alike that was broken off or cancelled within
    the last hour, instead of reading its scopes again.
    """

    providers: tuple[Provider, ...] = ()
    accounts: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    depth: Depth = "full"
    cleanup: bool = True
    permissions: bool = True
    resumes: bool = True

    @property
    def scan_type(self) -> ScanType:
        """The kind of scan, as events and reports name it."""
        return "service" if self.services else self.depth

    @property
    def digest(self) -> str:
        """Equal for equal requests: a scan that was broken off is gone on with by the next one alike."""
        return digest(
            {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()}
        )


@dataclass(frozen=True, slots=True)
class Limits:
    """How much goes on at once: accounts, regions of one, services of one of these, details of a scope; and over all.

    `resources` is the quota of one scope: more are not taken in, so that a flood of junk cannot drown the estate.
    `first_wait_s`: how long a call that failed waits at first before it is tried again. `answer_s`: how long an attempt
    may take at most, also where a declaration allows more.
    """

    accounts: int = 5
    regions: int = 10
    services: int = 10
    details: int = 50
    open_requests: int = 200
    resources: int = 50_000
    first_wait_s: float = FIRST_WAIT_S
    answer_s: float = inf

    def pacer(self) -> Pacer:
        """A pacer that keeps these limits, for one event loop."""
        return Pacer(self.open_requests, first_wait_s=self.first_wait_s, answer_s=self.answer_s)


def chosen_accounts(known: Iterable[Account], request: ScanRequest) -> list[Account]:
    """The accounts that a request means. Raises InvalidInput for an unknown one, ScanError when there is none at all."""
    of_provider = [account for account in known if not request.providers or account.provider in request.providers]
    if not of_provider:
        raise ScanError("there is no account to scan.", hint="Add one with `escher init` or `escher accounts add`.")
    if not request.accounts:
        return of_provider
    names = {name for account in of_provider for name in (account.account_id, account.name)}
    _refuse_unknown("account", request.accounts, names)
    return [account for account in of_provider if {account.account_id, account.name} & set(request.accounts)]


def chosen_types(declared: Mapping[str, ResourceType], request: ScanRequest) -> list[ResourceType]:
    """The declared types that a request means. Raises InvalidInput for a type or service that nobody declares."""
    _refuse_unknown("resource type", request.types, declared)
    _refuse_unknown("service", request.services, {type_.service for type_ in declared.values()})
    return [
        type_
        for name, type_ in declared.items()
        if (not request.types or name in request.types) and (not request.services or type_.service in request.services)
    ]


def units_of(
    account: Account, regions: Sequence[str], types: Iterable[ResourceType], wanted: Sequence[str]
) -> list[Unit]:
    """The scopes of an account: each regional type in each region that is on and wanted, each global type once."""
    own = [declared for declared in types if declared.provider == account.provider]
    kept = [region for region in regions if not wanted or region in wanted]
    once = [Unit(account, GLOBAL, declared) for declared in own if declared.reach == "global"]
    return once + [
        Unit(account, region, declared) for region in kept for declared in own if declared.reach == "regional"
    ]


def untouched(units: Iterable[Unit], known: Mapping[str, Scope], changes: Changes) -> list[Unit]:
    """The scopes of which it is known that nothing was changed since they were seen whole."""
    if GLOBAL in changes.blind:
        return []
    anywhere = {type_ for _, type_ in changes.touched}

    def is_as_it_was(unit: Unit) -> bool:
        scope = known.get(unit.key)
        if scope is None or scope.status != "complete" or unit.region in changes.blind:
            return False
        if unit.region == GLOBAL:
            return not changes.blind and unit.declared.name not in anywhere
        return not {(unit.region, unit.declared.name), (GLOBAL, unit.declared.name)} & changes.touched.keys()

    return [unit for unit in units if is_as_it_was(unit)]


def touched_in(unit: Unit, changes: Changes) -> frozenset[str] | None:
    """What of a scope was changed, by identifier, name or id; None: nobody can say, or not of which."""
    named = [
        names
        for (region, type_), names in changes.touched.items()
        if type_ == unit.declared.name and (GLOBAL in (region, unit.region) or region == unit.region)
    ]
    return frozenset().union(*named) if named and all(named) else None


def by_region_and_service(batches: Iterable[tuple[Unit, ...]]) -> dict[str, dict[str, list[tuple[Unit, ...]]]]:
    """Batches in the order in which the levels of parallelism take them: region, then service."""
    grouped: dict[str, dict[str, list[tuple[Unit, ...]]]] = defaultdict(lambda: defaultdict(list))
    for batch in batches:
        grouped[batch[0].region][batch[0].declared.service if len(batch) == 1 else ""].append(batch)
    return {region: dict(services) for region, services in grouped.items()}


def _refuse_unknown(what: str, wanted: Iterable[str], known: Iterable[str]) -> None:
    unknown = sorted(set(wanted) - set(known))
    if unknown:
        raise InvalidInput(f"unknown {what}: {', '.join(unknown)}.", hint=f"Known: {', '.join(sorted(known))}.")
