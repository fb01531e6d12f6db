"""What a scan reads, and in which order. Pure: no clock, no network.

A unit is one scope to be read: account × region × resource type. Four levels limit how many are read at once
(spec/scanner.md section 2); the last, the details of resources, belongs to the reading itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from escher.contract.estate import Account, Scope
from escher.contract.vocabulary import Provider
from escher.errors import InvalidInput, ScanError
from escher.providers.declarations import ResourceType
from escher.providers.source import GLOBAL

FRESH_SECONDS = 15 * 60


@dataclass(frozen=True, slots=True)
class ScanRequest:
    """What to scan; an empty field means all. Accounts go by id or name.

    `regions` narrows regional types only: a global one is in no region. Without `full`, scopes that were seen whole in
    the last 15 minutes are left as they are.
    """

    providers: tuple[Provider, ...] = ()
    accounts: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    full: bool = True


@dataclass(frozen=True, slots=True)
class Limits:
    """How much goes on at once. `open_requests` is the cap over everything."""

    accounts: int = 5
    regions: int = 10
    services: int = 10
    details: int = 50
    open_requests: int = 200

    @property
    def units(self) -> int:
        """How many scopes may be read at once: what the details leave of the cap."""
        return self.open_requests - self.details


@dataclass(frozen=True, slots=True)
class Unit:
    """One scope to be read."""

    account: Account
    region: str
    declared: ResourceType

    @property
    def key(self) -> str:
        """The natural key of the scope."""
        return self.scope_key(self.account, self.region, self.declared)

    @staticmethod
    def scope_key(account: Account, region: str, declared: ResourceType) -> str:
        """The key that the scope of these three bears."""
        return Scope(declared.provider, account.account_id, region, declared.name, "never").key


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
    """The declared types that a request means. Raises InvalidInput for a type that nobody declares."""
    _refuse_unknown("resource type", request.types, declared)
    return [type_ for name, type_ in declared.items() if not request.types or name in request.types]


def units_of(account: Account, regions: Sequence[str], types: Iterable[ResourceType], wanted: Sequence[str]) -> list[Unit]:
    """The scopes of an account: each regional type in each region that is on and wanted, each global type once."""
    own = [declared for declared in types if declared.provider == account.provider]
    kept = [region for region in regions if not wanted or region in wanted]
    once = [Unit(account, GLOBAL, declared) for declared in own if declared.reach == "global"]
    return once + [Unit(account, region, declared) for region in kept for declared in own if declared.reach == "regional"]


def due(units: Iterable[Unit], scopes: Mapping[str, Scope], request: ScanRequest, now: int) -> list[Unit]:
    """Of the units, those that this scan has to read."""
    return [unit for unit in units if request.full or not _is_fresh(scopes.get(unit.key), now)]


def startable(waiting: Iterable[Unit], running: Iterable[Unit], limits: Limits) -> list[Unit]:
    """The waiting units that may start now, in order, so that no level goes over its limit."""
    active: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    total = 0
    for unit in running:
        active[unit.account.account_id][unit.region] += 1
        total += 1
    started: list[Unit] = []
    for unit in waiting:
        if total == limits.units:
            break
        if _fits(unit, active, limits):
            active[unit.account.account_id][unit.region] += 1
            total += 1
            started.append(unit)
    return started


def _fits(unit: Unit, active: Mapping[str, Mapping[str, int]], limits: Limits) -> bool:
    if unit.account.account_id not in active:
        return len(active) < limits.accounts
    regions = active[unit.account.account_id]
    if unit.region not in regions:
        return len(regions) < limits.regions
    return regions[unit.region] < limits.services


def _is_fresh(scope: Scope | None, now: int) -> bool:
    return scope is not None and scope.status == "complete" and now - scope.scanned_at <= FRESH_SECONDS


def _refuse_unknown(what: str, wanted: Iterable[str], known: Iterable[str]) -> None:
    unknown = sorted(set(wanted) - set(known))
    if unknown:
        raise InvalidInput(f"unknown {what}: {', '.join(unknown)}.", hint=f"Known: {', '.join(sorted(known))}.")
