"""Stores what was read, scope by scope, with what changed since before, and keeps count of it. One thread writes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from escher.contract.changes import Change, compared
from escher.contract.estate import Account, Resource, Scope
from escher.contract.marks import fitting
from escher.inventory.permitting import Asked, permitted
from escher.inventory.reading import Reading
from escher.inventory.report import Counts
from escher.providers.source import Unit
from escher.store.estate import EstateStore, ScopeResult
from escher.store.history import told


class Records(Protocol):
    """Where a course leaves what it read, and what it knows of earlier scans."""

    known: dict[str, Scope]

    def now(self) -> int:
        """The time, in Unix seconds."""
        ...

    def earlier(self, unit: Unit) -> Mapping[str, Resource]:
        """What is stored of a scope, by natural key."""
        ...

    def is_done(self, unit: Unit) -> bool:
        """Whether this very scan has seen a scope whole, before it was broken off."""
        ...

    def owned(self, account: Account) -> list[Resource]:
        """All that is known of an account by now."""
        ...

    def record(self, readings: Sequence[Reading]) -> list[Scope]:
        """Keep readings; what their scopes are now."""
        ...

    def permit(self, account: Account, asked: Asked) -> None:
        """Keep what may be done with the resources of an account."""
        ...


class Recorder:
    """Compares readings with what an earlier scan knew, and stores them."""

    def __init__(self, estate: EstateStore, scan_id: str, clock: Callable[[], float], *, cleanup: bool = True) -> None:
        self._estate, self._clock, self._cleanup = estate, clock, cleanup
        self.scan_id = scan_id
        self._marks = [mark for mark in estate.marks() if mark.effect == "ignore"]
        self.ignored = 0
        self.known = {scope.key: scope for scope in estate.scopes()}
        self.scopes: dict[str, Scope] = {}
        self.changes: Counter[str] = Counter()
        self._seen: dict[str, Counter[str]] = {"type": Counter(), "region": Counter(), "account": Counter()}

    @property
    def counts(self) -> Counts:
        """How many resources were seen."""
        types, regions, accounts = (dict(counter.most_common()) for counter in self._seen.values())
        return Counts(sum(types.values()), types, regions, accounts)

    def now(self) -> int:
        """The time, in Unix seconds."""
        return int(self._clock())

    def earlier(self, unit: Unit) -> Mapping[str, Resource]:
        """What is stored of a scope, by natural key."""
        return self._estate.in_scope(Scope(
            unit.declared.provider, unit.account.account_id, unit.region, unit.declared.name, "never"
        ))  # fmt: skip

    def is_done(self, unit: Unit) -> bool:
        """Whether this very scan has seen a scope whole, before it was broken off."""
        scope = self.known.get(unit.key)
        return scope is not None and scope.scan_id == self.scan_id and scope.status == "complete"

    def record(self, readings: Sequence[Reading]) -> list[Scope]:
        """Store readings in one transaction. Only a complete one takes away what was seen before and is not there now."""
        results = [self._result(reading) for reading in readings]
        self._estate.apply(results)
        for result in results:
            self.scopes[result.scope.key] = result.scope
            self._count(result.resources)
            self.changes.update(change.what for change in result.changes)
        return [result.scope for result in results]

    def owned(self, account: Account) -> list[Resource]:
        """All that is known of an account by now."""
        return [one for one in self._estate.by_account(account.account_id) if one.provider == account.provider]

    def permit(self, account: Account, asked: Asked) -> None:
        """Keep what may be done with the resources of an account, and what follows for them."""
        found = permitted(self.owned(account), asked, self._estate.marks())
        if found:
            self._estate.bulk_upsert(found)

    def _count(self, resources: Iterable[Resource]) -> None:
        for one in resources:
            self._seen["type"][one.resource_type] += 1
            self._seen["region"][one.region] += 1
            self._seen["account"][one.account_id] += 1

    def _result(self, reading: Reading) -> ScopeResult:
        scope = self._aged(reading.scope(self.now(), self.scan_id), reading)
        earlier = self.earlier(reading.unit)
        if reading.as_it_was:
            return ScopeResult(replace(scope, count=len(earlier)), (), cleanup=False)
        resources = self._without_ignored(reading.completed_by(earlier))
        return ScopeResult(
            scope,
            resources,
            self._cleanup and not reading.skimmed,
            self._changes(reading, earlier, resources),
            self.now(),
        )

    def _without_ignored(self, resources: list[Resource]) -> list[Resource]:
        """What the user wants in the estate."""
        kept = [one for one in resources if fitting(self._marks, "ignore", one) is None] if self._marks else resources
        self.ignored += len(resources) - len(kept)
        return kept

    def _changes(
        self, reading: Reading, earlier: Mapping[str, Resource], resources: Iterable[Resource]
    ) -> tuple[Change, ...]:
        """What is new, different and gone. What was never seen whole before has no before to compare with."""
        before = self.known.get(reading.unit.key)
        if before is None or not before.scanned_at:
            return ()
        now = {one.natural_key: one for one in resources}
        seen = {one.natural_key for one in reading.resources}
        gone = earlier.keys() - seen if reading.complete and self._cleanup else ()
        volatile = reading.unit.declared.volatile
        found = [compared(earlier.get(key), one, volatile) for key, one in now.items()]
        found += [compared(earlier[key], None) for key in gone]
        return tuple(known for change in found if change is not None and (known := told(change)) is not None)

    def _aged(self, scope: Scope, reading: Reading) -> Scope:
        """The age of a scope is that of the last scan which saw all of it; a skimmed one stays as whole as it was."""
        if scope.status == "complete":
            return scope
        before = self.known.get(scope.key)
        scope = replace(scope, scanned_at=before.scanned_at if before else 0)
        if reading.skimmed and not reading.failures and before is not None and before.status == "complete":
            return replace(scope, status="complete", error="")
        return scope
