"""How fast a cloud is asked: a cap on what is open in all, a limit a place that adapts, retries with jitter, time-outs.

A place is provider × account × region × service: that is what providers throttle by. Its limit falls to half when the
provider throttles, and grows by one for each round of calls that go through, as congestion control does in networks.
Used from one event loop.
"""

from __future__ import annotations

import asyncio
import math
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Literal, TypeVar

Answer = TypeVar("Answer")
Trouble = Literal["throttled", "transient", "final"]
"""What a failed call calls for: slower and again, again, or nothing more."""

OPEN_REQUESTS = 200
MOST_AT_A_PLACE = 50
TRIES = 5
THROTTLED_TRIES = 10
FIRST_WAIT_S = 0.2
LONGEST_WAIT_S = 20.0
TIMEOUT_S = 120


class TimedOut(Exception):
    """A call was given up after its time was over."""


@dataclass(frozen=True, slots=True)
class Place:
    """What a provider counts calls by."""

    provider: str
    account_id: str
    region: str
    service: str


@dataclass(slots=True)
class _Lane:
    """The calls to one place: how many may be open, and who waits."""

    limit: float
    open: int = 0
    resting_until: float = 0.0
    slowed_at: float = 0.0
    waiting: list[asyncio.Future[None]] = field(default_factory=list)


class Pacer:
    """Hands out permits for calls and tries them again.

    No attempt takes longer than `answer_s`; `random_` yields numbers from 0 to 1 for the jitter.
    """

    def __init__(
        self,
        most: int = OPEN_REQUESTS,
        most_at_a_place: int = MOST_AT_A_PLACE,
        *,
        first_wait_s: float = FIRST_WAIT_S,
        answer_s: float = math.inf,
        random_: Callable[[], float] = random.random,
    ) -> None:
        self._room = asyncio.Semaphore(most)
        self._most_at_a_place = most_at_a_place
        self._first_wait_s, self._answer_s, self._random = first_wait_s, answer_s, random_
        self._lanes: dict[Place, _Lane] = {}
        self.calls = self.throttled = self.retried = 0

    async def call(
        self,
        place: Place,
        send: Callable[[], Awaitable[Answer]],
        trouble: Callable[[Exception], Trouble],
        *,
        wait_hint: Callable[[Exception], float] = lambda cause: 0.0,
        timeout_s: float = TIMEOUT_S,
    ) -> Answer:
        """Send when there is room, and again while it makes sense; the last failure is raised as it is.

        `trouble` says what a failure calls for; `wait_hint` how long the provider wants to be left alone (seconds).
        Raises TimedOut when an attempt took longer than `timeout_s`, and no other attempt did better.
        """
        lane = self._lanes.setdefault(place, _Lane(float(self._most_at_a_place)))
        met: Counter[Trouble] = Counter()
        while True:
            try:
                return await self._once(lane, send, min(timeout_s, self._answer_s))
            except Exception as cause:
                met[trouble(cause)] += 1
                wait = self._before_next(lane, trouble(cause), met, wait_hint(cause))
                if wait is None:
                    raise
                self.retried += 1
                await asyncio.sleep(wait)

    def limit(self, place: Place) -> int:
        """How many calls may be open at a place now."""
        lane = self._lanes.get(place)
        return int(lane.limit) if lane else self._most_at_a_place

    async def _once(self, lane: _Lane, send: Callable[[], Awaitable[Answer]], timeout_s: float) -> Answer:
        await self._enter(lane)
        try:
            async with self._room:
                self.calls += 1
                async with asyncio.timeout(timeout_s):
                    answer = await send()
        except TimeoutError as cause:
            raise TimedOut(f"no answer within {timeout_s:g} s") from cause
        finally:
            self._leave(lane)
        lane.limit = min(float(self._most_at_a_place), lane.limit + 1 / max(1.0, lane.limit))
        return answer

    async def _enter(self, lane: _Lane) -> None:
        loop = asyncio.get_running_loop()
        while True:
            rest = lane.resting_until - loop.time()
            if rest > 0:
                await asyncio.sleep(rest * (1 + 0.2 * self._random()))
            elif lane.open < int(lane.limit):
                lane.open += 1
                return
            else:
                turn: asyncio.Future[None] = loop.create_future()
                lane.waiting.append(turn)
                try:
                    await turn
                finally:
                    if turn in lane.waiting:
                        lane.waiting.remove(turn)

    def _leave(self, lane: _Lane) -> None:
        lane.open -= 1
        free = int(lane.limit) - lane.open
        while free > 0 and lane.waiting:
            turn = lane.waiting.pop(0)
            if not turn.done():
                turn.set_result(None)
                free -= 1

    def _before_next(self, lane: _Lane, trouble: Trouble, met: Counter[Trouble], hint: float) -> float | None:
        """How long to wait before the next attempt, in seconds; None: there is none.

        Each kind of trouble has tries of its own: who was throttled often may still meet a broken connection.
        """
        if trouble == "throttled":
            self.throttled += 1
            self._slow_down(lane, hint)
        most = THROTTLED_TRIES if trouble == "throttled" else TRIES
        if trouble == "final" or met[trouble] >= most:
            return None
        ceiling = min(LONGEST_WAIT_S, self._first_wait_s * 2 ** (met.total() - 1))
        return max(hint, ceiling * (0.5 + 0.5 * self._random()))

    def _slow_down(self, lane: _Lane, hint: float) -> None:
        """Half as many at once, but once for all calls that were open together."""
        now = asyncio.get_running_loop().time()
        lane.resting_until = max(lane.resting_until, now + hint)
        if now - lane.slowed_at >= self._first_wait_s:
            lane.slowed_at = now
            lane.limit = max(1.0, lane.limit / 2)
