"""How fast a cloud is asked: caps, slowing down, trying again; judged by counts, never by the clock."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from escher.providers.pacing import Pacer, Place, TimedOut, Trouble

HERE, THERE = Place("aws", "1", "us-east-1", "ec2"), Place("aws", "1", "eu-west-1", "ec2")


class Throttled(Exception):
    """The provider wants to be asked less."""


def judged(cause: Exception) -> Trouble:
    """What the tests' failures call for."""
    return "throttled" if isinstance(cause, Throttled) else "transient" if isinstance(cause, TimedOut) else "final"


class Cloud:
    """Counts what is open; fails as told."""

    def __init__(self, failures: int = 0, cause: type[Exception] = Throttled) -> None:
        self.open = self.most = self.calls = 0
        self._failures, self._cause = failures, cause

    async def answer(self) -> str:
        self.open, self.calls = self.open + 1, self.calls + 1
        self.most = max(self.most, self.open)
        await asyncio.sleep(0)
        self.open -= 1
        if self.calls <= self._failures:
            raise self._cause
        return "yes"


def fast(**settings: int) -> Pacer:
    """A pacer whose waits are short."""
    return Pacer(**settings, first_wait_s=0.001, random_=lambda: 0.5)  # pyright: ignore[reportArgumentType] whole numbers


async def many(pacer: Pacer, send: Callable[[], Awaitable[str]], number: int, *places: Place) -> list[str]:
    """So many calls at once, spread over places."""
    return await asyncio.gather(*(pacer.call(places[n % len(places)], send, judged) for n in range(number)))


async def test_no_more_are_open_than_allowed_in_all() -> None:
    """However many places there are."""
    cloud, pacer = Cloud(), fast(most=7)
    await many(pacer, cloud.answer, 100, HERE, THERE)
    assert (cloud.most, cloud.calls, pacer.calls) == (7, 100, 100)


async def test_no_more_are_open_than_allowed_at_a_place() -> None:
    """One service of one region has a limit of its own."""
    cloud = Cloud()
    await many(fast(most_at_a_place=3), cloud.answer, 50, HERE)
    assert cloud.most == 3


async def test_throttling_halves_the_limit_of_its_place_only() -> None:
    """The others go on as before, and nothing is lost."""
    pacer = fast(most_at_a_place=8)
    assert await pacer.call(HERE, Cloud(failures=1).answer, judged) == "yes"
    assert (pacer.limit(HERE), pacer.limit(THERE), pacer.throttled) == (4, 8, 1)


async def test_a_place_recovers() -> None:
    """Each round of calls that go through makes room for one more."""
    pacer = fast(most_at_a_place=8)
    await pacer.call(HERE, Cloud(failures=1).answer, judged)
    await many(pacer, Cloud().answer, 60, HERE)
    assert pacer.limit(HERE) == 8


async def test_a_final_failure_is_not_tried_again() -> None:
    """What was refused stays refused."""
    cloud = Cloud(failures=9, cause=PermissionError)
    with pytest.raises(PermissionError):
        await fast().call(HERE, cloud.answer, judged)
    assert cloud.calls == 1


async def test_patience_ends() -> None:
    """Who is throttled for ever says so."""
    cloud = Cloud(failures=99)
    with pytest.raises(Throttled):
        await fast().call(HERE, cloud.answer, judged)
    assert cloud.calls == 10


async def test_an_answer_that_does_not_come_is_given_up() -> None:
    """And asked for again, a few times."""
    calls: list[int] = []

    async def hang() -> str:
        calls.append(1)
        await asyncio.Event().wait()
        return "never"

    with pytest.raises(TimedOut):
        await fast().call(HERE, hang, judged, timeout_s=0.001)
    assert len(calls) == 5


async def test_a_cancelled_call_leaves_its_place() -> None:
    """Whoever waits behind it gets its turn."""
    pacer, gate = fast(most_at_a_place=1), asyncio.Event()

    async def held() -> str:
        await gate.wait()
        return "held"

    first = asyncio.create_task(pacer.call(HERE, held, judged))
    waiting = asyncio.create_task(pacer.call(HERE, Cloud().answer, judged))
    last = asyncio.create_task(pacer.call(HERE, Cloud().answer, judged))
    await asyncio.sleep(0.01)
    waiting.cancel()
    first.cancel()
    assert await last == "yes"


async def test_each_kind_of_trouble_has_tries_of_its_own() -> None:
    """A connection that breaks after much throttling is no reason to give up."""
    causes: list[Exception] = [Throttled(), TimedOut(), *(Throttled() for _ in range(6)), TimedOut(), TimedOut()]

    async def answer() -> str:
        if causes:
            raise causes.pop()
        return "yes"

    assert await fast().call(HERE, answer, judged) == "yes"
    assert causes == []


async def test_no_attempt_takes_longer_than_the_pacer_allows() -> None:
    """Whatever the call itself would allow."""

    async def hang() -> str:
        await asyncio.Event().wait()
        return "never"

    with pytest.raises(TimedOut):
        await Pacer(first_wait_s=0.001, answer_s=0.001).call(HERE, hang, judged, timeout_s=3_600)
