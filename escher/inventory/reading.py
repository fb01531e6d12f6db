"""Reads scopes: every page, every record, and what could not be read of them."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b

import orjson

from escher.contract.estate import Resource, Scope
from escher.errors import CredentialError
from escher.providers.declarations import ResourceType
from escher.providers.mapping import text
from escher.providers.source import ReadFailed, Record, Sighting, Source, Unit

Failure = ReadFailed | CredentialError

NO_DETAILS = "a quick scan reads no details."


@dataclass(frozen=True, slots=True)
class Reading:
    """What was seen of a scope. `unsure` are the keys of resources of which some detail could not be read.

    `skimmed`: details were left out on purpose. `as_it_was`: nothing was read, as nothing was changed.
    """

    unit: Unit
    resources: tuple[Resource, ...] = ()
    unsure: frozenset[str] = frozenset()
    failures: tuple[Failure, ...] = ()
    skimmed: bool = False
    as_it_was: bool = False
    duration_ms: int = 0

    @property
    def complete(self) -> bool:
        """Whether every page and every detail was read."""
        return not self.failures and not self.skimmed

    def scope(self, scanned_at: int, scan_id: str) -> Scope:
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
            error=_in_words(self.failures) or (NO_DETAILS if self.skimmed else ""),
            missing_permission=", ".join(dict.fromkeys(filter(None, denied))),
            scan_id=scan_id,
        )

    def completed_by(self, earlier: Mapping[str, Resource]) -> list[Resource]:
        """The resources, with what an earlier scan knew in place of what this one could not read or never reads."""
        return [self._completed(resource, earlier.get(resource.natural_key)) for resource in self.resources]

    def _completed(self, resource: Resource, earlier: Resource | None) -> Resource:
        if earlier is None or resource is earlier:
            return resource
        if resource.natural_key in self.unsure:
            resource = _filled(resource, earlier)
        return replace(resource, iam=earlier.iam, constraints=earlier.constraints | resource.constraints)


@dataclass(slots=True)
class BatchReader:
    """Reads scopes that share their calls.

    `known` is what is stored of each; with `lean` a record that its list tells nothing new about, and that is not among
    those `touched` (None: nobody can say which), is taken from there, without its details. `quick` leaves details out.
    `quota` is how many records of a scope are taken, `details` how many are looked at at once.
    """

    source: Source
    known: Mapping[Unit, Mapping[str, Resource]]
    touched: Mapping[Unit, frozenset[str] | None] = field(default_factory=dict)
    lean: bool = False
    quick: bool = False
    quota: int = 50_000
    details: int = 50
    _records: Counter[Unit] = field(default_factory=Counter)
    _sightings: dict[Unit, list[Sighting]] = field(default_factory=dict)
    _failures: dict[Unit, list[Failure]] = field(default_factory=dict)

    async def read(self, batch: tuple[Unit, ...]) -> list[Reading]:
        """Read a batch as far as it can be read; raises nothing that a provider causes."""
        started = time.monotonic()
        try:
            async for page in self.source.pages(batch):
                for unit, records in page.records.items():
                    await self._take(unit, records)
                for unit, failure in page.failures.items():
                    self._failures.setdefault(unit, []).append(failure)
                if len(batch) == 1 and self._records[batch[0]] > self.quota:
                    break
        except (ReadFailed, CredentialError) as cause:
            for unit in batch:
                self._failures.setdefault(unit, []).append(cause)
        duration_ms = int((time.monotonic() - started) * 1_000)
        return [self._reading(unit, duration_ms) for unit in batch]

    async def _take(self, unit: Unit, records: Sequence[Record]) -> None:
        room = self.quota - self._records[unit]
        self._records[unit] += len(records)
        if len(records) > room:
            records = records[: max(0, room)]
            if unit not in self._failures:
                self._failures[unit] = [_flooded(unit, self.quota)]
        seen = self._sightings.setdefault(unit, [])
        if not unit.declared.details or self.quick:
            seen += [await self.source.look(unit, record, details=False) for record in records]
            return
        earlier = _by_fingerprint(self.known.get(unit, {})) if self.lean else {}
        limit = asyncio.Semaphore(self.details)
        async with asyncio.TaskGroup() as group:
            looking = [group.create_task(self._look(unit, record, earlier, limit)) for record in records]
        failed = [task.result() for task in looking if isinstance(task.result(), CredentialError)]
        seen += [found for task in looking if isinstance(found := task.result(), Sighting)]
        if failed:
            raise failed[0]  # pyright: ignore[reportGeneralTypeIssues] only credential errors are in the list

    async def _look(
        self, unit: Unit, record: Record, earlier: Mapping[tuple[str, str], Resource], limit: asyncio.Semaphore
    ) -> Sighting | CredentialError:
        mark = fingerprint(record)
        known = earlier.get((text(record, unit.declared.identifier), mark))
        if known is not None and not self._is_touched(unit, known):
            return Sighting(known)
        async with limit:
            try:
                sighting = await self.source.look(unit, record)
            except CredentialError as cause:
                # An error in a task would end its siblings; what they see is kept instead.
                return cause
        if sighting.resource is None:
            return sighting
        return replace(sighting, resource=replace(sighting.resource, fingerprint=mark))

    def _is_touched(self, unit: Unit, known: Resource) -> bool:
        names = self.touched.get(unit)
        return names is not None and bool({known.identifier, known.name, known.resource_id} & names)

    def _reading(self, unit: Unit, duration_ms: int) -> Reading:
        sightings = self._sightings.get(unit, [])
        unsure = {seen.resource.natural_key for seen in sightings if seen.resource and seen.failures}
        failures = [*self._failures.get(unit, ()), *(failure for seen in sightings for failure in seen.failures)]
        resources = tuple(seen.resource for seen in sightings if seen.resource)
        skimmed = self.quick and bool(unit.declared.details)
        return Reading(
            unit=unit,
            resources=resources,
            unsure=frozenset(one.natural_key for one in resources) if skimmed else frozenset(unsure),
            failures=tuple(failures),
            skimmed=skimmed,
            duration_ms=duration_ms,
        )


def fingerprint(record: Record) -> str:
    """A hash of a record as its list call gave it: 16 hexadecimal digits."""
    packed = orjson.dumps(record, default=str, option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS)
    return blake2b(packed, digest_size=8).hexdigest()


def _by_fingerprint(known: Mapping[str, Resource]) -> dict[tuple[str, str], Resource]:
    return {(one.identifier, one.fingerprint): one for one in known.values() if one.fingerprint}


def _flooded(unit: Unit, quota: int) -> ReadFailed:
    declared: ResourceType = unit.declared
    message = f"QuotaReached: more than {quota:,} of {declared.name} in {unit.region}; the first {quota:,} were taken."
    return ReadFailed(message, native_code="QuotaReached")


def _in_words(failures: Iterable[Failure]) -> str:
    counts = Counter(str(failure) for failure in failures)
    return " ".join(f"{sentence} ({count} times)" if count > 1 else sentence for sentence, count in counts.items())


def _filled(resource: Resource, earlier: Resource) -> Resource:
    return replace(
        resource,
        tags=resource.tags or earlier.tags,
        name=resource.name if resource.tags else earlier.name,
        state=earlier.state if resource.state == "unknown" else resource.state,
        native_state=resource.native_state or earlier.native_state,
        attributes=earlier.attributes | resource.attributes,
        relations=earlier.relations | resource.relations,
    )
