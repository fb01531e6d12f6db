"""Reads one scope: every page, every record, and what could not be read of it. Runs in a worker thread."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass, replace
from threading import Event, Semaphore

from escher.contract.estate import Resource, Scope
from escher.errors import CredentialError
from escher.inventory.plan import Unit
from escher.providers.source import ReadFailed, Record, Sighting, Source

Failure = ReadFailed | CredentialError


@dataclass(frozen=True, slots=True)
class Workers:
    """Who looks at the details of records: for one scope at most `window` at once, none any more after `cancel`."""

    details: Executor
    window: int
    cancel: Event


@dataclass(frozen=True, slots=True)
class Reading:
    """What a worker saw of a scope. `unsure` are the keys of resources of which some detail could not be read."""

    unit: Unit
    resources: tuple[Resource, ...] = ()
    unsure: frozenset[str] = frozenset()
    failures: tuple[Failure, ...] = ()
    cancelled: bool = False
    duration_ms: int = 0

    @property
    def complete(self) -> bool:
        """Whether every page and every detail was read."""
        return not self.failures and not self.cancelled

    def scope(self, scanned_at: int) -> Scope:
        """What is recorded of the scope."""
        denied = [failure.permission for failure in self.failures if isinstance(failure, ReadFailed)]
        return Scope(
            provider=self.unit.declared.provider,
            account_id=self.unit.account.account_id,
            region=self.unit.region,
            resource_type=self.unit.declared.name,
            status="complete" if self.complete else "partial",
            count=len(self.resources),
            scanned_at=scanned_at,
            error=_in_words(self.failures),
            missing_permission=", ".join(dict.fromkeys(filter(None, denied))),
        )

    def completed_by(self, earlier: dict[str, Resource]) -> list[Resource]:
        """The resources, with what an earlier scan knew in place of what this one could not read."""
        return [
            _filled(resource, earlier.get(resource.natural_key)) if resource.natural_key in self.unsure else resource
            for resource in self.resources
        ]


def read_unit(source: Source, unit: Unit, workers: Workers) -> Reading:
    """Read a scope as far as it can be read; raises nothing that a provider causes."""
    started = time.monotonic()
    sightings: list[Sighting] = []
    failures: list[Failure] = []
    try:
        for records in source.pages(unit.account, unit.region, unit.declared):
            sightings += _look(source, unit, records, workers)
            if workers.cancel.is_set():
                break
    except (ReadFailed, CredentialError) as cause:
        failures.append(cause)
    return Reading(
        unit=unit,
        resources=tuple(sighting.resource for sighting in sightings if sighting.resource),
        unsure=frozenset(seen.resource.natural_key for seen in sightings if seen.resource and seen.failures),
        failures=(*failures, *(failure for sighting in sightings for failure in sighting.failures)),
        cancelled=workers.cancel.is_set(),
        duration_ms=int((time.monotonic() - started) * 1_000),
    )


def _look(source: Source, unit: Unit, records: Sequence[Record], workers: Workers) -> list[Sighting]:
    def look(record: Record) -> Sighting:
        if workers.cancel.is_set():
            return Sighting(None)
        return source.look(unit.account, unit.region, unit.declared, record)

    if not unit.declared.details:
        return [look(record) for record in records]
    room = Semaphore(workers.window)
    futures: list[Future[Sighting]] = []
    for record in records:
        room.acquire()
        future = workers.details.submit(look, record)
        future.add_done_callback(lambda _: room.release())
        futures.append(future)
    return [future.result() for future in futures]


def _in_words(failures: Iterable[Failure]) -> str:
    counts = Counter(str(failure) for failure in failures)
    return " ".join(f"{sentence} ({count} times)" if count > 1 else sentence for sentence, count in counts.items())


def _filled(resource: Resource, earlier: Resource | None) -> Resource:
    if earlier is None:
        return resource
    return replace(
        resource,
        tags=resource.tags or earlier.tags,
        name=resource.name if resource.tags else earlier.name,
        state=earlier.state if resource.state == "unknown" else resource.state,
        native_state=resource.native_state or earlier.native_state,
        attributes=earlier.attributes | resource.attributes,
    )
