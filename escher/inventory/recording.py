"""Stores what was read, scope by scope, and keeps count of it. One thread writes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from escher.contract.estate import Resource, Scope
from escher.inventory.reading import Reading
from escher.store.estate import EstateStore, ScopeResult


class Recorder:
    """Compares readings with what an earlier scan knew, and stores them."""

    def __init__(self, estate: EstateStore, clock: Callable[[], float]) -> None:
        self._estate = estate
        self._clock = clock
        self.known = {scope.key: scope for scope in estate.scopes()}
        self.seen: list[Resource] = []
        self.scopes: list[Scope] = []
        self.deleted = 0

    def now(self) -> int:
        """The time, in Unix seconds."""
        return int(self._clock())

    def record(self, readings: Iterable[Reading]) -> list[Scope]:
        """Store readings in one transaction. Only a complete one takes away what was seen before and is not there now."""
        results = [self._result(reading) for reading in readings]
        self.deleted += self._estate.apply(results).deleted
        for result in results:
            self.seen += result.resources
            self.scopes.append(result.scope)
        return [result.scope for result in results]

    def _result(self, reading: Reading) -> ScopeResult:
        scope = self._aged(reading.scope(self.now()))
        return ScopeResult(scope, reading.completed_by(self._estate.in_scope(scope)))

    def _aged(self, scope: Scope) -> Scope:
        """The age of a scope is that of the last scan which saw all of it."""
        if scope.status == "complete":
            return scope
        before = self.known.get(scope.key)
        return replace(scope, scanned_at=before.scanned_at if before else 0)
