"""Scans on many machines: accounts are the unit, and each worker enters its accounts by itself.

No credential travels: a worker needs a configuration of its own by which the account's profile and roles can be assumed.
What it read comes back and is stored here, by the same code as in a scan of one process.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from escher.contract.estate import Account, Resource, Scope
from escher.errors import CredentialError
from escher.inventory.course import Course
from escher.inventory.permitting import Asked
from escher.inventory.plan import Limits, ScanRequest, chosen_types
from escher.inventory.progress import ScanProgress
from escher.inventory.reading import Failure, Reading
from escher.inventory.recording import Recorder
from escher.providers.clouds import Clouds
from escher.providers.registry import resource_types
from escher.providers.source import ReadFailed, Unit


class Executor(Protocol):
    """`dask.distributed.Client`, as far as a scan needs it."""

    def submit(self, function: Any, *arguments: Any, pure: bool) -> Any:
        """A future of the function's result on some worker."""
        ...


@dataclass(frozen=True, slots=True)
class Told:
    """A failure, as it travels: kind, sentence, hint, the provider's code and the missing permission."""

    kind: str
    message: str
    hint: str
    native_code: str = ""
    permission: str = ""

    @classmethod
    def of(cls, failure: Failure) -> Told:
        """What is told of a failure."""
        if isinstance(failure, ReadFailed):
            return cls("read", failure.message, failure.hint, failure.native_code, failure.permission)
        return cls("credential", failure.message, failure.hint)

    def failure(self) -> Failure:
        """The failure again."""
        if self.kind == "read":
            return ReadFailed(self.message, native_code=self.native_code, permission=self.permission, hint=self.hint)
        return CredentialError(self.message, hint=self.hint)


@dataclass(frozen=True, slots=True)
class Seen:
    """What a worker saw of a scope."""

    region: str
    resource_type: str
    resources: tuple[Resource, ...]
    unsure: frozenset[str]
    failures: tuple[Told, ...]
    skimmed: bool
    as_it_was: bool
    duration_ms: int


@dataclass(slots=True)
class Part:
    """What a worker saw of an account: its scopes, notices, how many calls that took; `at`: when it asked for permissions."""

    seen: list[Seen] = field(default_factory=list)
    at: int = 0
    verdicts: Mapping[str, Mapping[str, bool]] = field(default_factory=dict)
    refused: Told | None = None
    notices: list[str] = field(default_factory=list)
    calls: int = 0
    throttled: int = 0

    def asked(self) -> Asked:
        """What the provider said of permissions."""
        return Asked(self.at, self.verdicts, self.refused.failure() if self.refused else None)


@dataclass(frozen=True, slots=True)
class Errand:
    """What a worker is sent to read: an account, and what is stored of it."""

    account: Account
    request: ScanRequest
    scan_id: str
    limits: Limits
    scopes: tuple[Scope, ...] = ()
    known: tuple[Resource, ...] = ()


def read_account(errand: Errand) -> Part:
    """Read one account, on a worker."""
    account, request = errand.account, errand.request
    collected = _Collected(errand)
    pacer = errand.limits.pacer()

    async def read() -> list[str]:
        source = Clouds().source(account.provider, pacer, time.time)
        told = ScanProgress(errand.scan_id, request.scan_type, lambda event: None, time.time)
        types = chosen_types(resource_types(), request)
        course = Course({account.provider: source}, request, types, collected, told, errand.limits)
        try:
            await course.run([account])
        finally:
            await source.close()
        return course.notices

    collected.part.notices = asyncio.run(read())
    collected.part.calls, collected.part.throttled = pacer.calls, pacer.throttled
    return collected.part


def errands(accounts: Iterable[Account], request: ScanRequest, recorder: Recorder, limits: Limits) -> list[Errand]:
    """One for each account; an earlier state travels only where a scan compares with it."""
    lean = request.depth == "incremental"
    return [
        Errand(
            account,
            request,
            recorder.scan_id,
            limits,
            tuple(scope for scope in recorder.known.values() if scope.account_id == account.account_id),
            tuple(recorder.owned(account)) if lean else (),
        )
        for account in accounts
    ]


async def spread(executor: Executor, sent: Iterable[Errand], recorder: Recorder, told: ScanProgress) -> list[Part]:
    """Read accounts on the workers of an executor, and store each as it comes back."""
    writing = asyncio.Lock()

    async def one(errand: Errand) -> Part:
        future = executor.submit(read_account, errand, pure=False)
        try:
            part: Part = await asyncio.to_thread(future.result)
        except asyncio.CancelledError:
            future.cancel()
            raise
        readings = [_reading(errand.account, seen) for seen in part.seen]
        told.planned([reading.unit for reading in readings])
        async with writing:
            stored = await asyncio.to_thread(recorder.record, readings)
            if part.at:
                await asyncio.to_thread(recorder.permit, errand.account, part.asked())
        for reading, scope in zip(readings, stored, strict=True):
            told.unit_done(reading, scope)
        return part

    return list(await asyncio.gather(*map(one, sent)))


class _Collected:
    """`Records` on a worker: nothing is stored there."""

    def __init__(self, errand: Errand) -> None:
        self.known = {scope.key: scope for scope in errand.scopes}
        self.part = Part()
        self._scan_id, self._known = errand.scan_id, {one.natural_key: one for one in errand.known}

    def now(self) -> int:
        return int(time.time())

    def earlier(self, unit: Unit) -> Mapping[str, Resource]:
        return {key: one for key, one in self._known.items() if one.resource_type == unit.declared.name}

    def is_done(self, unit: Unit) -> bool:
        scope = self.known.get(unit.key)
        return scope is not None and scope.scan_id == self._scan_id and scope.status == "complete"

    def owned(self, account: Account) -> list[Resource]:
        return list(self._known.values())

    def record(self, readings: Sequence[Reading]) -> list[Scope]:
        for reading in readings:
            self._known |= {one.natural_key: one for one in reading.resources}
            self.part.seen.append(_seen(reading))
        return [reading.scope(self.now(), self._scan_id) for reading in readings]

    def permit(self, account: Account, asked: Asked) -> None:
        self.part.at, self.part.verdicts = asked.at, {key: dict(found) for key, found in asked.verdicts.items()}
        self.part.refused = Told.of(asked.failure) if asked.failure else None


def _seen(reading: Reading) -> Seen:
    return Seen(
        region=reading.unit.region,
        resource_type=reading.unit.declared.name,
        resources=reading.resources,
        unsure=reading.unsure,
        failures=tuple(map(Told.of, reading.failures)),
        skimmed=reading.skimmed,
        as_it_was=reading.as_it_was,
        duration_ms=reading.duration_ms,
    )


def _reading(account: Account, seen: Seen) -> Reading:
    return Reading(
        unit=Unit(account, seen.region, resource_types()[seen.resource_type]),
        resources=seen.resources,
        unsure=seen.unsure,
        failures=tuple(told.failure() for told in seen.failures),
        skimmed=seen.skimmed,
        as_it_was=seen.as_it_was,
        duration_ms=seen.duration_ms,
    )
