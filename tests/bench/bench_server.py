"""The server beside a bare FastAPI application on the same models, and many streams at once (design.md section 6).

Throughput is per second of the server process's own processor time, which other processes do not disturb.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import psutil

from escher.contract.aggregates import AlertRequest
from escher.contract.context import AliasedResource, Count, EstateSummary, RequestContext
from tests.bench.load import drive, request

ROUNDS = 8
CONNECTIONS = 8
STREAMS = 200
KEY = "a-key-for-the-benchmark"
ALERT = AlertRequest(finding="public_storage", category="security", severity="high", production=True, affected=2)
QUESTION = RequestContext(
    message_id="0197c7f0-1f6a-7cc3-98c4-dc0c0c07398f",
    client_version="0.1.0",
    prompt="stop every dev instance in us-east-1",
    resources=tuple(
        AliasedResource(
            alias=f"r{1000 + number}",
            provider="aws",
            kind="compute_instance",
            resource_type="aws_ec2_instance",
            region="us-east-1",
            state="running",
            environment="dev",
        )
        for number in range(20)
    ),
    summary=EstateSummary(
        providers=(Count(value="aws", count=5_000),),
        resource_types=tuple(Count(value=f"aws_type_{number}", count=100) for number in range(20)),
        regions=(Count(value="us-east-1", count=2_000), Count(value="eu-west-1", count=2_000)),
    ),
)
Measurement = tuple[str, float, str, float | None]


@dataclass(frozen=True)
class Served:
    """A server that listens."""

    port: int
    process: psutil.Process

    def cpu_s(self) -> float:
        """The processor time that it has used."""
        times = self.process.cpu_times()
        return times.user + times.system


def benchmarks() -> Iterator[Measurement]:
    """Throughput (ratio at least 0.8) and p99 (at most 1.5) of two endpoints; streams."""
    with _serving("ours") as ours, _serving("bare") as bare:
        for path, body, each in (("/v1/alerts/analyse", ALERT, 150), ("/v1/intent", QUESTION, 80)):
            yield from _beside(path, request(path, KEY, body.model_dump_json().encode()), each, ours, bare)
        yield from _streams(ours.port)


def _beside(path: str, wire: bytes, each: int, ours: Served, bare: Served) -> Iterator[Measurement]:
    """Rounds in turn, so that both meet the same neighbours; the median of the rounds counts."""
    speeds: dict[Served, list[float]] = {ours: [], bare: []}
    slowest: dict[Served, list[float]] = {ours: [], bare: []}
    for round_ in range(ROUNDS + 1):
        for server in (ours, bare):
            before = server.cpu_s()
            times = drive(server.port, wire, CONNECTIONS, each)
            if round_:  # the first one warms up
                speeds[server].append(len(times) / (server.cpu_s() - before))
                slowest[server].append(statistics.quantiles(times, n=100)[98] * 1000)
    middle = statistics.median
    yield f"server: POST {path}", middle(speeds[ours]), "requests/CPU s", middle(speeds[bare])
    yield f"server: POST {path}, p99", middle(slowest[ours]), "ms", middle(slowest[bare])


def _streams(port: int) -> Iterator[Measurement]:
    """Two hundred questions at once, each to its `done`; and the first event of a question that is alone."""
    wire = request("/v1/chat", KEY, QUESTION.model_dump_json().encode())
    asyncio.run(_whole(port, wire))  # the playbooks that may be meant are embedded once
    alone = [asyncio.run(_first_event(port, wire)) * 1000 for _ in range(50)]
    yield "server: first event of a stream, p50", statistics.median(alone), "ms", 5
    began = perf_counter()
    ends = asyncio.run(_all(port, wire))
    yield f"server: {STREAMS} concurrent streams, whole", perf_counter() - began, "s", None
    yield f"server: {STREAMS} concurrent streams, ended well", sum(ends), "streams", STREAMS


async def _first_event(port: int, wire: bytes) -> float:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    began = perf_counter()
    writer.write(wire)
    await reader.readuntil(b"event: accepted")
    took = perf_counter() - began
    writer.close()
    return took


async def _all(port: int, wire: bytes) -> list[bool]:
    return await asyncio.gather(*(_whole(port, wire) for _ in range(STREAMS)))


async def _whole(port: int, wire: bytes) -> bool:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(wire)
    answer = b""
    while b"event: done" not in answer:
        part = await reader.read(65_536)
        if not part:
            break
        answer += part
    writer.close()
    return answer.startswith(b"HTTP/1.1 200") and b"event: done" in answer


@contextmanager
def _serving(which: str) -> Generator[Served]:
    """A server in a process of its own, its log in a file."""
    with tempfile.TemporaryDirectory() as home, Path(home, "log").open("w") as log:
        environment = {**os.environ, "ESCHER_API_KEY": KEY, "ESCHER_SERVER_HOME": home}
        command = [sys.executable, "-m", "tests.bench.served", which]
        process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=log, text=True)
        assert process.stdout is not None
        try:
            yield Served(int(process.stdout.readline()), psutil.Process(process.pid))
        finally:
            process.terminate()
            process.wait()
