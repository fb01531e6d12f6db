"""What a scan reads, and in which order. Pure: no clock, no network.

A unit is one scope to be read: account × region × resource type. Four levels limit how many are read at once
(spec/scanner.md section 2); the last, the details of resources, belongs to the reading itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from escher.contract.estate import GLOBAL, Account, Scope
from escher.contract.vocabulary import Provider
from escher.errors import InvalidInput, ScanError
from escher.providers.declarations import ResourceType

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

    @property
    def scan_type(self) -> Literal["full", "incremental"]:
        """The kind of scan, as events and reports name it."""
        return "full" if self.full else "incremental"


@dataclass(frozen=True, slots=True)
class Limits:
    """How much goes on at once: accounts, regions of one, services of one of these, details of one; and over all."""

    accounts: int = 5
    regions: int = 10
    services: int = 10
    details: int = 50
    open_requests: int = 200

    @property
    def threads(self) -> int:
        """Half of the cap reads lists, the other half details."""
        return self.open_requests // 2


@dataclass(frozen=True, slots=True)
class Unit:
    """One scope to be read."""

    account: Account
    region: str
    declared: ResourceType

    @property
    def key(self) -> str:
        """The natural key of the scope."""
        return Scope(self.declared.provider, self.account.account_id, self.region, self.declared.name, "never").key


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


def fresh_scopes(units: Iterable[Unit], known: Mapping[str, Scope], request: ScanRequest, now: int) -> dict[str, Scope]:
    """The scopes, by key, that a request leaves as they are because they were seen whole a short while ago."""
    if request.full:
        return {}
    scopes = [known[unit.key] for unit in units if unit.key in known]
    return {
        scope.key: scope for scope in scopes if scope.status == "complete" and now - scope.scanned_at <= FRESH_SECONDS
    }


def startable(waiting: Sequence[Unit], running: Iterable[Unit], limits: Limits) -> tuple[list[Unit], list[Unit]]:
    """The waiting units that may start now, in order and without any level going over its limit; and the others."""
    active: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for unit in running:
        active[unit.account.account_id][unit.region] += 1
    free = limits.threads - sum(sum(regions.values()) for regions in active.values())
    started: list[Unit] = []
    left: list[Unit] = []
    for unit in waiting:
        if len(started) < free and _fits(unit, active, limits):
            active[unit.account.account_id][unit.region] += 1
            started.append(unit)
        else:
            left.append(unit)
    return started, left


def _fits(unit: Unit, active: Mapping[str, Mapping[str, int]], limits: Limits) -> bool:
    if unit.account.account_id not in active:
        return len(active) < limits.accounts
    regions = active[unit.account.account_id]
    if unit.region not in regions:
        return len(regions) < limits.regions
    return regions[unit.region] < limits.services


def _refuse_unknown(what: str, wanted: Iterable[str], known: Iterable[str]) -> None:
    unknown = sorted(set(wanted) - set(known))
    if unknown:
        raise InvalidInput(f"unknown {what}: {', '.join(unknown)}.", hint=f"Known: {', '.join(sorted(known))}.")
