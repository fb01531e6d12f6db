"""How often a tenant may ask: in a minute, over windows, over several processes, over HTTP and WebSocket."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random

import httpx
from starlette.testclient import TestClient

from escher.client.embedded import EmbeddedTransport
from escher.contract.events import EVENT, Done, Failed
from escher_server.runtime.rate import MINUTE_S, Rates, Window, admit
from tests.server.conftest import KEY, context

BEARER = {"authorization": f"Bearer {KEY}"}


def test_who_waits_as_told_is_admitted() -> None:
    """In any pattern of asking, a refused request that comes back after its wait is let in."""
    for seed in range(200):
        chance = Random(seed)
        window, now, limit = Window(), 1_000.0, chance.randint(1, 7)
        for _ in range(60):
            now += chance.choice((0, 0.1, 1, 7, 31, 60, 130)) * chance.random()
            window, wait = admit(window, now, limit)
            if wait:
                now += wait
                window, again = admit(window, now, limit)
                assert again == 0


def test_no_more_than_the_limit_at_once_nor_in_any_minute() -> None:
    """Sixty come through at once, none after them; asked all the time, no minute holds more."""
    window, limit, admitted = Window(), 60, list[float]()
    for tick in range(3_000):
        now = 1_000 + tick * 0.1
        window, wait = admit(window, now, limit)
        if not wait:
            admitted.append(now)
    assert [moment < 1_006.01 for moment in admitted[:61]] == [True] * 60 + [False]
    busiest = max(sum(start <= moment < start + MINUTE_S for moment in admitted) for start in admitted)
    assert (busiest, len(admitted)) == (limit, limit * 5)


def test_tenants_are_counted_apart_and_workers_together(tmp_path: Path) -> None:
    """Two counters over one file are one; another tenant has a count of its own."""
    counts = tmp_path / "counts"
    counts.touch()
    one, two = (Rates(4, counts, clock=lambda: 1_000.0) for _ in range(2))
    waits = [rates.wait(tenant) for _ in range(3) for rates in (one, two) for tenant in ("acme", "globex")]
    assert waits == [0] * 8 + [61] * 4


def test_more_tenants_than_places_still_have_a_count() -> None:
    """Nobody is locked out, and who asks all the time is refused in the end."""
    now = 1_000.0
    rates = Rates(1, clock=lambda: now)
    for number in range(10_000):
        now += 0.001
        assert rates.wait(f"tenant-{number}") == 0
    assert rates.wait("tenant-9999") > 0


async def test_too_many_requests_are_429_with_the_time_to_wait(refused_soon: Callable[[], object]) -> None:
    """Before the body is read, and whatever the body is; health goes on."""
    app = refused_soon()
    async with httpx.AsyncClient(transport=EmbeddedTransport(app), base_url="http://x") as client:  # pyright: ignore
        answers = [await client.post("/v1/intent", content=b"zebra", headers=BEARER) for _ in range(3)]
        assert [answer.status_code for answer in answers] == [422, 422, 429]
        assert answers[-1].json()["code"] == "rate_limited" and 1 <= int(answers[-1].headers["retry-after"]) <= 61
        assert (await client.get("/v1/health")).status_code == 200
        assert (await client.post("/v1/intent", content=b"zebra")).status_code == 401


def test_messages_of_a_websocket_count_as_requests(refused_soon: Callable[[], object]) -> None:
    """The hand-shake is one, each question another; the refusal is an event, and the connection stays."""
    app = refused_soon()
    with TestClient(app).websocket_connect("/v1/ws", headers=BEARER) as socket:  # pyright: ignore
        last: list[object] = []
        for _ in range(2):
            socket.send_text(context("list all buckets").model_dump_json())
            event = EVENT.validate_json(socket.receive_text())
            while not isinstance(event, Done | Failed):
                event = EVENT.validate_json(socket.receive_text())
            last.append(event)
    assert isinstance(last[0], Done)
    assert isinstance(last[1], Failed) and (last[1].code, last[1].retryable) == ("rate_limited", True)


async def test_the_embedded_server_counts_nobody(http: httpx.AsyncClient) -> None:
    """A notebook asks as often as it likes."""
    assert {(await http.get("/v1/version")).status_code for _ in range(100)} == {200}
